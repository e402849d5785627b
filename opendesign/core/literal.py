"""Literals: what value a node of source text writes out, and which nodes can be set."""

import ast

from opendesign.core.value import Scalar, Value


def scalar(node: ast.expr) -> Scalar | None:
    """The value of a literal number (a sign allowed), boolean or text; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, bool | int | float | str) else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        inner = node.operand.value if isinstance(node.operand, ast.Constant) else None
        if isinstance(inner, int | float) and not isinstance(inner, bool):
            return -inner if isinstance(node.op, ast.USub) else inner
    return None


def literal_value(node: ast.expr) -> Value | None:
    """The value of a scalar, or of a flat tuple or list of numbers or of texts; None for anything else."""
    if not isinstance(node, ast.Tuple | ast.List):
        return scalar(node)
    values = [scalar(each) for each in node.elts]
    numbers = [each for each in values if isinstance(each, int | float) and not isinstance(each, bool)]
    texts = [each for each in values if isinstance(each, str)]
    if values and len(numbers) == len(values):
        return tuple(numbers)
    return tuple(texts) if values and len(texts) == len(values) else None
