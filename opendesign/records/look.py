"""Who has looked at a proposal, and at which commit."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.records.base import Record, now, reference
from opendesign.records.person import Person
from opendesign.records.proposal import Proposal


class Look(Record):
    """Somebody saw a proposal when `sha` was its newest commit; there is one, of the latest look, for each person."""

    __tablename__ = "look"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = reference("proposal.id")
    person_id: Mapped[int] = reference("person.id")
    sha: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    person: Mapped[Person] = relationship(lazy="joined")


def looks_at(session: Session, proposal: Proposal) -> list[Look]:
    """Returns the latest look of each person, the newest first."""
    query = select(Look).where(Look.proposal_id == proposal.id).order_by(Look.at.desc(), Look.id.desc())
    return list(session.scalars(query))


def look_of(session: Session, proposal: Proposal, person: Person) -> Look | None:
    """Returns a person's latest look at a proposal."""
    query = select(Look).where(Look.proposal_id == proposal.id, Look.person_id == person.id)
    return session.scalars(query.order_by(Look.at.desc(), Look.id.desc())).first()
