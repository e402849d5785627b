"""Notices: what people are told that others did with their designs, until they have read it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Text, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.digest import NEVER
from opendesign.core.news import ADOPTED
from opendesign.records.base import Record, now, reference, trace
from opendesign.records.design import Design, visible_to
from opendesign.records.made import Made
from opendesign.records.person import Person

MOST = 500  # of the newest that are listed


class Notice(Record):
    """One person is told that `target` took commits of `source`; `sha` is the last of them there.

    `said` is why whoever took them has the right to, where the licences do not say so. Of another `kind` it is about
    what somebody did with a proposal to `target`, or with what was made of it, and `said` what they said
    (core/news.py).
    """

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(default=ADOPTED)
    person_id: Mapped[int] = reference("person.id")
    source_id: Mapped[int] = reference("design.id")
    target_id: Mapped[int] = reference("design.id")
    by_id: Mapped[int | None] = trace("person.id")
    proposal_id: Mapped[int | None] = reference("proposal.id", nullable=True)
    made_id: Mapped[int | None] = reference("made.id", nullable=True)
    sha: Mapped[str]
    subject: Mapped[str]
    commits: Mapped[int]
    said: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    source: Mapped[Design] = relationship(foreign_keys=[source_id])
    target: Mapped[Design] = relationship(foreign_keys=[target_id])
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])
    made: Mapped[Made | None] = relationship(foreign_keys=[made_id])


def notices_to(session: Session, person: Person) -> list[Notice]:
    """Returns what a person is told, the newest first."""
    query = select(Notice).where(*_to(person)).order_by(Notice.at.desc(), Notice.id.desc())
    return list(session.scalars(query.limit(MOST)))


def unread_count(session: Session, person: Person) -> int:
    """Returns how many notices a person has not read."""
    return session.scalar(select(func.count(Notice.id)).where(*_to(person), Notice.read_at.is_(None))) or 0


def mark_read(session: Session, person: Person) -> None:
    """Says that a person has read everything there is."""
    mine = (Notice.person_id == person.id, Notice.read_at.is_(None))
    session.execute(update(Notice).where(*mine).values(read_at=now()))


def unmailed(
    session: Session, choice: str, since: datetime, before: datetime | None = None, person: int = 0, key: int = 0
) -> list[Notice]:
    """Returns notices since then that were neither read nor mailed, of people who get letters, oldest first.

    With a `choice` only of people who chose that, before a moment, to one person, or one by its number. What somebody
    may not see by now is left out.
    """
    query = select(Notice).join(Person, Person.id == Notice.person_id).where(*_unmailed(since, before))
    for wanted, column in ((choice, Person.letters), (person, Person.id), (key, Notice.id)):
        query = query.where(column == wanted) if wanted else query
    found = list(session.scalars(query.order_by(Notice.id).limit(MOST)))
    readers = {row.person_id: row.person for row in found}
    seen: set[int] = set()
    for reader in readers.values():
        ids = [row.id for row in found if row.person_id == reader.id]
        seen |= set(session.scalars(select(Notice.id).where(*_to(reader), Notice.id.in_(ids))))
    return [row for row in found if row.id in seen]


def notices_by_id(session: Session, keys: Iterable[int]) -> list[Notice]:
    """Returns the notices with these numbers, oldest first."""
    return list(session.scalars(select(Notice).where(Notice.id.in_(list(keys))).order_by(Notice.id)))


def people_unmailed(session: Session, since: datetime, before: datetime) -> list[int]:
    """Returns the numbers of people who get letters and have such notices."""
    query = select(Notice.person_id).join(Person, Person.id == Notice.person_id)
    return sorted(set(session.scalars(query.where(*_unmailed(since, before)))))


def letters_since(session: Session, person: Person, since: datetime) -> int:
    """Returns how many letters about notices have gone to a person since then: what one tells of has one moment."""
    letters = func.count(Notice.mailed_at.distinct())
    return session.scalar(select(letters).where(Notice.person_id == person.id, Notice.mailed_at > since)) or 0


def _unmailed(since: datetime, before: datetime | None):
    """Returns the conditions for notices that a letter may tell of, to people who want letters and may act."""
    told = [Notice.at > since, Notice.mailed_at.is_(None), Notice.read_at.is_(None)]
    told.append(or_(Person.letters_at.is_(None), Notice.at > Person.letters_at))
    people = [Person.letters != NEVER, Person.proven_at.is_not(None), Person.suspended_at.is_(None)]
    return [*told, *people, *([Notice.at < before] if before else [])]


def _to(person: Person):
    """Returns the conditions for a person's notices about designs that they may see, by now."""
    seen = select(Design.id).where(visible_to(person))
    return (Notice.person_id == person.id, Notice.source_id.in_(seen), Notice.target_id.in_(seen))
