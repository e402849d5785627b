"""Finds the constants a script sets once at its top level, and the literals that hold them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from opendesign.core.uses import Function, Uses
from opendesign.core.value import Value
from opendesign.core.vocabulary import Vocabulary

Home = ast.Module | ast.If | ast.ClassDef | Function | ast.Call | ast.Dict


@dataclass(frozen=True)
class Place:
    """An entry among others of its home: where its comments stand. `line` is its first, `end` its last node."""

    home: Home
    line: int
    end: ast.stmt | ast.expr


@dataclass(frozen=True)
class Constant:
    """A name, its value and the expression node that holds it; the first of its places that says something counts.

    `name` is dotted for what belongs to something: `Params.width`. `group` is what it belongs to. `value` is None for
    what follows from others and is not worked out yet; `expression` says from what. `only_run`: it does not count
    where the script is imported by another.
    """

    name: str
    value: Value | None
    node: ast.expr
    places: tuple[Place, ...]
    annotation: ast.expr | None = None
    group: str = ""
    resizable: bool = False
    expression: str = ""
    only_run: bool = False


def constants(uses: Uses, words: Vocabulary) -> Iterator[Constant]:
    """Public names set once at the top level or in the block of `__main__`, to literals or members of enumerations."""
    for name, node, place, annotation in assignments(uses):
        value = words.value(node)
        if value is not None:
            resizable = isinstance(node, ast.List) and name not in uses.taken_apart
            yield Constant(
                name, value, node, (place,), annotation, resizable=resizable, only_run=isinstance(place.home, ast.If)
            )


def assignments(uses: Uses) -> Iterator[tuple[str, ast.expr, Place, ast.expr | None]]:
    """Each public name that is set once, what it is set to, where, and its annotation."""
    homes: list[ast.Module | ast.If] = [uses.tree, *uses.main]
    for home in homes:
        for statement in home.body:
            for target, value, annotation in _assigned(statement):
                if isinstance(target, ast.Name) and uses.is_own(target.id):
                    yield target.id, value, Place(home, statement.lineno, statement), annotation


def _assigned(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr, ast.expr | None]]:
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        yield statement.target, statement.value, statement.annotation
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return
    target, value = statement.targets[0], statement.value
    if not isinstance(target, ast.Tuple | ast.List):
        yield target, value, None
    elif isinstance(value, ast.Tuple | ast.List) and len(target.elts) == len(value.elts):
        for name, each in zip(target.elts, value.elts, strict=True):
            yield name, each, None
