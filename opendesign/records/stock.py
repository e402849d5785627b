"""How much there is of everything, for operators: counted by the database, a few milliseconds altogether."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opendesign.records.build import Build, Comparison, Kind
from opendesign.records.design import Design
from opendesign.records.inspection import Inspection
from opendesign.records.person import Person
from opendesign.records.spot import Spot

KINDS: dict[str, Kind] = {"build": Build, "comparison": Comparison, "inspection": Inspection, "spot": Spot}


def states(session: Session) -> dict[str, dict[str, int]]:
    """Returns how many of each kind of made thing are in each state."""
    found = {}
    for name, kind in KINDS.items():
        rows: Any = session.execute(select(kind.state, func.count()).group_by(kind.state)).all()
        found[name] = dict(rows)
    return found


def oldest_wanted(session: Session) -> datetime | None:
    """Returns since when the thing has been waiting that waits the longest."""
    each = (session.scalar(select(func.min(kind.wanted_at)).where(kind.state == "wanted")) for kind in KINDS.values())
    return min((at for at in each if at is not None), default=None)


def build_seconds(session: Session) -> dict[str, tuple[int, float]]:
    """Returns how many builds ended in each way, and the seconds all of them took."""
    query = select(Build.state, func.count(Build.seconds), func.coalesce(func.sum(Build.seconds), 0.0))
    rows = session.execute(query.where(Build.state.in_(["made", "failed"])).group_by(Build.state)).all()
    return {state: (count, float(seconds or 0)) for state, count, seconds in rows}


def headcount(session: Session) -> tuple[int, int]:
    """Returns how many people and how many designs there are."""
    people, designs = (session.scalar(select(func.count(kind.id))) or 0 for kind in (Person, Design))
    return people, designs


def in_hand(session: Session, state: str, most: int) -> list[tuple[str, Build | Comparison | Inspection | Spot]]:
    """Returns what is `wanted` or `making`, of every kind, the oldest first."""
    found: list = []
    for name, kind in KINDS.items():
        query = select(kind).where(kind.state == state).order_by(kind.wanted_at).limit(most)
        found += [(name, row) for row in session.scalars(query)]
    return sorted(found, key=lambda each: each[1].wanted_at)[:most]
