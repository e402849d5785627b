"""Identities: under which name a provider elsewhere knows a person, so that its word lets them in."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.records.base import Record, now, reference
from opendesign.records.person import Person


class Identity(Record):
    """A provider (`issuer`) calls a person `subject`, which never changes; `label` is what people read of it."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    issuer: Mapped[str]
    subject: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    person: Mapped[Person] = relationship()


def identity_at(session: Session, issuer: str, subject: str) -> Identity | None:
    """Returns the identity that a provider calls so, or None."""
    return session.scalar(select(Identity).where(Identity.issuer == issuer, Identity.subject == subject))


def identities_of(session: Session, person: Person) -> list[Identity]:
    """Returns what providers call a person, oldest first."""
    return list(session.scalars(select(Identity).where(Identity.person_id == person.id).order_by(Identity.id)))
