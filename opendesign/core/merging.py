"""Merges three versions of a script by its parameters: each takes the value of the side that changed it."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from opendesign.core.declaration import declared
from opendesign.core.errors import Invalid
from opendesign.core.rewriting import rewrite
from opendesign.core.source import read_source
from opendesign.core.threeway import join_lines
from opendesign.core.value import Value

SIDES = ("base", "ours", "theirs")
HOLE = re.compile("\0([^\0]*)\0")  # where a value stood; no text that is read here may hold a null


@dataclass(frozen=True)
class Rivals:
    """Something with a name that the two sides set to different values; None where a side does not have it."""

    name: str
    base: Value | None
    ours: Value | None
    theirs: Value | None
    unit: str = ""


@dataclass(frozen=True)
class Merged:
    """The merged text, in which undecided rivals have the value of ours, and these rivals."""

    text: str
    undecided: list[Rivals] = field(default_factory=list)


@dataclass(frozen=True)
class Slot:
    """A value as it is written in a text, from `start` up to `end`."""

    start: int
    end: int
    written: str
    value: Value | None
    unit: str = ""


def merge_scripts(texts: tuple[str, str, str], chosen: Mapping[str, object], path: str = "") -> Merged | None:
    """The script of base, ours and theirs with both sides' changes; None where they exclude each other as text.

    `chosen` decides rivals: "base", "ours", "theirs", or a value of one's own. What no side touched stays byte for
    byte, and the answer is the same whichever side is ours but for what is undecided. Raises Invalid for a value
    that does not fit.
    """
    found = merge_slots(texts, chosen, lambda text: script_slots(text, path))
    if found is None:
        return None
    merged, own = found
    return Merged(rewrite(merged.text, own, path), merged.undecided) if own else merged


def merge_slots(
    texts: tuple[str, str, str], chosen: Mapping[str, object], read: Callable[[str], dict[str, Slot]]
) -> tuple[Merged, dict[str, object]] | None:
    """Three versions of a text merged by the values that `read` finds in them, and the values of one's own to be set.

    None where the rest excludes each other; in the text, values of one's own are still those of ours.
    """
    try:
        slots = [read(text) for text in texts]
    except Invalid:
        return None
    base, ours, theirs = slots
    shared = [name for name in ours if name in theirs and (name in base or not texts[0] or _is_new(name, texts[0]))]
    lines = [_masked(text, found, shared).splitlines(keepends=True) for text, found in zip(texts, slots, strict=True)]
    joined = join_lines(*lines)
    if joined is None:
        return None
    remainder = "".join(joined)
    if sorted(HOLE.findall(remainder)) != sorted(shared):
        return None  # a value would stand nowhere, or twice
    rivals, written, own = _decided(slots, shared, chosen)
    merged = HOLE.sub(lambda hole: written[hole[1]], remainder)
    return (Merged(merged, rivals), own) if _holds(merged, written, read) else None


def script_slots(text: str, path: str = "") -> dict[str, Slot]:
    """Where a script's parameters are written; raises Invalid when it is not Python."""
    script = read_source(text)
    slots: dict[str, Slot] = {}
    taken = 0
    for parameter, constant in declared(script, path):
        start, end = script.span(constant.node)
        if constant.expression or start < taken:
            continue
        slots[parameter.name] = Slot(start, end, text[start:end], constant.value, parameter.unit)
        taken = end
    return slots


def _is_new(name: str, base: str) -> bool:
    """Says whether the common version does not have a name at all, not even for what is no parameter there."""
    return re.search(rf"\b{re.escape(name.rpartition('.')[2])}\b", base) is None


def _masked(text: str, slots: Mapping[str, Slot], shared: list[str]) -> str:
    pieces, at = [], 0
    for name, slot in slots.items():
        if name in shared:
            pieces += [text[at : slot.start], f"\0{name}\0"]
            at = slot.end
    return "".join(pieces) + text[at:]


def _decided(
    slots: list[dict[str, Slot]], shared: list[str], chosen: Mapping[str, object]
) -> tuple[list[Rivals], dict[str, str], dict[str, object]]:
    """The rivals nobody has decided, how every shared value is written, and the values of one's own."""
    undecided, written, own, rivals = [], {}, {}, set()
    for name in shared:
        three = [side.get(name) for side in slots]
        winner = _winner(*three)
        if winner is None:
            rivals.add(name)
            word = chosen.get(name)
            side = three[SIDES.index(word)] if isinstance(word, str) and word in SIDES else None
            winner = side or three[1]
            if name not in chosen:
                undecided.append(_rivals(name, three))
            elif side is None:
                own[name] = chosen[name]
        written[name] = winner.written if winner else ""
    refuse_strange(chosen, rivals)
    return undecided, written, own


def refuse_strange(chosen: Mapping[str, object], rivals: Collection[str]) -> None:
    """Raises Invalid for a decision about something that is not in conflict."""
    if strange := sorted(name for name in chosen if name not in rivals):
        listed = ", ".join(strange)[:200]
        raise Invalid(f"Not in conflict: {listed}.", [{"name": strange[0][:80], "message": "is not in conflict"}])


def _winner(base: Slot | None, ours: Slot | None, theirs: Slot | None) -> Slot | None:
    """The side that changed a value, or either where both made the same of it; None for rivals."""
    if ours is None or theirs is None:
        return None
    if base is not None and ours.written == base.written:
        return theirs
    if base is not None and theirs.written == base.written:
        return ours
    if _same(ours, theirs):
        return min(ours, theirs, key=lambda slot: slot.written)
    if base is None or isinstance(base.value, tuple):
        return None  # between the entries of a list there may be words that one side changed
    if _same(base, ours):
        return theirs
    return ours if _same(base, theirs) else None


def _same(one: Slot, other: Slot) -> bool:
    if isinstance(one.value, tuple):
        return one.written == other.written
    return (type(one.value), one.value) == (type(other.value), other.value)


def _rivals(name: str, three: list[Slot | None]) -> Rivals:
    base, ours, theirs = (slot.value if slot else None for slot in three)
    unit = next((slot.unit for slot in three if slot and slot.unit), "")
    return Rivals(name, base, ours, theirs, unit)


def _holds(merged: str, written: Mapping[str, str], read: Callable[[str], dict[str, Slot]]) -> bool:
    """Says whether the merged text still has every shared value as it was decided."""
    try:
        found = read(merged)
    except Invalid:
        return False
    return all(name in found and found[name].written == value for name, value in written.items())
