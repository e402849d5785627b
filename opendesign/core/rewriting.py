"""Sets parameters in a script by replacing exactly their literals and nothing else."""

import ast
import re
from collections.abc import Iterator, Mapping

from opendesign.core.parameter import check_values, declared
from opendesign.core.source import Source, read_source
from opendesign.core.value import Value

QUOTES = re.compile(r"([a-zA-Z]*)('''|\"\"\"|'|\")")


def rewrite(source: str, values: Mapping[str, object]) -> str:
    """The source with each named parameter's literal replaced by its value.

    Comments, spacing, line endings, byte order mark, quote style and every other literal stay as they are; so
    does a literal that already has the value. Raises Invalid as `check_values` and `read_parameters` do.
    """
    script = read_source(source)
    found = list(declared(script))
    wanted = check_values([parameter for parameter, _ in found], values)
    edits = [
        edit
        for parameter, constant in found
        if parameter.name in wanted
        for edit in _edits(script, constant.node, constant.value, wanted[parameter.name])
    ]
    pieces, position = [], 0
    for start, end, text in sorted(edits):
        pieces += [source[position:start], text]
        position = end
    return "".join(pieces) + source[position:]


def _edits(script: Source, node: ast.expr, old: Value, new: Value) -> Iterator[tuple[int, int, str]]:
    if isinstance(node, ast.Tuple | ast.List) and isinstance(old, tuple) and isinstance(new, tuple):
        for element, was, becomes in zip(node.elts, old, new, strict=True):
            yield from _edits(script, element, was, becomes)
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        start, end = script.span(node)
        yield start, end, literal(new, script.text[start:end], old)


def literal(value: Value, written: str, old: Value) -> str:
    """The value as Python text in the style of the literal that stands there."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, str):
        return _quoted(value, written)
    if isinstance(value, int | float):
        return _number(value, isinstance(old, float))
    raise TypeError(f"a parameter cannot be {type(value).__name__}")


def _number(value: int | float, was_float: bool) -> str:
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value)}.0" if was_float else str(int(value))
    return repr(float(value))


def _quoted(value: str, written: str) -> str:
    found = QUOTES.match(written)
    prefix, quote = found.groups() if found else ("", '"')
    raw = "r" in prefix.lower()
    if raw and "\\" not in value and quote[0] not in value:
        return f"{prefix}{quote}{value}{quote}"
    prefix = re.sub("[rR]", "", prefix)
    escaped = value.replace("\\", "\\\\").replace(quote[0], "\\" + quote[0])
    return f"{prefix}{quote}{escaped}{quote}"
