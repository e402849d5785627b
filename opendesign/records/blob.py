"""Blobs: the contents of source files, by the commits that brought them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from opendesign.core.lineage.copy import Showing
from opendesign.core.lineage.crowd import COMMON
from opendesign.core.lineage.kin import Holder
from opendesign.records.base import chunks
from opendesign.records.change import Blob
from opendesign.records.design import Design
from opendesign.records.revision import Adoption, Revision

FAMILY = func.coalesce(Design.family_id, Design.id)


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


def families_bringing(session: Session, oid: str, before: datetime) -> int:
    """Returns how many families had a content in public before a moment, not more than make it common."""
    query = select(FAMILY).join(Revision, Revision.design_id == Design.id).join(Blob, Blob.sha == Revision.sha)
    query = query.where(Blob.oid == oid, Revision.received_at < before, Design.visibility == "public")
    return len(session.scalars(query.distinct().limit(COMMON)).all())


def contents_of(session: Session, shas: Iterable[str], whole: bool = False) -> set[str]:
    """Returns what these commits write: contents, and hunks that put in whole files; or only the whole files."""
    found: set[str] = set()
    for chunk in chunks(shas):
        query = select(Blob.oid, Blob.unit).where(Blob.sha.in_(chunk))
        for row in session.execute(query.where(Blob.whole.is_(True)) if whole else query):
            found.update(filter(None, row))
    return found


def contents_in(session: Session, design: int) -> set[str]:
    """Returns what the commits that a design received write, as `contents_of` does."""
    return contents_of(session, session.scalars(select(Revision.sha).where(Revision.design_id == design)))


def shared(session: Session, contents: Iterable[str]) -> set[str]:
    """Returns those of some contents, and of hunks that put in whole files, that two families have received."""
    found: set[str] = set()
    families = func.count(FAMILY.distinct())
    for chunk in chunks(contents):
        for name in (Blob.oid, Blob.unit):
            query = select(name).join(Revision, Revision.sha == Blob.sha).join(Design, Design.id == Revision.design_id)
            found.update(session.scalars(query.where(name.in_(chunk)).group_by(name).having(families > 1)))
    return found


def showings(session: Session, contents: Iterable[str]) -> list[Showing]:
    """Returns who received these contents, or whole files of these hunks, in the order they came."""
    columns = (Blob.oid, Blob.unit, Blob.path, Blob.whole, Blob.sha, Revision.id, Revision.received_at)
    query = select(*columns, Design.id, FAMILY, Design.visibility == "public", Design.owner_id).join(
        Revision, Revision.sha == Blob.sha
    )
    query = query.join(Design, Design.id == Revision.design_id)
    found = {
        Showing._make(row)
        for chunk in chunks(contents)
        for name in (Blob.oid, Blob.unit)
        for row in session.execute(query.where(name.in_(chunk)))
    }
    return sorted(found, key=lambda each: (each.at, each.receipt, each.path))


def holders(session: Session, oids: Iterable[str]) -> list[Holder]:
    """Returns which public designs received these contents."""
    query = select(Blob.oid, Design.id, FAMILY, Revision.received_at, Revision.id)
    query = query.join(Revision, Revision.sha == Blob.sha).join(Design, Design.id == Revision.design_id)
    query = query.where(Design.visibility == "public")
    return [Holder._make(row) for chunk in chunks(oids) for row in session.execute(query.where(Blob.oid.in_(chunk)))]


def foreign_copies(session: Session, targets: Collection[int], shas: Iterable[str]) -> list[Adoption]:
    """Returns what these designs are known to have copied from other families with these commits."""
    source, target = aliased(Design), aliased(Design)
    query = select(Adoption).join(source, source.id == Adoption.source_id).join(target, target.id == Adoption.target_id)
    query = query.where(Adoption.kind == "copy", Adoption.target_id.in_(targets), _root(source) != _root(target))
    return [each for chunk in chunks(shas) for each in session.scalars(query.where(Adoption.sha.in_(chunk)))]


def copied_hunks(session: Session, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], set[str]]:
    """Returns, by where something was copied to and from, the hunks that put in the whole files which both have."""
    here: dict[str, dict[str, str]] = {}
    there: dict[str, set[str]] = {}
    for chunk in chunks(sha for pair in pairs for sha in pair):
        query = select(Blob.sha, Blob.oid, Blob.unit, Blob.whole).where(Blob.sha.in_(chunk))
        for sha, oid, unit, whole in session.execute(query):
            there.setdefault(sha, set()).update({oid, unit} - {""})
            if whole:
                here.setdefault(sha, {})[oid] = unit
    return {
        (to, source): {unit for oid, unit in here.get(to, {}).items() if {oid, unit} & there.get(source, set())}
        for to, source in pairs
    }


def copied_paths(session: Session, to: str, source: str) -> list[str]:
    """Returns where the files lay, in the commit they are from, that another commit brought whole."""
    brought = select(Blob.oid, Blob.unit).where(Blob.sha == to, Blob.whole.is_(True))
    names = {name for row in session.execute(brought) for name in row if name}
    there = select(Blob.path, Blob.oid, Blob.unit).where(Blob.sha == source).order_by(Blob.path)
    return [path for path, *told in session.execute(there).tuples() if names & {*told}]


def _root(design):
    return func.coalesce(design.family_id, design.id)
