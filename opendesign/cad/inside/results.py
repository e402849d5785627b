"""Decides what a script has made: what it shows, else what it exports, else what its variables hold."""

import cadquery as cq
from OCP.TopAbs import TopAbs_SHELL, TopAbs_SOLID
from OCP.TopExp import TopExp_Explorer
from OCP.TopLoc import TopLoc_Location
from OCP.TopoDS import TopoDS_Shape
from OCP.TopTools import TopTools_MapOfShape

from opendesign.cad.inside import leaf, makers
from opendesign.cad.inside.capture import Capture, Shown
from opendesign.cad.inside.reading import Reading

RESULT_NAMES = ("result", "results")
SHORT_NAMES = ("res", "r")  # also what people call a step on the way, or a radius
KINDS = (cq.Workplane, cq.Assembly, cq.Sketch, cq.Solid, cq.Compound, cq.Shell, cq.Face)


def choose(capture: Capture, variables: dict, source: bytes) -> list[Shown]:
    """Returns what the script has put forward, by the first way that gives anything."""
    for group in (capture.shown, capture.exported, capture.viewed):
        if group:
            return distinct(assembled(group) if group is capture.exported else group)
    reading = Reading(source)
    chosen = of_result_variable(variables, reading) or of_variables(variables, reading)
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


def assembled(group: list[Shown]) -> list[Shown]:
    """Returns an assembly alone if everything else in the group is among its members, whatever their places.

    Another assembly of as many shapes is none of its members: it may be the same thing, opened.
    """
    for whole in [shown for shown in group if is_assembly(shown.origin)]:
        members = TopTools_MapOfShape()
        for one in whole.leaves:
            members.Add(unplaced(one))
        others = [shown for shown in group if shown is not whole]
        smaller = all(len(other.leaves) < len(whole.leaves) for other in others if is_assembly(other.origin))
        if smaller and all(members.Contains(unplaced(one)) for other in others for one in other.leaves):
            return [whole]
    return group


def is_assembly(thing: object) -> bool:
    """Says whether a thing is an assembly of CadQuery or build123d."""
    return isinstance(thing, cq.Assembly) or leaf.build123d_assembly(thing)


def unplaced(one: leaf.Leaf) -> TopoDS_Shape:
    """Returns a leaf's shape, wherever it is."""
    return one.shape.Located(TopLoc_Location(), False)


def same(one: Shown, other: Shown) -> bool:
    """Says whether two things were shown under one name, or none, and are the same shapes in the same places."""
    named = one.name is None or other.name is None or one.name == other.name
    return named and all(a.shape.IsSame(b.shape) for a, b in zip(one.leaves, other.leaves, strict=True))


def of_result_variable(variables: dict, reading: Reading) -> list[Shown]:
    """Returns what a variable with one of the customary names holds, a short one if nothing else is made of it."""
    short = [name for name in SHORT_NAMES if not reading.is_used(name)]
    for name in (*RESULT_NAMES, *short):
        value = variables.get(name)
        if is_shape(value) or holds_shapes(value):
            found, _ = leaf.of(value, None)
            if found:
                return [Shown(None, found, value)]
    return []


def of_variables(variables: dict, reading: Reading) -> list[Shown]:
    """Returns the shapes in variables that the script does not use any further, else the last one.

    Faces and edges that were picked from solids are none, nor is what a builder of build123d has taken in.
    """
    reading.pass_over({name for name, value in variables.items() if isinstance(value, int | float | str)})
    held = candidates(variables, list(reading.given))
    if not held:
        brought = reading.brought()
        held = candidates(variables, [] if "*" in brought else [name for name in variables if name not in brought])
    inner = reading.built_in(held)
    bodies = {name: one for name, one in held.items() if name not in inner and has_body(one)}
    flat = held.keys() - bodies.keys() if bodies else inner
    names = [name for name in held if name not in flat]
    chosen = [name for name in names if not reading.is_used(name, flat)]
    chosen = chosen or [name for name in names if is_shape(variables[name])][-1:] or names[-1:]
    return distinct([held[name] for name in chosen])


def candidates(variables: dict, names: list[str]) -> dict[str, Shown]:
    """Returns what the variables of those names hold, where these are shapes or lists and tables of them."""
    held: dict[str, Shown] = {}
    for name in names:
        value = variables.get(name)
        if not isinstance(value, type) and (is_shape(value) or holds_shapes(value)):
            found, _ = leaf.of(value, None)
            if found:
                keyed = not is_shape(value) and all(one.path and one.path[0] for one in found)
                held[name] = Shown(None if keyed else name, found, value)
    return held


def has_body(shown: Shown) -> bool:
    """Says whether there is a solid or a shell among the shapes, not faces, edges and points alone."""
    kinds = (TopAbs_SOLID, TopAbs_SHELL)
    return any(TopExp_Explorer(one.shape, kind).More() for one in shown.leaves for kind in kinds)


def of_makers(capture: Capture, variables: dict, source: bytes) -> list[Shown]:
    """Returns what the script's own functions and classes make when they are called, as nothing else was shown.

    Raises what the first of them raised, if none made anything.
    """
    for offer in makers.offered(variables, source, capture.entry):
        made: list[Shown] = []
        trouble: Exception | None = None
        for name, maker in offer:
            try:
                found = makers.shapes_of(maker())
            except Exception as raised:
                trouble = trouble or raised
                continue
            if found:
                made.append(Shown(name, found, found))
        put_forward = choose(capture, {}, source)
        if put_forward or made:
            return put_forward or distinct(made)
        if trouble:
            raise trouble
    return []


def is_shape(value: object) -> bool:
    """Says whether a value is something to show."""
    return isinstance(value, KINDS) or leaf.shape_of(value) is not None or leaf.branches(value) is not None


def holds_shapes(value: object, depth: int = leaf.DEEPEST) -> bool:
    """Says whether a value is a list or table of things to show, named or not, or of such lists and tables."""
    if isinstance(value, dict):
        value = list(value.values())
    elif leaf.is_named(value):
        value = value[1:]
    if not isinstance(value, list | tuple) or not value or not depth:
        return False
    return all(is_shape(one) or holds_shapes(one, depth - 1) for one in value)
