"""Mishaps: jobs that raised instead of ending, kept until they succeed or an operator lets go of them."""

from datetime import datetime
from functools import cache

from sqlalchemy import Select, Text, UniqueConstraint, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.core.errors import NotFound
from opendesign.records.base import Record, now


class Mishap(Record):
    """A job of this name and key failed last with `message`, and so many times in a row."""

    __tablename__ = "mishap"
    __table_args__ = (UniqueConstraint("job", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str]
    key: Mapped[str]
    message: Mapped[str] = mapped_column(Text)
    times: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(default=now)
    request: Mapped[str] = mapped_column(default="")


def mishaps() -> Select:
    """Returns the query for jobs that failed, newest first."""
    return select(Mishap).order_by(Mishap.at.desc(), Mishap.id.desc())


def note_mishap(session: Session, job: str, key: str, message: str, request: str) -> Mishap:
    """Writes that a job has failed, once more if it had before."""
    row = session.scalar(select(Mishap).where(Mishap.job == job, Mishap.key == key))
    if row is None:
        row = Mishap(job=job, key=key, times=0)
        session.add(row)
    row.message, row.times, row.at, row.request = message, row.times + 1, now(), request
    return row


def has_mishap(session: Session, job: str, key: str) -> bool:
    """Tells whether a job failed when it was tried last."""
    return session.scalar(_failed(), {"job": job, "key": key}) is not None


@cache
def _failed() -> Select:
    # Put together once: it is asked at the end of every job.
    return select(Mishap.id).where(Mishap.job == bindparam("job"), Mishap.key == bindparam("key"))


def forget_mishap(session: Session, job: str, key: str) -> None:
    """Forgets the failure of a job that has succeeded or is tried again."""
    session.execute(delete(Mishap).where(Mishap.job == job, Mishap.key == key))


def mishap_by_id(session: Session, key: int) -> Mishap:
    """Returns a failed job by its number; NotFound otherwise."""
    row = session.get(Mishap, key)
    if row is None:
        raise NotFound("There is no such failed job.")
    return row


def mishap_count(session: Session) -> int:
    """Returns how many jobs have failed and wait for an operator."""
    return session.scalar(select(func.count(Mishap.id))) or 0
