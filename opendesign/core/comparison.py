"""Comparing two revisions: which parts belong together, and their facts side by side."""

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from opendesign.core import printing
from opendesign.core.shapes import is_alike

STATUSES = ("unchanged", "changed", "added", "removed", "renamed")
AXES = ("x", "y", "z")
# Below these a difference is noise of the kernel: its tolerance is 1e-7 mm, its volumes repeat to 1e-9.
SAME = 1e-6
# Volumes that differ by more from what they make up are called approximate.
CONSERVED = 1e-3
OVERLAPS = 1e-2
# Renamed scripts that were edited too: how alike they must be, how long they may be, and how many are tried.
MUCH, COMPARABLE, MOST = 0.6, range(1, 64 << 10), 12
Measure = float | int | bool | None


@dataclass(frozen=True)
class Pair:
    """A part before and after; the path is None on the side where it does not exist."""

    before: str | None
    after: str | None
    status: str

    @property
    def path(self) -> str:
        """The path to show: the newer one if there is one."""
        return self.after or self.before or ""


@dataclass(frozen=True)
class Fact:
    """One measured row; `change` is after minus before, None when a side is missing or it is no number."""

    name: str
    unit: str
    before: Measure
    after: Measure
    change: float | int | None

    @property
    def differs(self) -> bool:
        """Says whether before and after differ by more than the kernel's noise."""
        return self.before != self.after if self.change is None else self.change != 0


def pair_parts(before: Mapping[str, str], after: Mapping[str, str]) -> list[Pair]:
    """Pairs the parts (path → key) of two revisions: by path, else by equal key, else by equal file name.

    Keys are equal when a part's inputs are: `build.build_key`, or `build.source_key`, which finds a renamed
    script too. Only a key or file name that is the only one of its kind on both sides pairs. The order is that
    of the newer paths, removed parts last.
    """
    gone = {path: key for path, key in before.items() if path not in after}
    new = {path: key for path, key in after.items() if path not in before}
    renamed = _matches(new, gone)
    left_new = {path: posixpath.basename(path) for path in new if path not in renamed}
    left_gone = {path: posixpath.basename(path) for path in gone if path not in renamed.values()}
    renamed |= _matches(left_new, left_gone)
    pairs = []
    for path in sorted(after):
        if path in before:
            pairs.append(Pair(path, path, "unchanged" if before[path] == after[path] else "changed"))
        elif path in renamed:
            pairs.append(Pair(renamed[path], path, "renamed"))
        else:
            pairs.append(Pair(None, path, "added"))
    removed = sorted(path for path in gone if path not in renamed.values())
    return pairs + [Pair(path, None, "removed") for path in removed]


def conserved(volumes: Mapping[str, float], before: float, after: float) -> bool:
    """Says whether what is common and removed makes up the volume before (mm³), and common and added that after."""
    common, added, removed = (volumes.get(name, 0.0) for name in ("common", "added", "removed"))
    return all(
        abs(common + part - whole) <= CONSERVED * abs(whole) for part, whole in ((removed, before), (added, after))
    )


def overlaps(volumes: Mapping[str, float], before: float, after: float) -> bool:
    """Says whether bodies of one side lie in one another: measured one by one they are more than what is found there.

    A hundredth at least: what is computed by triangles is no more than a thousandth off.
    """
    common, added, removed = (volumes.get(name, 0.0) for name in ("common", "added", "removed"))
    return any(whole - common - part > OVERLAPS * whole for part, whole in ((removed, before), (added, after)))


def pair_alike(pairs: Sequence[Pair], totals: Mapping[str, Mapping]) -> list[Pair]:
    """Returns the pairs with each added part that has the geometry of just one removed part as that one, renamed.

    `totals` has the measurement of the parts that are made by side and path: `-lid.py` before, `+lid.py` after.
    """
    gone = [pair for pair in pairs if pair.status == "removed" and totals.get(f"-{pair.path}")]
    twins: dict[str, list[Pair]] = {}
    for pair in pairs:
        own = totals.get(f"+{pair.path}") if pair.status == "added" else None
        if own:
            twins[pair.path] = [one for one in gone if is_alike(dict(totals[f"-{one.path}"]), dict(own))]
    claims = Counter(one.path for found in twins.values() for one in found)
    sure = {path: found[0].path for path, found in twins.items() if len(found) == 1 == claims[found[0].path]}
    left = [pair for pair in pairs if not (pair.status == "removed" and pair.path in sure.values())]
    return [Pair(sure[pair.path], pair.path, "renamed") if pair.after in sure else pair for pair in left]


def pair_edited(pairs: Sequence[Pair], before: Mapping[str, str], after: Mapping[str, str]) -> list[Pair]:
    """Returns the pairs with added scripts that are much like a removed one as that one, renamed; the likest first.

    `before` and `after` have the texts of scripts by path. Two are much alike when 60 % of their lines are the same.
    """
    gone = [pair.path for pair in pairs if pair.status == "removed" and len(before.get(pair.path, "")) in COMPARABLE]
    new = [pair.path for pair in pairs if pair.status == "added" and len(after.get(pair.path, "")) in COMPARABLE]
    likeness = {(old, path): _likeness(before[old], after[path]) for old in gone[:MOST] for path in new[:MOST]}
    sure: dict[str, str] = {}
    for old, path in sorted(likeness, key=lambda both: (-likeness[both], both)):
        if likeness[old, path] >= MUCH and path not in sure and old not in sure.values():
            sure[path] = old
    left = [pair for pair in pairs if not (pair.status == "removed" and pair.path in sure.values())]
    return [Pair(sure[pair.path], pair.path, "renamed") if pair.after in sure else pair for pair in left]


def _likeness(one: str, other: str) -> float:
    # Lines are counted, not aligned: that takes no longer for texts that are made to take long.
    old, new = (Counter(line.strip() for line in text.splitlines() if line.strip()) for text in (one, other))
    return 2 * (old & new).total() / max(old.total() + new.total(), 1)


def facts(before: Mapping | None, after: Mapping | None, materials: tuple[str, str] = ("", "")) -> list[Fact]:
    """The table of two builds' total measurements: volume, area, size, centre, what printing depends on, counts.

    Mass and filament count with the `materials` before and after, PLA where it is not known.
    A total has `volume_mm3, area_mm2, bbox_mm ((x, y, z), (x, y, z)), centre_mm (x, y, z), valid, solids,
    faces`, any of which may be missing; None stands for a part that is not there or was not made. Rows that
    neither side has are left out.
    """
    old, new = (dict(_rows(total, material)) for total, material in zip((before, after), materials, strict=True))
    table = []
    for name, unit in dict.fromkeys([*old, *new]):
        a, b = old.get((name, unit)), new.get((name, unit))
        if a is not None or b is not None:
            table.append(Fact(name, unit, a, b, _change(a, b)))
    return table


def _matches(new: Mapping[str, str], gone: Mapping[str, str]) -> dict[str, str]:
    """New path → gone path where both have the same word and nobody else has it."""
    times_new, times_gone = Counter(new.values()), Counter(gone.values())
    where = {word: path for path, word in gone.items()}
    alone = [(path, word) for path, word in new.items() if times_new[word] == 1 == times_gone[word]]
    return {path: where[word] for path, word in alone}


def _rows(total: Mapping | None, material: str) -> Iterator[tuple[tuple[str, str], Measure]]:
    total = total or {}
    yield ("volume", "mm³"), total.get("volume_mm3")
    yield ("area", "mm²"), total.get("area_mm2")
    low, high = total.get("bbox_mm") or (None, None)
    centre = total.get("centre_mm")
    for at, axis in enumerate(AXES):
        yield (f"size {axis}", "mm"), high[at] - low[at] if low and high else None
    for at, axis in enumerate(AXES):
        yield (f"centre {axis}", "mm"), centre[at] if centre else None
    yield ("mass", "g"), printing.mass(total, material)
    yield ("filament", "g"), printing.filament(total, material)
    yield ("print", "min"), printing.minutes(total)
    yield ("wall", "mm"), total.get("wall_mm")
    yield ("overhang", "mm²"), total.get("overhang_mm2")
    for name in ("solids", "faces", "valid"):
        yield (name, ""), total.get(name)


def _change(before: Measure, after: Measure) -> float | int | None:
    if before is None or after is None or isinstance(before, bool) or isinstance(after, bool):
        return None
    change = after - before
    return 0 if abs(change) <= SAME * max(1.0, abs(before), abs(after)) and isinstance(change, float) else change
