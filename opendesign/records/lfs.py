"""Files in Git LFS: which design has which, and which are locked by whom."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint, func, insert, literal, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, relationship

from opendesign.core.lfs import Pointer
from opendesign.records.base import Record, now, reference, trace
from opendesign.records.change import chunks
from opendesign.records.design import Design
from opendesign.records.person import Person


class LargeFile(Record):
    """A design has this file: only through it may the content be had.

    `own` when its bytes were sent to this design; the others came with what was forked, proposed or merged.
    """

    __tablename__ = "large_file"
    __table_args__ = (UniqueConstraint("design_id", "oid"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    oid: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    own: Mapped[bool]
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)


class FileLock(Record):
    """Somebody keeps a file of a design to themselves, on every branch."""

    __tablename__ = "file_lock"
    __table_args__ = (UniqueConstraint("design_id", "path"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    path: Mapped[str]
    person_id: Mapped[int] = reference("person.id")
    at: Mapped[datetime] = mapped_column(default=now)
    person: Mapped[Person] = relationship(lazy="joined")


def large_files(session: Session, design: int, oids: Iterable[str]) -> dict[str, int]:
    """Returns the sizes of those of these files that a design has."""
    found: dict[str, int] = {}
    for chunk in chunks(oids):
        query = select(LargeFile.oid, LargeFile.size).where(LargeFile.design_id == design, LargeFile.oid.in_(chunk))
        found |= dict(session.execute(query).tuples().all())
    return found


def holders(session: Session, family: int, oids: Iterable[str]) -> dict[int, dict[str, int]]:
    """Returns the sizes of those of these files that designs of a family have, by design."""
    found: dict[int, dict[str, int]] = {}
    for chunk in chunks(oids):
        query = select(LargeFile.design_id, LargeFile.oid, LargeFile.size).join(Design)
        query = query.where(or_(Design.family_id == family, Design.id == family), LargeFile.oid.in_(chunk))
        for design, oid, size in session.execute(query).tuples():
            found.setdefault(design, {})[oid] = size
    return found


def open_files(session: Session, family: int, oids: Iterable[str]) -> dict[str, int]:
    """Returns the sizes of those of these files that anybody may have from some design of a family."""
    found: dict[str, int] = {}
    for chunk in chunks(oids):
        query = select(LargeFile.oid, LargeFile.size).join(Design)
        query = query.where(or_(Design.family_id == family, Design.id == family), LargeFile.oid.in_(chunk))
        found |= dict(session.execute(query.where(Design.visibility == "public")).tuples().all())
    return found


def has_large_files(session: Session, design: Design) -> bool:
    """Says whether a design has any."""
    return session.scalar(select(LargeFile.id).where(LargeFile.design_id == design.id).limit(1)) is not None


def add_files(
    session: Session, design: Design, pointers: Collection[Pointer], own: bool, person: Person | None
) -> list[Pointer]:
    """Notes that a design has these files, and returns those that are new to it."""
    known = large_files(session, design.id, [each.oid for each in pointers])
    new = [each for each in dict.fromkeys(pointers) if each.oid not in known]
    by = person.id if person else None
    for each in new:
        with suppress(IntegrityError), session.begin_nested():  # another process notes the same at this moment
            session.add(LargeFile(design_id=design.id, oid=each.oid, size=each.size, own=own, person_id=by))
    return new


def copy_files(session: Session, source: Design, target: Design) -> None:
    """Notes that a design, which has none yet, has all the files of another one: one statement, whatever they weigh."""
    moment = literal(now(), LargeFile.at.type)
    columns = ["design_id", "oid", "size", "own", "person_id", "at"]
    theirs = select(literal(target.id), LargeFile.oid, LargeFile.size, literal(False), LargeFile.person_id, moment)
    session.execute(insert(LargeFile).from_select(columns, theirs.where(LargeFile.design_id == source.id)))


def spent_on(session: Session, design: Design) -> int:
    """Returns the bytes of what was sent to a design."""
    query = select(func.coalesce(func.sum(LargeFile.size), 0))
    return int(session.scalar(query.where(LargeFile.design_id == design.id, LargeFile.own.is_(True))) or 0)


def spent_by(session: Session, owner: Person) -> int:
    """Returns the bytes that an owner's designs keep, each file once.

    What a fork took over counts for whoever sent it, as long as they have it.
    """
    other, theirs = aliased(LargeFile), aliased(Design)
    sent = select(other.id).join(theirs, theirs.id == other.design_id)
    sent = sent.where(other.oid == LargeFile.oid, other.own.is_(True), theirs.owner_id != owner.id)
    mine = select(LargeFile.oid, func.max(LargeFile.size).label("size")).join(Design)
    mine = mine.where(Design.owner_id == owner.id, or_(LargeFile.own.is_(True), ~sent.exists()))
    each = mine.group_by(LargeFile.oid).subquery()
    return int(session.scalar(select(func.coalesce(func.sum(each.c.size), 0))) or 0)


def had_by_any(session: Session, oids: Iterable[str]) -> set[str]:
    """Returns those of these files that some design has."""
    found: set[str] = set()
    for chunk in chunks(oids):
        found |= set(session.scalars(select(LargeFile.oid).where(LargeFile.oid.in_(chunk))))
    return found


def locks_of(session: Session, design: Design, after: int, most: int, **those: object) -> list[FileLock]:
    """Returns the locks of a design in order, `most` at most, that come after a number and have these facts."""
    query = select(FileLock).where(FileLock.design_id == design.id, FileLock.id > after).filter_by(**those)
    return list(session.scalars(query.order_by(FileLock.id).limit(most)))


def add_lock(session: Session, design: Design, path: str, person: Person) -> FileLock | None:
    """Locks a file that nobody has locked; None when somebody has."""
    lock = FileLock(design_id=design.id, path=path, person=person)
    with suppress(IntegrityError), session.begin_nested():
        session.add(lock)
        session.flush()
        return lock
    return None


def lock_on(session: Session, design: Design, **those: object) -> FileLock | None:
    """Returns the lock of a design with this path or number."""
    return next(iter(locks_of(session, design, 0, 1, **those)), None)


def locked_by_others(session: Session, design: Design, person: Person | None) -> dict[str, str]:
    """Returns who has locked which files of a design, but for what a person has locked themselves."""
    query = select(FileLock.path, Person.name).join(Person, Person.id == FileLock.person_id)
    query = query.where(FileLock.design_id == design.id, FileLock.person_id != (person.id if person else 0))
    return dict(session.execute(query).tuples().all())
