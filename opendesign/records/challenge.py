"""Challenges: what a design asks its family for, what was entered, what came of it, and how each ended."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, ForeignKey, Select, Text, UniqueConstraint, bindparam, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.challenge import JUDGING, OPEN, Standing, rank, stage
from opendesign.core.errors import NotFound
from opendesign.records.base import Record, now, reference, trace
from opendesign.records.design import Design, hold
from opendesign.records.person import Person

WAITING, PASSED, FAILED = "waiting", "passed", "failed"
DEADLINE, CLOSED, WITHDRAWN = "deadline", "closed", "withdrawn"
ENDED = "ended"


class Challenge(Record):
    """A design asks for the least or most of a measure of a part (empty: of all) that passes the checks of `sha`."""

    __tablename__ = "challenge"
    __table_args__ = (UniqueConstraint("design_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    number: Mapped[int]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(Text, default="")
    part: Mapped[str] = mapped_column(default="")
    measure: Mapped[str]
    direction: Mapped[str]
    sha: Mapped[str]
    deadline: Mapped[datetime]
    person_id: Mapped[int | None] = trace("person.id")
    opened_at: Mapped[datetime] = mapped_column(default=now)
    design: Mapped[Design] = relationship()
    person: Mapped[Person | None] = relationship(lazy="joined")
    entries: Mapped[list["Entry"]] = relationship(order_by="Entry.id", back_populates="challenge")
    ending: Mapped["Ending | None"] = relationship(back_populates="challenge", lazy="joined")

    @property
    def state(self) -> str:
        """`open`, `judging` (the deadline has passed and entries are still to be judged), `ended` or `withdrawn`."""
        if self.ending is not None:
            return WITHDRAWN if self.ending.how == WITHDRAWN else ENDED
        return OPEN if self.stage() == OPEN else JUDGING

    @property
    def waiting(self) -> bool:
        """Whether an entry is still to be judged."""
        return any(each.waiting for each in self.entries)

    def stage(self, at: datetime | None = None) -> str:
        """Returns how far it is at a moment, by default now: open, judging, decided (core/challenge.py), or ended."""
        return ENDED if self.ending is not None else stage(self.deadline, self.waiting, at or now())

    @property
    def goal_ref(self) -> str:
        """The internal ref that keeps the commit whose checks decide."""
        return f"refs/challenges/{self.number}/goal"

    def ranked(self) -> list["Entry"]:
        """Returns the entries that pass, the best first."""
        by_key = {each.id: each for each in self.entries}
        standings = (Standing(each.id, each.state == PASSED, each.value, each.received_at) for each in by_key.values())
        return [by_key[key] for key in rank(standings, self.direction)]

    def listed(self) -> list["Entry"]:
        """Returns all entries: those that pass, the best first, then the others as they were received."""
        ranked = self.ranked()
        others = sorted((each for each in self.entries if each not in ranked), key=lambda each: each.received_at)
        return [*ranked, *others]


class Entry(Record):
    """A design of the family takes part with a branch or tag, as it stood at `sha`; the last entry of a design counts.

    `received_at`: when that commit first came into the entering design. `checks`, `value` and `problem` are what came
    of judging it.
    """

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("challenge_id", "source_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = reference("challenge.id")
    source_id: Mapped[int | None] = trace("design.id")
    ref: Mapped[str]
    sha: Mapped[str]
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)
    received_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(default=WAITING, index=True)
    value: Mapped[float | None]
    checks: Mapped[list] = mapped_column(default=list)
    problem: Mapped[str] = mapped_column(Text, default="")
    judged_at: Mapped[datetime | None]
    challenge: Mapped[Challenge] = relationship(back_populates="entries")
    source: Mapped[Design | None] = relationship()
    person: Mapped[Person | None] = relationship(lazy="joined")

    @property
    def waiting(self) -> bool:
        """Whether it is still to be judged."""
        return self.state == WAITING

    @property
    def head_ref(self) -> str:
        """The internal ref that keeps the entered commit in the asking design's repository."""
        return f"refs/challenges/{self.challenge.number}/{self.source_id}"


class Awaited(Record):
    """A build, comparison or inspection, by its key, that has to end before an entry can be judged."""

    __tablename__ = "awaited"
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True, index=True)


class Ending(Record):
    """A challenge ended: at its deadline, closed before, or withdrawn; `entry_id` won, if any did."""

    __tablename__ = "ending"
    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = reference("challenge.id", unique=True)
    entry_id: Mapped[int | None] = trace("entry.id")
    person_id: Mapped[int | None] = trace("person.id")
    how: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)
    challenge: Mapped[Challenge] = relationship(back_populates="ending")
    winner: Mapped[Entry | None] = relationship(lazy="joined")
    person: Mapped[Person | None] = relationship(lazy="joined")


def challenges_of(session: Session, design: Design, state: str = ""):
    """Returns the query for a design's challenges, newest first, perhaps only those `open` or `ended`."""
    query = select(Challenge).where(Challenge.design_id == design.id)
    if state == "open":
        query = query.where(~Challenge.ending.has())
    elif state == "ended":
        query = query.where(Challenge.ending.has())
    return query.order_by(Challenge.number.desc())


def challenge_of(session: Session, design: Design, number: int) -> Challenge:
    """Returns one challenge of a design by its number; NotFound otherwise."""
    query = select(Challenge).where(Challenge.design_id == design.id, Challenge.number == number)
    found = session.scalar(query)
    if found is None:
        raise NotFound(f"{design.path} has no challenge {number}.")
    return found


def challenge_by_id(session: Session, key: int) -> Challenge | None:
    """Returns the challenge with this row number, or None."""
    return session.get(Challenge, key)


def hold_challenge(session: Session, challenge: Challenge) -> None:
    """Waits while another transaction enters or ends a challenge, and reads what it made of it; then others wait."""
    session.flush()
    session.execute(select(Challenge.id).where(Challenge.id == challenge.id).with_for_update(key_share=True))
    session.expire(challenge, ["entries", "ending"])


def open_challenges(session: Session, design: Design) -> int:
    """Returns how many challenges of a design have not ended."""
    query = challenges_of(session, design, "open").order_by(None)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def next_challenge(session: Session, design: Design) -> int:
    """Returns the number the next challenge of a design gets, from 1; nobody else gets one before this is written."""
    hold(session, design)
    return (session.scalar(select(func.max(Challenge.number)).where(Challenge.design_id == design.id)) or 0) + 1


def entry_by(session: Session, challenge: Challenge, source: Design) -> Entry | None:
    """Returns what a design has entered, or None."""
    return session.scalar(select(Entry).where(Entry.challenge_id == challenge.id, Entry.source_id == source.id))


def wait_for(session: Session, entry: Entry, keys: Iterable[str]) -> None:
    """Says what has to end before an entry can be judged."""
    session.execute(delete(Awaited).where(Awaited.entry_id == entry.id))
    session.add_all(Awaited(entry_id=entry.id, key=key) for key in sorted(set(keys)))


def challenges_awaiting(session: Session, key: str) -> list[int]:
    """Returns the challenges that have not ended and have entries for which something has to end first."""
    return list(session.scalars(_challenges_awaiting(), {"key": key}))


@cache
def _challenges_awaiting() -> Select:
    key: ColumnElement[str] = bindparam("key", type_=Awaited.key.type)
    query = select(Entry.challenge_id).join(Awaited, Awaited.entry_id == Entry.id).where(Awaited.key == key)
    query = query.outerjoin(Ending, Ending.challenge_id == Entry.challenge_id).where(Ending.id.is_(None))
    return query.where(Entry.state == WAITING).distinct()


def unsettled(session: Session) -> list[int]:
    """Returns the challenges that have entries to be judged, or whose deadline has passed and nobody has ended."""
    waiting = Challenge.id.in_(select(Entry.challenge_id).where(Entry.state == WAITING))
    due = or_(waiting, Challenge.deadline <= now())
    return list(session.scalars(select(Challenge.id).where(~Challenge.ending.has(), due)))
