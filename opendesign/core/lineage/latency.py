"""Latency: how long improvements take from where they were born to where they are taken."""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from opendesign.core.lineage.flow import Born, Lives
from opendesign.core.lineage.number import Event, Number, ordered, share

PATIENCE = timedelta(days=90)  # a season: what nobody has taken by then was seen and left
DAYS = "days"


@dataclass(frozen=True)
class Latency:
    """Median and ninth decile of the days until an improvement was taken, and the share not taken within 90."""

    median: Number
    slow: Number
    left: Number


def latency(born: Iterable[Born], lives: Lives, now: datetime) -> Latency:
    """Returns how long a design's improvements took to another, of those it did not begin with."""
    found = [(each, lives.get(each.sha)) for each in born]
    flowing = [(each, living.since if living else None) for each, living in found if not (living and not living.since)]
    taken = ordered(_event(each, since) for each, since in flowing if since)
    old = [(each, since) for each, since in flowing if now - each.at > PATIENCE]
    left = [each for each, since in old if since is None or since - each.at > PATIENCE]
    events = ordered(Event(each.subject, each.value, each.sha, each.design, each.at) for each in left)
    return Latency(
        _days("median", taken, 0.5),
        _days("p90", taken, 0.9),
        Number(share(len(left), len(old)) if old else None, "share", "left", events, "" if old else "too young"),
    )


def _event(born: Born, since: datetime) -> Event:
    days = max(0.0, (since - born.at) / timedelta(days=1))
    return Event(born.subject, round(days, 4), born.sha, born.design, since)


def _days(formula: str, taken: tuple[Event, ...], quantile: float) -> Number:
    if not taken:
        return Number(None, DAYS, formula, (), "nothing taken")
    days = sorted(each.value for each in taken)
    value = statistics.median(days) if quantile == 0.5 else days[math.ceil(quantile * len(days)) - 1]
    return Number(round(value, 4), DAYS, formula, taken)
