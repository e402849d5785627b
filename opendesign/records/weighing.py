"""Weighings: what came of trying to merge two designs of a family, asked for by somebody, kept until either moves."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, now, reference, trace


class Weighing(Record):
    """The heads of two designs, the lower number first, merged for a try.

    `conflicts` are the paths that do not merge, `builds` the keys of the merged parts by path, `readers` which of these
    parts read each path; `onto_one` and `onto_other` say which improvements were applied to each head alone, and
    whether they apply. `refusal` says why nothing could be tried. `made_at` is None while it waits.
    """

    __tablename__ = "weighing"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = reference("design.id")
    other_id: Mapped[int] = reference("design.id")
    one_sha: Mapped[str]
    other_sha: Mapped[str]
    conflicts: Mapped[list] = mapped_column(default=list)
    builds: Mapped[dict] = mapped_column(default=dict)
    readers: Mapped[dict] = mapped_column(default=dict)
    onto_one: Mapped[dict] = mapped_column(default=dict)
    onto_other: Mapped[dict] = mapped_column(default=dict)
    refusal: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = trace("person.id")
    wanted_at: Mapped[datetime] = mapped_column(default=now)
    made_at: Mapped[datetime | None]


def weighing_of(session: Session, one: int, other: int) -> Weighing | None:
    """Returns the last weighing of two designs, in whichever order they are named, or None."""
    low, high = sorted((one, other))
    return session.scalar(select(Weighing).where(Weighing.one_id == low, Weighing.other_id == high))


def waiting_weighings(session: Session) -> list[tuple[int, int]]:
    """Returns the pairs whose weighing waits to be made."""
    query = select(Weighing.one_id, Weighing.other_id).where(Weighing.made_at.is_(None))
    return [(one, other) for one, other in session.execute(query)]
