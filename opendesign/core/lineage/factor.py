"""Factors: on how few people a design rests, and how many teams have shown that it can be built."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from opendesign.core.lineage.number import Event, Number, ordered

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Built:
    """A verified build: what was made by whom, the team of its maker, and where and when it was recorded."""

    name: str
    team: int
    design: int
    number: int
    sha: str
    at: datetime


def bus_factor(shares: Mapping[str, float]) -> Number:
    """Returns the fewest people who together hold more than half of the credit, 0 where there is none.

    `shares` is what each person holds, in any unit: credit in ppm, or the value of improvements.
    """
    held = ordered(Event(person, value) for person, value in shares.items() if value > 0)
    whole, sum_so_far = sum(each.value for each in held), 0.0
    for count, each in enumerate(held, 1):
        sum_so_far += each.value
        if 2 * sum_so_far > whole:
            return Number(float(count), "people", "bus", held)
    return Number(0.0, "people", "bus")


def build_factor(builds: Iterable[Built], now: datetime) -> Number:
    """Returns how many teams have a verified build that was recorded in the last 12 months.

    Each build is an event: the first of each team counts one, its others nothing.
    """
    counted: set[int] = set()
    events = []
    for each in sorted(builds, key=lambda one: (one.at, one.design, one.number)):
        if timedelta() <= now - each.at <= YEAR:
            value = float(each.team not in counted)
            counted.add(each.team)
            events.append(Event(each.name, value, each.sha, each.design, each.at, each.number))
    return Number(float(len(counted)), "teams", "builds", ordered(events))
