"""Sets parameters in a script by replacing exactly their literals and nothing else."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from opendesign.core.constant import Constant
from opendesign.core.declaration import declared
from opendesign.core.parameter import Parameter, check_values
from opendesign.core.source import Source, read_source
from opendesign.core.value import Scalar, Value

COMMENT = re.compile(r"#[^\r\n]*")
QUOTES = re.compile(r"([a-zA-Z]*)('''|\"\"\"|'|\")")
KEPT = 64  # scripts: a slider rewrites one again and again


def rewrite(source: str, values: Mapping[str, object], path: str = "") -> str:
    """The source with each named parameter's literal replaced by its value.

    Comments, spacing, line endings, byte order mark, quote style and every other literal stay as they are; so
    does a literal that already has the value. Raises Invalid as `check_values` and `read_parameters` do.
    """
    script, found = _declared(source, path)
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


@lru_cache(maxsize=KEPT)
def _declared(source: str, path: str) -> tuple[Source, list[tuple[Parameter, Constant]]]:
    script = read_source(source)
    return script, list(declared(script, path))


def _edits(script: Source, node: ast.expr, old: Value | None, new: Value) -> Iterator[tuple[int, int, str]]:
    start, end = script.span(node)
    if isinstance(node, ast.Tuple | ast.List) and isinstance(old, tuple) and isinstance(new, tuple):
        if len(old) != len(new) and not _is_simple(script, node):
            yield start, end, f"[{', '.join(literal(each, '', old[0]) for each in new)}]"
            return
        for element, was, becomes in zip(node.elts, old, new, strict=False):
            yield from _edits(script, element, was, becomes)
        yield from _resized(script, node, old, new)
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        written = script.text[start:end]
        if isinstance(node, ast.Attribute):  # a member of an enumeration: only the word after the dot
            yield end - len(written.rpartition(".")[2].lstrip()), end, str(new)
        elif not isinstance(new, tuple):
            yield start, end, literal(new, written, old if old is not None else new)


def _resized(script: Source, node: ast.Tuple | ast.List, old: tuple, new: tuple) -> Iterator[tuple[int, int, str]]:
    """What is added behind the last entry that stays, or taken away from there to the last entry there is."""
    kept = script.span(node.elts[min(len(old), len(new)) - 1])
    if len(new) < len(old):
        yield kept[1], script.span(node.elts[-1])[1], ""
    elif len(new) > len(old):
        last = script.text[slice(*kept)]
        yield kept[1], kept[1], "".join(f", {literal(each, last, old[-1])}" for each in new[len(old) :])


def _is_simple(script: Source, node: ast.Tuple | ast.List) -> bool:
    """Says whether nothing but commas, blanks and comments stands between the entries, so no bracket around one."""
    ends = [script.span(each) for each in node.elts]
    start, end = script.span(node)
    inside = [
        script.text[a:b]
        for a, b in zip([start + 1, *(b for _, b in ends)], [*(a for a, _ in ends), end - 1], strict=True)
    ]
    return not any("(" in COMMENT.sub("", each) or ")" in COMMENT.sub("", each) for each in inside)


def literal(value: Scalar, written: str, old: Value) -> str:
    """The value as Python text in the style of the literal that stands there."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, str):
        return _quoted(value, written)
    return _number(value, isinstance(old, float))


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
