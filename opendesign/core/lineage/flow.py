"""Flow: what was born in one design of a family and lives in another, and how much two designs cooperate by it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from opendesign.core.lineage.number import Event, Number, share, total

RECENT = timedelta(days=365)  # what was born earlier says nothing about how two teams work together now
SURVIVAL = timedelta(days=30)  # what was taken and is gone within a month was tried, not adopted
VALUE = "value"  # the unit: log2 of tokens, at most 5 for a hunk (core/lineage/unit.py)


@dataclass(frozen=True)
class Born:
    """An improvement as numbers see it: its commit, where and when it was born, what it is worth, what it touches."""

    sha: str
    design: int
    at: datetime
    value: float
    subject: str = ""
    paths: tuple[str, ...] = ()
    author: str = ""


@dataclass(frozen=True)
class Living:
    """That an improvement lives in a design: how much of it, and since when; None: the fork began with it."""

    share: float = 1.0
    since: datetime | None = None


Lives = Mapping[str, Living]


def offered(born: Iterable[Born], lives: Lives, now: datetime) -> Number:
    """Returns N(S → T), what of a design's recent improvements another could take or has taken.

    What a fork began with is derivation: it can flow no more, so it does not count here either.
    """
    return total(VALUE, "offered", (_event(each, each.value, each.at) for each in _recent(born, lives, now)))


def flow(born: Iterable[Born], lives: Lives, now: datetime) -> Number:
    """Returns A(S → T), what of a design's recent improvements has lived in another for 30 days."""
    return total(VALUE, "flow", _taken(born, lives, now, young=False))


def young(born: Iterable[Born], lives: Lives, now: datetime) -> Number:
    """Returns what another design has taken within the last 30 days: shown at once, counted later."""
    return total(VALUE, "young", _taken(born, lives, now, young=True))


def cooperation(there: Number, back: Number, offered_there: Number, offered_back: Number, one_team: bool) -> Number:
    """Returns coop = flow · (1 + recip) / 2 of two designs, 0 to 1; 0 where nothing could flow, and within one team."""
    events = (*there.events, *back.events)
    if one_team:
        return Number(0.0, "share", "cooperation", (), "one team")
    there_value, back_value = there.value or 0.0, back.value or 0.0
    both = there_value + back_value
    flowing = share(both, (offered_there.value or 0.0) + (offered_back.value or 0.0))
    mutual = share(2 * min(there_value, back_value), both)
    return Number(round(flowing * (1 + mutual) / 2, 6), "share", "cooperation", events)


def _recent(born: Iterable[Born], lives: Lives, now: datetime) -> Iterator[Born]:
    for each in born:
        living = lives.get(each.sha)
        if now - each.at <= RECENT and not (living and living.since is None):
            yield each


def _taken(born: Iterable[Born], lives: Lives, now: datetime, young: bool) -> Iterator[Event]:
    for each in _recent(born, lives, now):
        living = lives.get(each.sha)
        if living and living.since and (now - living.since < SURVIVAL) == young:
            yield _event(each, each.value * living.share, living.since)


def _event(born: Born, value: float, at: datetime) -> Event:
    return Event(born.subject, round(value, 6), born.sha, born.design, at)
