"""Confirmations: that a source's team has said yes to what a message declares."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, chunks, now, reference, trace


class Confirmation(Record):
    """Somebody of the source's team confirmed that a design has a change from it.

    It stands by itself, since adoptions are found anew.
    """

    __tablename__ = "confirmation"
    __table_args__ = (UniqueConstraint("target_id", "source_sha"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = reference("design.id")
    target_id: Mapped[int] = reference("design.id")
    source_sha: Mapped[str]
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)


def confirm(session: Session, source: int, target: int, sha: str, person: int | None) -> None:
    """Keeps that a source confirmed a change; another source's word, who was the first until now, gives way to it."""
    query = select(Confirmation).where(Confirmation.target_id == target, Confirmation.source_sha == sha)
    row = session.scalar(query) or Confirmation(target_id=target, source_sha=sha)
    row.source_id, row.person_id, row.at = source, person, now()
    session.add(row)
    session.flush()


def confirmations(session: Session, target: int, shas: Iterable[str]) -> dict[tuple[int, str], datetime]:
    """Returns when it was confirmed that a design has some changes, by source and commit."""
    found: dict[tuple[int, str], datetime] = {}
    for chunk in chunks(shas):
        query = select(Confirmation).where(Confirmation.target_id == target, Confirmation.source_sha.in_(chunk))
        found |= {(row.source_id, row.source_sha): row.at for row in session.scalars(query)}
    return found
