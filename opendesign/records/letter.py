"""Letters with a link in them: wanted by somebody, written and sent by the worker, used once."""

from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.letter import LIFETIMES, MOVE
from opendesign.records.base import Record, now, reference
from opendesign.records.person import Person


class Letter(Record):
    """A letter to a person; the secret in its link is made when it is written, and only a hash of it is kept."""

    __tablename__ = "letter"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    kind: Mapped[str]
    email: Mapped[str]
    secret_hash: Mapped[str | None] = mapped_column(unique=True)
    wanted_at: Mapped[datetime] = mapped_column(default=now, index=True)
    written_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()


def letter_by_id(session: Session, key: int) -> Letter | None:
    """Returns the letter with this number, or None."""
    return session.get(Letter, key)


def letter_by_hash(session: Session, kind: str, secret_hash: str) -> Letter | None:
    """Returns the letter whose link still works: unused, not too old, to the address the person has or moves to."""
    query = select(Letter).join(Person).where(Letter.secret_hash == secret_hash, Letter.kind == kind)
    query = query.where(Letter.used_at.is_(None), Letter.written_at > now() - LIFETIMES[kind])
    return session.scalar(query.where(or_(Letter.email == Person.email, Letter.kind == MOVE)))


def letters_since(session: Session, person: Person, kind: str, since: datetime) -> int:
    """Returns how many letters of a kind a person has been written since then."""
    query = select(func.count(Letter.id)).where(Letter.person_id == person.id, Letter.kind == kind)
    return session.scalar(query.where(Letter.wanted_at > since)) or 0


def letters_unsent(session: Session, begun: datetime) -> list[int]:
    """Returns the letters that still wait; one begun before that moment was left by a worker that died."""
    idle = or_(Letter.written_at.is_(None), Letter.written_at < begun)
    query = select(Letter.id).where(Letter.sent_at.is_(None), Letter.used_at.is_(None), idle).order_by(Letter.id)
    alive = or_(*((Letter.kind == kind) & (Letter.wanted_at > now() - life) for kind, life in LIFETIMES.items()))
    return list(session.scalars(query.where(alive)))


def spend_letters(session: Session, person: Person, kind: str) -> None:
    """Makes the links in all of a person's letters of a kind worthless."""
    wanted = (Letter.person_id == person.id, Letter.kind == kind, Letter.used_at.is_(None))
    session.execute(update(Letter).where(*wanted).values(used_at=now()))


def forget_letters(session: Session) -> None:
    """Drops letters whose links have long stopped to work."""
    session.execute(delete(Letter).where(Letter.wanted_at < now() - 2 * max(LIFETIMES.values())))
