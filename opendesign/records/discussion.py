"""Discussions: what people say about an improvement."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Text, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.errors import NotFound
from opendesign.records.base import Record, now, reference, trace
from opendesign.records.design import Design
from opendesign.records.person import Person


class Saying(Record):
    """Something said about an improvement; `design_id` is where that was born, and who may see it there reads this.

    What was said while that was `private` stays with those who see it as if it were.
    """

    __tablename__ = "saying"
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    sha: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[int | None] = trace("person.id")
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    person: Mapped[Person | None] = relationship(lazy="joined")


def sayings_about(session: Session, sha: str, designs: Collection[int]) -> list[Saying]:
    """Returns what was said about an improvement while it was at home in one of these designs, oldest first."""
    query = select(Saying).where(Saying.sha == sha, Saying.design_id.in_(designs))
    return list(session.scalars(query.order_by(Saying.id)))


def sayings_in(session: Session, design: Design) -> list[Saying]:
    """Returns what was said about improvements while they were at home in a design, oldest first."""
    return list(session.scalars(select(Saying).where(Saying.design_id == design.id).order_by(Saying.id)))


def saying_about(session: Session, sha: str, designs: Collection[int], key: int) -> Saying:
    """Returns one thing that was said about an improvement, by its number; NotFound otherwise."""
    query = select(Saying).where(Saying.sha == sha, Saying.design_id.in_(designs), Saying.id == key)
    said = session.scalar(query)
    if said is None:
        raise NotFound(f"Nothing with the number {key} was said about this improvement.")
    return said
