"""Crowds: the units and contents of files that many families have, and whose lineage hangs on one that has them."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from opendesign.core.lineage.crowd import COMMON, Sighting, swayed
from opendesign.records.base import chunks
from opendesign.records.blob import FAMILY
from opendesign.records.change import Blob, Unit
from opendesign.records.design import Design
from opendesign.records.revision import Revision

Name = InstrumentedAttribute[str]
NAMES: tuple[Name, ...] = (Unit.name, Blob.oid)


def swayed_by_designs(session: Session, designs: Collection[int]) -> set[int]:
    """Returns the families in which something is common or not by whether all may see some designs."""
    query = select(Revision.sha, Revision.received_at).where(Revision.design_id.in_(designs))
    came = dict(session.execute(query.order_by(Revision.received_at.desc())).tuples().all())
    return swayed(_sightings(session, came, came.values(), designs))


def swayed_by_changes(session: Session, shas: Collection[str]) -> set[int]:
    """Returns the families in which something is common by what is known only now of some commits."""
    query = select(Revision.received_at)
    came = [at for chunk in chunks(shas) for at in session.scalars(query.where(Revision.sha.in_(chunk)))]
    return swayed(_sightings(session, shas, came))


def _sightings(
    session: Session, shas: Collection[str], came: Collection[datetime], designs: Collection[int] | None = None
) -> Iterator[Sighting]:
    """Yields who received what some commits hold, as far as many families did and one of them after these came.

    It is asked what hangs on these commits in public designs, or on those in some designs, as if all may see them.
    """
    if not came:
        return
    asked = frozenset(shas)
    for name in NAMES:
        held = [each for chunk in chunks(asked) for each in session.scalars(select(name).where(_sha(name).in_(chunk)))]
        query = select(name, FAMILY, Revision.received_at, Design.visibility == "public", Revision.sha, Design.id)
        query = query.join(Revision, Revision.sha == _sha(name)).join(Design, Design.id == Revision.design_id)
        for chunk in chunks(_crowded(session, name, held, min(came))):
            for told, family, at, public, sha, where in session.execute(query.where(name.in_(chunk))).tuples():
                hinge = sha in asked and (public if designs is None else where in designs)
                yield Sighting(told, family, at, public, hinge)


def _crowded(session: Session, name: Name, held: Iterable[str], since: datetime) -> Iterator[str]:
    """Yields which of some units or contents more families have than make it common, one of them since a moment."""
    query = select(name).join(Revision, Revision.sha == _sha(name)).join(Design, Design.id == Revision.design_id)
    query = query.group_by(name).having(func.count(FAMILY.distinct()) > COMMON, func.max(Revision.received_at) > since)
    for chunk in chunks(held):
        yield from session.scalars(query.where(name.in_(chunk)))


def _sha(name: Name) -> Name:
    return name.class_.sha
