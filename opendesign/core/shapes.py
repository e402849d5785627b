"""What happened to each shape of a build: paired by name, else by geometry."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import dist

from opendesign.core.measurement import volume

# Two runs of one script agree to nine digits; what people change is larger by far.
ALIKE = 1e-6
NEAR_MM = 1e-4


@dataclass(frozen=True)
class Change:
    """One shape in two states; `status` is "unchanged", "moved", "renamed", "changed", "added" or "removed"."""

    name: str
    status: str
    before: dict | None
    after: dict | None

    @property
    def volume_mm3(self) -> float:
        """Returns how much volume was gained, mm³."""
        return volume(self.after) - volume(self.before)


def is_alike(one: dict, other: dict) -> bool:
    """Says whether two shapes are the same, wherever they stand and however they are turned."""
    if any(one[key] != other[key] for key in ("solids", "faces", "edges")):
        return False
    pairs = [(one["volume_mm3"], other["volume_mm3"]), (one["area_mm2"], other["area_mm2"])]
    pairs += zip(one["inertia_mm5"], other["inertia_mm5"], strict=True)
    return all(abs(a - b) <= ALIKE * max(abs(a), abs(b), 1e-9) for a, b in pairs)


def is_same(one: dict, other: dict) -> bool:
    """Says whether two shapes are the same in the same place."""
    if dist(one["centre_mm"], other["centre_mm"]) > NEAR_MM:
        return False  # what parts most shapes comes first: a thousand bolts are compared with each other
    corners = zip(one["bbox_mm"], other["bbox_mm"], strict=True)
    return all(dist(a, b) <= NEAR_MM for a, b in corners) and is_alike(one, other)


def differences(before: Sequence[dict], after: Sequence[dict]) -> list[Change]:
    """Returns what happened to each shape, in the order of the new state; removed ones last.

    Shapes pair by name, several with one name in their order; then those left whose geometry is the same: one in its
    old place was renamed, one elsewhere moved.
    """
    old, new = named(before), named(after)
    changes = [Change(shape["name"], status(old.get(name), shape), old.get(name), shape) for name, shape in new.items()]
    gone = [shape for name, shape in old.items() if name not in new]
    for found, word in ((is_same, "renamed"), (is_alike, "moved")):
        left: dict[tuple, list[dict]] = {}
        for shape in gone:
            left.setdefault(kind(shape), []).append(shape)
        for place, change in enumerate(changes):
            if change.after is None or change.before is not None:
                continue
            rest = left.get(kind(change.after), [])
            twin = next((number for number, shape in enumerate(rest) if found(shape, change.after)), None)
            if twin is not None:
                changes[place] = replace(change, status=word, before=rest.pop(twin))
        kept = {id(shape) for rest in left.values() for shape in rest}
        gone = [shape for shape in gone if id(shape) in kept]
    return changes + [Change(shape["name"], "removed", shape, None) for shape in gone]


def named(shapes: Iterable[dict]) -> dict[tuple[str, int], dict]:
    """Returns shapes by their name and which of several with it they are."""
    times: Counter[str] = Counter()
    found = {}
    for shape in shapes:
        found[shape["name"], times[shape["name"]]] = shape
        times[shape["name"]] += 1
    return found


def kind(shape: dict) -> tuple:
    """Returns what shapes of the same geometry have in common, so that few need to be compared."""
    return shape["solids"], shape["faces"], shape["edges"], f"{shape['volume_mm3']:.5g}"


def status(before: dict | None, after: dict | None) -> str:
    """Returns in a word what happened to a part; one of the two may be missing."""
    if before is None or after is None:
        return "added" if before is None else "removed"
    if is_same(before, after):
        return "unchanged"
    return "moved" if is_alike(before, after) else "changed"
