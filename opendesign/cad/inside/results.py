"""Decides what a script has made: what it shows, else what it exports, else what its variables hold."""

import ast

import cadquery as cq

from opendesign.cad.inside import leaf, makers
from opendesign.cad.inside.capture import Capture, Shown

RESULT_NAMES = ("result", "results", "res", "r")
KINDS = (cq.Workplane, cq.Assembly, cq.Sketch, cq.Solid, cq.Compound, cq.Shell, cq.Face)
# Calls that look at a shape without making anything of it.
LOOKS = {"print", "log", "len", "type", "repr", "str", "isinstance", "debug", "dir", "id"}


def choose(capture: Capture, variables: dict, source: bytes) -> list[Shown]:
    """Returns what the script has put forward, by the first way that gives anything."""
    for group in (capture.shown, capture.exported, capture.viewed):
        if group:
            return distinct(group)
    chosen = of_result_variable(variables) or of_variables(variables, source)
    return chosen or distinct(capture.by_modules) or capture.drawn or capture.debugged


def distinct(group: list[Shown]) -> list[Shown]:
    """Returns the group without things whose shapes are all the same as an earlier one's."""
    alike: dict[tuple[int, ...], list[Shown]] = {}
    kept: list[Shown] = []
    for shown in group:
        twins = alike.setdefault(tuple(hash(one.shape) for one in shown.leaves), [])
        if not any(same(shown, other) for other in twins):
            twins.append(shown)
            kept.append(shown)
    return kept


def same(one: Shown, other: Shown) -> bool:
    """Says whether two things were shown under one name, or none, and are the same shapes in the same places."""
    named = one.name is None or other.name is None or one.name == other.name
    return named and all(a.shape.IsSame(b.shape) for a, b in zip(one.leaves, other.leaves, strict=True))


def of_result_variable(variables: dict) -> list[Shown]:
    """Returns what a variable with one of the customary names holds."""
    for name in RESULT_NAMES:
        value = variables.get(name)
        if is_shape(value) or holds_shapes(value):
            found, _ = leaf.of(value, None)
            if found:
                return [Shown(None, found, value)]
    return []


def of_variables(variables: dict, source: bytes) -> list[Shown]:
    """Returns the shapes in variables that the script does not use any further, else the last one."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    names = [name for name in assigned(tree) if is_shape(variables.get(name))]
    names = names or [name for name in assigned(tree) if holds_shapes(variables.get(name))]
    chosen = [name for name in names if not is_used(tree, name)] or names[-1:]
    shown = [Shown(name, leaf.of(variables[name], None)[0], variables[name]) for name in chosen]
    return distinct([one for one in shown if one.leaves])


def of_makers(capture: Capture, variables: dict, source: bytes) -> list[Shown]:
    """Returns what the script's own functions and classes make when they are called, as nothing else was shown.

    Raises what the first of them raised, if none made anything.
    """
    made: list[Shown] = []
    trouble: Exception | None = None
    for name, maker in makers.offered(variables, source, capture.entry):
        try:
            found = makers.shapes_of(maker())
        except Exception as raised:
            trouble = trouble or raised
            continue
        if found:
            made.append(Shown(name, found, found))
    put_forward = choose(capture, {}, source)
    if trouble and not made and not put_forward:
        raise trouble
    return put_forward or distinct(made)


def is_shape(value: object) -> bool:
    """Says whether a value is something to show."""
    return isinstance(value, KINDS) or leaf.shape_of(value) is not None or leaf.branches(value) is not None


def holds_shapes(value: object, depth: int = leaf.DEEPEST) -> bool:
    """Says whether a value is a list or table of things to show, or of such lists and tables."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list | tuple) or not value or not depth:
        return False
    return all(is_shape(one) or holds_shapes(one, depth - 1) for one in value)


def assigned(tree: ast.Module) -> list[str]:
    """Returns the names given a value at the top level, or in its ifs, loops and withs, in order of their last."""
    names: dict[str, None] = {}
    for statement in statements(tree.body):
        for name in targets(statement):
            names.pop(name, None)
            names[name] = None
    return list(names)


def statements(body: list[ast.stmt]) -> list[ast.stmt]:
    """Returns statements and those within their branches, but not within functions and classes."""
    found: list[ast.stmt] = []
    for statement in body:
        found.append(statement)
        for branch in ("body", "orelse", "finalbody"):
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found += statements(getattr(statement, branch, []))
    return found


def targets(statement: ast.stmt) -> list[str]:
    """Returns the names a statement gives a value."""
    if isinstance(statement, ast.With):
        places = [item.optional_vars for item in statement.items if item.optional_vars]
    elif isinstance(statement, ast.Assign):
        places = statement.targets
    else:
        places = [statement.target] if isinstance(statement, ast.AnnAssign | ast.AugAssign) else []
    return [node.id for place in places for node in ast.walk(place) if isinstance(node, ast.Name)]


def is_used(tree: ast.Module, name: str) -> bool:
    """Says whether anything is made of a variable after it was last given its value."""
    last = max(statement.lineno for statement in statements(tree.body) if name in targets(statement))
    for statement in tree.body:
        if (statement.end_lineno or 0) > last and statement.lineno != last and uses(statement, name, last):
            return True
    return False


def uses(statement: ast.stmt, name: str, after: int) -> bool:
    """Says whether a statement uses a name below a line for more than a look."""
    looked = {
        id(inner)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOOKS
        for inner in ast.walk(node)
    }
    return any(
        isinstance(node, ast.Name)
        and node.id == name
        and isinstance(node.ctx, ast.Load)
        and node.lineno > after
        and id(node) not in looked
        for node in ast.walk(statement)
    )
