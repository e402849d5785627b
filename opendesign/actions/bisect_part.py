"""Which commit did this: the first revision at which a property of a part passes a limit, found with few builds."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from opendesign.actions.follow_part import Point, want_points
from opendesign.actions.house import Work
from opendesign.actions.want_build import WATCHED
from opendesign.core.errors import Invalid, NotFound
from opendesign.core.history import search
from opendesign.records.design import Design


@dataclass(frozen=True)
class Bisection:
    """How far a search is: the revision it `found` and the one before, or the builds it waits for (`unknown`).

    Neither: both ends lie on the same side of the limit. `skipped` did not build, and any of them may have been it.
    """

    found: Point | None = None
    before: Point | None = None
    skipped: list[Point] = field(default_factory=list)
    unknown: list[Point] = field(default_factory=list)

    @property
    def state(self) -> str:
        """`found`, `making` (builds are missing) or `none` (the limit is not passed)."""
        return "found" if self.found else "making" if self.unknown else "none"

    @property
    def lacking(self) -> bool:
        """True while nobody has wanted one of the builds it waits for."""
        return any(point.state == "lacking" for point in self.unknown)


def bisect_part(points: Sequence[Point], name: str, density: float, limit: float | None = None) -> Bisection:
    """Returns what the builds so far say about when a property (core/history.py) passed a limit; wants nothing.

    Without a limit it is the middle between the first and the last value. Density in g/cm³.
    """
    verdict = search([point.step(name, density) for point in points], limit)
    if verdict.found is None:
        return Bisection(unknown=[points[number] for number in verdict.unknown])
    skipped = [points[number] for number in verdict.skipped]
    before = points[verdict.found - len(skipped) - 1]
    return Bisection(points[verdict.found], before, skipped)


def want_step(work: Work, design: Design, bisection: Bisection) -> None:
    """Wants the builds a search waits for: somebody is looking."""
    want_points(work, design, bisection.unknown, WATCHED)


def between(points: Sequence[Point], since: str, until: str) -> list[Point]:
    """Returns the points from one revision to another, each named by its id; empty means the end of the history.

    Raises NotFound for a revision that is no point, Invalid when they are in the wrong order.
    """
    first, last = _number(points, since, 0), _number(points, until, len(points) - 1)
    if first > last:
        message = "comes after “until”; the older revision is named first"
        raise Invalid(f"“since” {message}.", [{"name": "since", "message": message}])
    return list(points[first : last + 1])


def _number(points: Sequence[Point], sha: str, otherwise: int) -> int:
    if not sha:
        return otherwise
    found = [number for number, point in enumerate(points) if point.commit.sha == sha]
    if not found:
        raise NotFound(f"Revision {sha[:12]} did not change this part; its history names those that did.")
    return found[0]
