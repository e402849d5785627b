"""The graph of a family: one lane for each design that has done something, over time, and what flowed between them."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

DRAWN = 40  # lanes; more would be a wall, and the table holds every design anyway
GROUPS = 8  # lanes that stand for designs which are not drawn
SMALL = 3  # designs; fewer get no lane of their own for it
ROW = 36.0  # px
SPAN = 1000.0  # units across, from the first moment to the last
MARGIN = 24.0  # units at both ends
NEAR = 16.0  # units; events nearer than this are one point
SLANT = 30.0  # units from where something leaves to where it arrives
THIN, THICK = 1.5, 9.0  # px of what flowed least and most
MUCH = 6  # improvements; where less flowed, nothing is drawn thickest
TICKS = 4


@dataclass(frozen=True)
class Sibling:
    """A design of a family: how deep in the tree, when it began and last moved, whether it changed anything itself."""

    key: int
    parent: int | None
    depth: int
    begun: datetime
    moved: datetime
    active: bool = True


@dataclass(frozen=True)
class Flow:
    """That one design took so many improvements from another."""

    source: int
    target: int
    at: datetime
    amount: int = 1
    title: str = ""


@dataclass(frozen=True)
class Lane:
    """A line of the graph: the design it is, or those that it stands for; x of its beginning and its last change."""

    key: int | None
    y: float
    depth: int
    start: float
    moved: float
    folded: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ribbon:
    """What flowed from one lane to another: where it leaves and arrives, and how thick it is."""

    source: int
    target: int
    begin: tuple[float, float]
    end: tuple[float, float]
    thickness: float
    flows: list[Flow]


@dataclass(frozen=True)
class Point:
    """What a design took at about one time."""

    x: float
    y: float
    flows: list[Flow]


@dataclass(frozen=True)
class Graph:
    """A drawing `SPAN` units across and `height` px down; forks are (x, y of the parent, y of the fork)."""

    height: float
    lanes: list[Lane] = field(default_factory=list)
    forks: list[tuple[float, float, float]] = field(default_factory=list)
    ribbons: list[Ribbon] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    ticks: list[tuple[float, datetime]] = field(default_factory=list)


def graph(siblings: Sequence[Sibling], flows: Sequence[Flow], focus: int) -> Graph:
    """Returns the graph of siblings, given in the order of their tree; the same ones always give the same graph."""
    if not siblings:
        return Graph(0.0)
    drawn = chosen(siblings, flows, focus)
    moments = [moment for each in siblings for moment in (each.begun, each.moved)] + [each.at for each in flows]
    start, end = min(moments), max(moments)
    across = _across(start, end)
    lanes = _lanes(siblings, drawn, across)
    lines = {lane.key: lane for lane in lanes if lane.key is not None}
    shown = [each for each in flows if each.source in lines and each.target in lines]
    forks = [
        (across(each.begun), lines[each.parent].y, lines[each.key].y)
        for each in siblings
        if each.key in lines and each.parent in lines
    ]
    steps = ((end - start) * number / TICKS for number in range(TICKS + 1))
    ticks = [(across(start + step), start + step) for step in steps] if end > start else [(across(start), start)]
    return Graph(len(lanes) * ROW, lanes, forks, _ribbons(shown, lines, across), _points(shown, lines, across), ticks)


def chosen(siblings: Sequence[Sibling], flows: Iterable[Flow], focus: int) -> set[int]:
    """Returns whom to draw: everybody in a small family, else who is in focus, gave, took or changed something."""
    if len(siblings) <= DRAWN:
        return {each.key for each in siblings}
    weight = _weights(flows)
    told = [each for each in siblings if each.key == focus or each.depth == 0 or each.active or each.key in weight]
    told.sort(key=lambda each: (each.key != focus, -weight.get(each.key, 0), each.depth > 0, -each.moved.timestamp()))
    return {each.key for each in told[:DRAWN]}


def groups(siblings: Sequence[Sibling], drawn: Collection[int]) -> dict[int | None, list[int]]:
    """Returns those who are not drawn, by the nearest design above them that is; small groups join the largest one."""
    parents = {each.key: each.parent for each in siblings}
    found: dict[int | None, list[int]] = {}
    for each in siblings:
        if each.key not in drawn:
            above, seen = each.parent, {each.key}
            while above is not None and above not in drawn and above not in seen:
                seen.add(above)
                above = parents.get(above)
            found.setdefault(above if above in drawn else None, []).append(each.key)
    largest = sorted(found, key=lambda key: (-len(found[key]), key is None, key or 0))
    for number, key in enumerate(largest[1:], start=1):
        if number >= GROUPS or len(found[key]) < SMALL:
            found[largest[0]] += found.pop(key)
    return found


def _weights(flows: Iterable[Flow]) -> dict[int, int]:
    weight: dict[int, int] = {}
    for each in flows:
        for key in (each.source, each.target):
            weight[key] = weight.get(key, 0) + each.amount
    return weight


def _lanes(siblings: Sequence[Sibling], drawn: set[int], across: Callable[[datetime], float]) -> list[Lane]:
    folded = groups(siblings, drawn)
    known = {each.key: each for each in siblings}
    rows: list[tuple[Sibling | None, int, tuple[int, ...]]] = []
    for each in siblings:
        if each.key in drawn:
            rows.append((each, each.depth, ()))
            if each.key in folded:
                rows.append((None, each.depth + 1, tuple(folded[each.key])))
    if None in folded:
        rows.append((None, 0, tuple(folded[None])))
    lanes = []
    for number, (sibling, depth, keys) in enumerate(rows):
        those = [sibling] if sibling else [known[key] for key in keys]
        begun, moved = min(each.begun for each in those), max(each.moved for each in those)
        key = sibling.key if sibling else None
        lanes.append(Lane(key, number * ROW + ROW / 2, depth, across(begun), across(max(begun, moved)), keys))
    return lanes


def _ribbons(flows: Sequence[Flow], lanes: Mapping[int, Lane], across: Callable[[datetime], float]) -> list[Ribbon]:
    pairs: dict[tuple[int, int], list[Flow]] = {}
    for each in flows:
        pairs.setdefault((each.source, each.target), []).append(each)
    most = max((sum(each.amount for each in those) for those in pairs.values()), default=0)
    found = []
    for (source, target), those in pairs.items():
        x = across(max(each.at for each in those))
        share = math.sqrt(sum(each.amount for each in those) / max(most, MUCH))
        ends = (min(x, max(lanes[source].start, x - SLANT)), lanes[source].y), (x, lanes[target].y)
        found.append(Ribbon(source, target, *ends, round(THIN + (THICK - THIN) * share, 2), those))
    return sorted(found, key=lambda each: (-each.thickness, each.source, each.target))


def _points(flows: Sequence[Flow], lanes: Mapping[int, Lane], across: Callable[[datetime], float]) -> list[Point]:
    found: list[Point] = []
    for each in sorted(flows, key=lambda each: (lanes[each.target].y, each.at, each.source, each.title)):
        x, y = across(each.at), lanes[each.target].y
        if found and found[-1].y == y and x - found[-1].x < NEAR:
            found[-1].flows.append(each)
        else:
            found.append(Point(x, y, [each]))
    return found


def _across(start: datetime, end: datetime) -> Callable[[datetime], float]:
    span = (end - start) / timedelta(seconds=1)

    def placed(moment: datetime) -> float:
        share = (moment - start) / timedelta(seconds=1) / span if span else 0.0
        return round(MARGIN + (SPAN - 2 * MARGIN) * share, 1)

    return placed
