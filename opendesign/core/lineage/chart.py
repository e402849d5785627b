"""A chart of designs by two properties where less is better: equal designs are one dot, and a line along the front."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from opendesign.core.lineage.pareto import front
from opendesign.core.scatter import Dot, Scatter, scatter


@dataclass(frozen=True)
class Entry:
    """A design with both properties."""

    key: int
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Group:
    """Designs with the same two properties: the first of them stands for all."""

    entries: list[Entry]
    best: bool

    @property
    def first(self) -> Entry:
        """The one that is named."""
        return self.entries[0]

    @property
    def label(self) -> str:
        """Its name, and how many more there are."""
        more = len(self.entries) - 1
        return f"{self.first.name} +{more}" if more else self.first.name


@dataclass(frozen=True)
class Chart:
    """Groups with the dot of each, the ticks of both axes, and the line along the front as an SVG path."""

    groups: list[Group] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    across: list[tuple[float, float]] = field(default_factory=list)
    down: list[tuple[float, float]] = field(default_factory=list)
    line: str = ""


def chart(entries: Iterable[Entry], focus: int) -> Chart:
    """Returns where designs lie. The one in focus is the first of its group; it and those on the front are named first.

    Along the line nobody is better in both: from one design to the next as much is won as is lost.
    """
    same: dict[tuple[float, float], list[Entry]] = {}
    for each in entries:
        those = same.setdefault((each.x, each.y), [])
        those.insert(0 if each.key == focus else len(those), each)
    places = list(same)
    best = front(places)
    standing = set(best)
    groups = [Group(same[place], number in standing) for number, place in enumerate(places)]
    here = [number for number, group in enumerate(groups) if group.first.key == focus]
    drawn: Scatter = scatter(places, [group.label for group in groups], [*here, *best])
    steps = [drawn.dots[number] for number in best]
    line = "".join(f"H{dot.x:g}V{dot.y:g}" for dot in steps[1:])
    start = f"M{steps[0].x:g} {steps[0].y:g}" if steps else ""
    return Chart(groups, drawn.dots, drawn.across, drawn.down, start + line)
