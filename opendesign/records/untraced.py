"""Revisions that nobody has looked at yet for what they have taken."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from opendesign.records.base import chunks
from opendesign.records.change import FIRST, RECEIPT, RUN, Change, Receipt
from opendesign.records.revision import Revision

MOST = 10_000  # that are looked at together: some 50 MB with what they change


def untraced(session: Session, designs: Collection[int]) -> list[Receipt]:
    """Returns revisions of these designs that nobody has looked at for adoptions, the oldest first, so many at most.

    One whose change nobody has read yet, since it came a moment ago, waits for its own job.
    """
    read = select(Change.sha).where(Change.sha == Revision.sha).exists()
    query = select(*RECEIPT).where(Revision.design_id.in_(designs), Revision.traced.is_(False), read)
    return [Receipt._make(row) for row in session.execute(query.order_by(*FIRST).limit(MOST))]


def claim(session: Session, fresh: Collection[Receipt]) -> bool:
    """Marks revisions as looked at; False, with none marked, where another worker has marked some of them before, or
    what was found in their family was forgotten meanwhile: then their runs are gone."""
    keys = [each.id for each in fresh]
    parts = list(chunks(keys))
    alone = select(Revision.id).outerjoin(Change, Change.sha == RUN + Revision.sha).where(Change.sha.is_(None))
    for some in parts:
        query = select(Revision.id).where(Revision.id.in_(some), Revision.traced.is_(False)).with_for_update()
        if len(session.scalars(query).all()) < len(some):
            return False
        if session.scalar(alone.where(Revision.id.in_(some), Revision.tip.is_(True)).limit(1)):
            return False
    for some in parts:
        session.execute(update(Revision).where(Revision.id.in_(some)).values(traced=True))
    return True


def forget_traced(session: Session, designs: Collection[int]) -> None:
    """Has the revisions of these designs looked at once more; what they are known to have taken stays."""
    session.execute(update(Revision).where(Revision.design_id.in_(designs)).values(traced=False))
