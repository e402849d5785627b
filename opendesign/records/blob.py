"""Blobs: the contents of source files, by the commits that brought them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opendesign.records.change import Blob, chunks
from opendesign.records.design import Design
from opendesign.records.revision import Revision


def added_by(session: Session, shas: Iterable[str]) -> dict[str, set[str]]:
    """Returns the contents that these commits add as new files of some length, by commit."""
    found: dict[str, set[str]] = {}
    for chunk in chunks(shas):
        query = select(Blob.sha, Blob.oid).where(Blob.sha.in_(chunk), Blob.whole.is_(True))
        for sha, oid in session.execute(query).tuples():
            found.setdefault(sha, set()).add(oid)
    return found


def bringers(session: Session, designs: Collection[int], oids: Iterable[str]) -> dict[str, set[str]]:
    """Returns which commits that these designs received brought each of these contents."""
    found: dict[str, set[str]] = {}
    received = select(Revision.id).where(Revision.sha == Blob.sha, Revision.design_id.in_(designs)).exists()
    for chunk in chunks(oids):
        for oid, sha in session.execute(select(Blob.oid, Blob.sha).where(Blob.oid.in_(chunk), received)).tuples():
            found.setdefault(oid, set()).add(sha)
    return found


def families_bringing(session: Session, oid: str, before: datetime, most: int) -> int:
    """Returns how many families had a content in public before a moment, `most` at most."""
    family = func.coalesce(Design.family_id, Design.id)
    query = select(family).join(Revision, Revision.design_id == Design.id).join(Blob, Blob.sha == Revision.sha)
    query = query.where(Blob.oid == oid, Revision.received_at < before, Design.visibility == "public")
    return len(session.scalars(query.distinct().limit(most)).all())
