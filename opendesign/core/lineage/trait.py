"""Traits: what a revision makes of each parameter, function and feature, so that two can be seen to differ."""

import ast
import hashlib
from collections.abc import Collection, Iterator, Mapping
from itertools import accumulate

from opendesign.core.declaration import read_parameters
from opendesign.core.errors import Invalid
from opendesign.core.source import read_source

MOST_TRAITS = 500  # of one file; real scripts have some tens
MOST_FILES = 200  # of a revision
MOST_LETTERS = 2 << 20  # of all files that are read; those of the rest count as a whole
DIGITS = 12  # of a digest: two that differ are taken for one in 2^48 cases
WHOLE = ""  # the name of a file that cannot be read as a script
FUNCTION, FEATURE = "()", " ="  # how the names of what is no parameter end
METHODS = (ast.FunctionDef, ast.ClassDef)

Trait = float | str | tuple
Traits = Mapping[tuple[str, str], Trait]


def traits(sources: Mapping[str, str], models: Mapping[str, str]) -> dict[str, dict[str, Trait]]:
    """Returns path → name → value of every trait of a revision.

    A parameter has its value; a function ("rib()") and a feature, which is all that is said of one name outside of
    functions ("lid ="), a digest that comments, layout and the values of parameters do not change. A model file has
    the digest `models` gives for it.
    """
    read = sorted(sources.items())[:MOST_FILES]
    ends = accumulate(len(text) for _path, text in read)
    found = {
        path: dict(sorted(_of_file(path, text), key=_name)[:MOST_TRAITS]) if end <= MOST_LETTERS else _unread(text)
        for (path, text), end in zip(read, ends, strict=True)
    }
    return found | {path: {WHOLE: digest[:DIGITS]} for path, digest in models.items()}


def _name(trait: tuple[str, Trait]) -> str:
    return trait[0]


def flat(kept: Mapping[str, Mapping[str, object]]) -> dict[tuple[str, str], Trait]:
    """Returns traits as they were kept (JSON knows no tuples) by (path, name)."""
    return {(path, name): _frozen(value) for path, named in kept.items() for name, value in named.items()}


def is_parameter(name: str) -> bool:
    """Says whether a trait is a parameter."""
    return name != WHOLE and not name.endswith((FUNCTION, FEATURE))


def changed(before: Traits, after: Traits) -> set[tuple[str, str]]:
    """Returns the keys of the traits that are not the same in two revisions."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def _of_file(path: str, text: str) -> Iterator[tuple[str, Trait]]:
    try:
        settable = {each.name: each.default for each in read_parameters(text, path) if not each.derived}
        told = _told(read_source(text).tree, frozenset(settable))
    except (Invalid, RecursionError, ValueError):  # a number of thousands of digits cannot be written down
        yield from _unread(text).items()
        return
    yield from ((name, _frozen(value)) for name, value in settable.items() if value is not None)
    yield from ((name, _digest("\n".join(digests))) for name, digests in told.items())


def _unread(text: str) -> dict[str, Trait]:
    return {WHOLE: _digest(text)}


def _told(tree: ast.Module, settable: frozenset[str]) -> dict[str, list[str]]:
    """Returns the digests of the statements that say something of each name; each statement is read once."""
    told: dict[str, list[str]] = {}
    tops = {each.partition(".")[0] for each in settable}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for name, part in _functions(node, settable):
                told.setdefault(name + FUNCTION, []).append(_digest(ast.dump(part)))
        elif not isinstance(node, ast.Import | ast.ImportFrom) and not _is_text(node):
            digest = _digest(ast.dump(node))
            for name in _bound(node, tops):
                told.setdefault(name + FEATURE, []).append(digest)
    return told


def _functions(node: ast.stmt, settable: frozenset[str], within: str = "") -> Iterator[tuple[str, ast.stmt]]:
    """Yields the functions of a statement, those of a class each by itself, without what is a parameter in them."""
    name = within + getattr(node, "name", "")
    node.body = [each for each in node.body if not _is_text(each)]  # type: ignore[attr-defined]
    if isinstance(node, ast.ClassDef):
        for each in node.body:
            if isinstance(each, METHODS):
                yield from _functions(each, settable, f"{name}.")
        rest = [each for each in node.body if not isinstance(each, METHODS)]
        node.body = [each for each in rest if settable.isdisjoint(f"{name}.{bound}" for bound in _names(each))]
    elif isinstance(node, ast.FunctionDef) and any(f"{name}.{each.arg}" in settable for each in _arguments(node)):
        node.args.defaults, node.args.kw_defaults = [], [None for _ in node.args.kwonlyargs]
    yield name, node


def _arguments(node: ast.FunctionDef) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def _bound(node: ast.stmt, tops: Collection[str]) -> set[str]:
    """Returns the names a statement says something of, parameters left out; what is only called stands for itself."""
    names = _names(node)
    if not names and isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        return {getattr(called, "id", "") or getattr(called, "attr", "") or "call"}
    return names.difference(tops) if names else {"code"}


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _frozen(value: object) -> Trait:
    """Returns a value as it can be compared: what is true is not the number one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return tuple(_frozen(each) for each in value)
    return value if isinstance(value, int | float | str) else str(value)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:DIGITS]
