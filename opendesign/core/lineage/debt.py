"""Upstream debt: what one design has not taken from another, weighed by how long it has been there to take."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from opendesign.core.lineage.flow import Born, Lives
from opendesign.core.lineage.number import Event, Number, total

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Debt:
    """What a design has not taken: Σ value · age, the improvements (the oldest first), and how many apply cleanly.

    `clean` is None while nobody has tried.
    """

    number: Number
    open: tuple[Born, ...]
    clean: int | None

    @property
    def count(self) -> int:
        """How many improvements these are."""
        return len(self.open)

    @property
    def oldest(self) -> datetime | None:
        """When the oldest of them was born."""
        return self.open[0].at if self.open else None


def debt(
    born: Iterable[Born], lives: Lives, paths: Collection[str], applies: Mapping[str, bool], now: datetime
) -> Debt:
    """Returns the debt of a design to another whose improvements these are.

    `lives` is what lives in the design that owes, `paths` the files of its parts: an improvement of a part that it
    does not have is none to it. `applies` says which were tried, and whether they apply.
    """
    lacking = [each for each in born if each.sha not in lives and any(path in paths for path in each.paths)]
    lacking.sort(key=lambda each: (each.at, each.sha))
    events = (Event(each.subject, _owed(each, now), each.sha, each.design, each.at) for each in lacking)
    tried = [applies[each.sha] for each in lacking if each.sha in applies]
    clean = sum(tried) if len(tried) == len(lacking) else None
    return Debt(total("value · years", "debt", events), tuple(lacking), clean)


def _owed(born: Born, now: datetime) -> float:
    return round(born.value * max(now - born.at, timedelta()) / YEAR, 6)
