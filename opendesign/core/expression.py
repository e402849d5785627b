"""Expressions that follow from parameters: told from other code, and worked out without running any."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from opendesign.core.slider import tidy
from opendesign.core.value import LARGEST, Value

LONGEST = 200  # characters; more than that is no formula that a person reads beside a slider
# fmt: off
ANGLES = ("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "radians", "degrees")
MATH = {name: getattr(math, name) for name in (
    *ANGLES, "sqrt", "hypot", "floor", "ceil", "trunc", "fabs", "fmod", "copysign", "pow", "exp", "log", "log10",
)}
# fmt: on
CALLS: dict[str, Callable] = {
    **{name: call for name, call in MATH.items() if name != "pow"},
    **{f"math.{name}": call for name, call in MATH.items()},
    **{"min": min, "max": max, "abs": abs, "round": round, "int": int, "float": float, "sum": sum, "len": len},
}
CONSTANTS = {f"{prefix}{name}": getattr(math, name) for prefix in ("", "math.") for name in ("pi", "tau", "e")}
BINARY: dict[type, Callable] = {
    **{ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv},
    **{ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod},
}
UNARY: dict[type, Callable] = {ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Not: operator.not_}
COMPARED: dict[type, Callable] = {
    **{ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le},
    **{ast.Gt: operator.gt, ast.GtE: operator.ge},
}
OPERATORS = (*BINARY, ast.Pow, *UNARY, *COMPARED, ast.And, ast.Or, ast.Load)
PLAIN = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Tuple, ast.List)
Unknown = (LookupError, TypeError, ValueError, ArithmeticError, RecursionError, SyntaxError, MemoryError)


def is_arithmetic(node: ast.AST) -> bool:
    """Says whether an expression has only names, literals, operators, and calls of known functions of numbers."""
    is_short = next(islice(ast.walk(node), LONGEST, None), None) is None  # also keeps the way down the tree short
    return is_short and _is_arithmetic(node)


def _is_arithmetic(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool | int | float | str)
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        return bool(dotted(node)) or (isinstance(node, ast.Subscript) and _is_place(node))
    if isinstance(node, ast.Call):
        return dotted(node.func) in CALLS and not node.keywords and all(map(_is_arithmetic, node.args))
    if isinstance(node, PLAIN):
        return all(map(_is_arithmetic, ast.iter_child_nodes(node)))
    return isinstance(node, OPERATORS)


def dotted(node: ast.AST) -> str:
    """The name a node reads, `P.width` also for `P["width"]`; empty for anything else."""
    words: list[str] = []
    while not isinstance(node, ast.Name):
        key = node.slice.value if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) else None
        if isinstance(node, ast.Attribute):
            words.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript) and isinstance(key, str) and key.isidentifier():
            words.append(key)
            node = node.value
        else:
            return ""
    return ".".join([node.id, *reversed(words)])


def names_in(expression: str) -> frozenset[str]:
    """The names an expression reads, those of functions and of numbers such as pi left out."""
    try:
        return _names(ast.parse(expression, mode="eval").body)
    except Unknown:
        return frozenset()


def evaluate(expression: str, known: Mapping[str, Value]) -> Value | None:
    """The value of an arithmetic expression over known names; None where it cannot be worked out.

    Nothing is run: the tree is walked, powers and results are bounded to 1e9.
    """
    if len(expression) > LONGEST:
        return None
    try:
        return _tidied(_value(ast.parse(expression, mode="eval").body, known))
    except Unknown:
        return None


def _is_place(node: ast.Subscript) -> bool:
    key = node.slice.value if isinstance(node.slice, ast.Constant) else 0
    is_number = isinstance(key, int) and not isinstance(node.slice, ast.Tuple)
    return bool(dotted(node.value)) and is_number and _is_arithmetic(node.slice)


def _names(node: ast.AST) -> frozenset[str]:
    if found := dotted(node):
        return frozenset() if found in CONSTANTS else frozenset([found])
    children = node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node)
    return frozenset().union(*map(_names, children))


def _tidied(value: Any) -> Value:
    if isinstance(value, tuple):
        if not value or not all(isinstance(each, int | float) for each in value):
            raise ValueError
        return tuple(_number(each) for each in value)
    return value if isinstance(value, bool | str) else _number(value)


def _number(value: Any) -> int | float:
    if not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise ValueError
    return value if isinstance(value, int) else tidy(value)


def _value(node: ast.AST, known: Mapping[str, Value]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if name := dotted(node):
        return known[name] if name in known else CONSTANTS[name]
    match node:
        case ast.Subscript():
            return _value(node.value, known)[_value(node.slice, known)]
        case ast.Tuple() | ast.List():
            return tuple(_value(each, known) for each in node.elts)
        case ast.IfExp():
            return _value(node.body if _value(node.test, known) else node.orelse, known)
        case ast.Call():
            return CALLS[dotted(node.func)](*(_value(each, known) for each in node.args))
        case ast.UnaryOp():
            return UNARY[type(node.op)](_value(node.operand, known))
        case ast.BinOp():
            return _combined(node.op, _value(node.left, known), _value(node.right, known))
        case ast.BoolOp():
            values = [_value(each, known) for each in node.values]
            return all(values) if isinstance(node.op, ast.And) else any(values)
        case ast.Compare():
            sides = [_value(each, known) for each in (node.left, *node.comparators)]
            pairs = zip(node.ops, sides, sides[1:], strict=False)
            return all(COMPARED[type(op)](left, right) for op, left, right in pairs)
    raise ValueError


def _combined(op: ast.operator, left: Any, right: Any) -> Any:
    """Two numbers combined; texts and lists are not, since either could be made as long as one likes."""
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        raise ValueError
    if isinstance(op, ast.Pow):
        found = math.pow(left, right)  # bounded, unlike ** of whole numbers
        return int(found) if isinstance(left, int) and isinstance(right, int) and right >= 0 else found
    return BINARY[type(op)](left, right)
