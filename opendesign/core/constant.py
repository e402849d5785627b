"""Finds the constants a script sets once at its top level, and the literals that hold them."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

Scalar = bool | int | float | str
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
SCOPES = (*FUNCTIONS, ast.ClassDef, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Constant:
    """A name, its value, the expression node that holds it and the statement around that."""

    name: str
    value: Scalar | tuple[int | float, ...]
    node: ast.expr
    statement: ast.stmt
    annotation: str = ""


def constants(tree: ast.Module) -> list[Constant]:
    """Public top-level constants in order: numbers, booleans, texts and flat sequences of numbers."""
    times = Counter(_bound_names(tree))
    found = [constant for statement in tree.body for constant in _assigned(statement)]
    return [each for each in found if times[each.name] == 1 and not each.name.startswith("_")]


def scalar(node: ast.expr) -> Scalar | None:
    """The value of a literal number (a sign allowed), boolean or text; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, bool | int | float | str) else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        inner = node.operand.value if isinstance(node.operand, ast.Constant) else None
        if isinstance(inner, int | float) and not isinstance(inner, bool):
            return -inner if isinstance(node.op, ast.USub) else inner
    return None


def _assigned(statement: ast.stmt) -> Iterator[Constant]:
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        yield from _constant(statement.target, statement.value, statement, _words(statement.annotation))
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return
    target, value = statement.targets[0], statement.value
    if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
        if len(target.elts) == len(value.elts):
            for name, each in zip(target.elts, value.elts, strict=True):
                yield from _constant(name, each, statement)
        return
    yield from _constant(target, value, statement)


def _words(annotation: ast.expr) -> str:
    return " ".join(node.id for node in ast.walk(annotation) if isinstance(node, ast.Name))


def _constant(target: ast.expr, node: ast.expr, statement: ast.stmt, annotation: str = "") -> Iterator[Constant]:
    if not isinstance(target, ast.Name):
        return
    value = _numbers(node) if isinstance(node, ast.Tuple | ast.List) else scalar(node)
    if value is not None:
        yield Constant(target.id, value, node, statement, annotation)


def _numbers(node: ast.Tuple | ast.List) -> tuple[int | float, ...] | None:
    values = [scalar(each) for each in node.elts]
    numbers = [each for each in values if isinstance(each, int | float) and not isinstance(each, bool)]
    return tuple(numbers) if values and len(numbers) == len(values) else None


def _bound_names(tree: ast.Module) -> Iterator[str]:
    """Every name bound in the module's own scope, once per binding; `global` in functions counts."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, True)]
    while waiting:
        node, own = waiting.pop()
        if own:
            yield from _bound_by(node)
        if isinstance(node, ast.Global):
            yield from node.names
        if isinstance(node, ast.NamedExpr) and not own and isinstance(node.target, ast.Name):
            yield node.target.id  # a walrus inside a comprehension binds outside of it
        inside = own and not isinstance(node, SCOPES)
        waiting += [(child, inside) for child in ast.iter_child_nodes(node)]


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
