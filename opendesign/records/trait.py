"""Traits: what a commit makes of each parameter, function and feature, read once and kept for good."""

from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, chunks


class Trait(Record):
    """The traits of one commit (core/lineage/trait.py): path → name → value."""

    __tablename__ = "trait"
    sha: Mapped[str] = mapped_column(primary_key=True)
    named: Mapped[dict] = mapped_column(default=dict)


def traits_of(session: Session, shas: Iterable[str]) -> dict[str, dict]:
    """Returns the traits of these commits, as far as they were read."""
    query = select(Trait.sha, Trait.named)
    return {sha: named for chunk in chunks(shas) for sha, named in session.execute(query.where(Trait.sha.in_(chunk)))}


def unread_traits(session: Session, shas: Iterable[str]) -> list[str]:
    """Returns those of some commits whose traits were not read yet."""
    wanted = set(shas)
    known = {sha for chunk in chunks(wanted) for sha in session.scalars(select(Trait.sha).where(Trait.sha.in_(chunk)))}
    return sorted(wanted - known)


def keep_traits(session: Session, sha: str, named: dict) -> None:
    """Keeps the traits of a commit; another worker may have read them meanwhile."""
    if session.get(Trait, sha) is None:
        with suppress(IntegrityError), session.begin_nested():
            session.add(Trait(sha=sha, named=named))
