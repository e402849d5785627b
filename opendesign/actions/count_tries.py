"""Tries are counted by whom they are about and from where; past so many no more are taken. One brake for all doors."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from opendesign.core.errors import TooMany
from opendesign.records.base import now
from opendesign.records.database import Session
from opendesign.records.person import Attempt, attempts_since, forget_attempts

WINDOW = timedelta(minutes=15)
FROM_ONE_PLACE = 5  # times the tries of one name: an address may be shared by a whole lab
WAIT = "Too many tries; wait a quarter of an hour, or use a token."


def refuse_flood(session: Session, most: Mapping[str, int], words: str = WAIT) -> None:
    """Raises TooMany where one of these was tried as often as it may be within the last quarter of an hour."""
    for subject, limit in most.items():
        if tries(session, subject) >= limit:
            raise TooMany(words, int(WINDOW.total_seconds()))


def tries(session: Session, subject: str) -> int:
    """Returns how often this was tried within the last quarter of an hour."""
    return attempts_since(session, subject, now() - WINDOW)


def count_try(session: Session, subjects: Iterable[str]) -> None:
    """Counts a try of each of these; those that no longer count are forgotten."""
    forget_attempts(session, now() - WINDOW)
    session.add_all(Attempt(subject=subject) for subject in subjects)
