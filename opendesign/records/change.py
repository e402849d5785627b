"""Changes: what a commit changes, in units, kept once however many designs have it."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import JSON, Index, Text, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.core.lineage import setting as core_setting
from opendesign.core.lineage import unit as core
from opendesign.records.address import authors_at
from opendesign.records.base import Record, chunks, reference
from opendesign.records.revision import Revision

RUN = "run:"  # stands before the tip of a run, whose `named` are its commits
FIRST = (Revision.received_at, Revision.id)
MOST_BEGUN = 5  # commits whose ids begin alike; seven digits are enough for one


class Change(Record):
    """What a commit changes: the stable name of its patch, the people it names, the commits it says it comes from."""

    __tablename__ = "change"
    sha: Mapped[str] = mapped_column(primary_key=True)
    patch: Mapped[str] = mapped_column(index=True, default="")
    people: Mapped[list] = mapped_column(default=list)
    named: Mapped[list] = mapped_column(default=list)


class Unit(Record):
    """One hunk of a change: its name, the name of what undoes it, its file and tokens, the lines of its two sides."""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha: Mapped[str] = reference("change.sha")
    name: Mapped[str] = mapped_column(index=True)
    reverse: Mapped[str]
    path: Mapped[str]
    tokens: Mapped[int]
    plus: Mapped[str] = mapped_column(Text, default="")
    minus: Mapped[str] = mapped_column(Text, default="")


class Setting(Record):
    """A parameter of a script that a change gives another value."""

    __tablename__ = "setting"
    __table_args__ = (Index("setting_name", "name", "path"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sha: Mapped[str] = reference("change.sha")
    path: Mapped[str]
    name: Mapped[str]
    before: Mapped[object] = mapped_column(JSON)
    after: Mapped[object] = mapped_column(JSON)


class Blob(Record):
    """The content of a source file that a change writes, and where; `whole`: as a new file of some length.

    Then `unit` is the name of the hunk that puts it in, which white space and remarks do not change.
    """

    __tablename__ = "blob"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha: Mapped[str] = reference("change.sha")
    oid: Mapped[str] = mapped_column(index=True)
    whole: Mapped[bool]
    path: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(index=True, default="")


class Told(NamedTuple):
    """A change as it is written and read; its settings and files, as columns of a `Blob`, are only written."""

    sha: str
    patch: str = ""
    people: Sequence[str] = ()
    named: Sequence[str] = ()
    units: Sequence[core.Unit] = ()
    settings: Sequence[core_setting.Setting] = ()
    blobs: Sequence[dict] = ()


class Receipt(NamedTuple):
    """That a design received a commit, with what is told of it: thousands are read at once."""

    id: int
    design_id: int
    sha: str
    subject: str
    author_name: str
    author_email: str
    received_at: datetime
    received_by: int | None

    @property
    def moment(self) -> tuple[datetime, int]:
        """What decides who was first."""
        return self.received_at, self.id


RECEIPT = tuple(getattr(Revision, name) for name in Receipt._fields)
UNIT = (Unit.sha, Unit.name, Unit.reverse, Unit.path, Unit.tokens, Unit.plus, Unit.minus)


def unread(session: Session, designs: Collection[int]) -> dict[int, list[str]]:
    """Returns the commits of these designs whose change is not recorded yet, by one design that has each."""
    query = select(Revision.sha, Revision.design_id).outerjoin(Change, Change.sha == Revision.sha)
    untraced = (Revision.design_id.in_(designs), Revision.traced.is_(False))
    query = query.where(*untraced, Change.sha.is_(None)).order_by(Revision.id)
    return _by_design((sha, design) for sha, design in session.execute(query))


def unread_tips(session: Session, designs: Collection[int]) -> dict[int, list[str]]:
    """Returns the tips of pushes to these designs whose run nobody has read, by the design that had each first."""
    query = select(Revision.design_id, Revision.sha).outerjoin(Change, Change.sha == RUN + Revision.sha)
    query = query.where(Revision.design_id.in_(designs), Revision.tip.is_(True), Change.sha.is_(None))
    return _by_design((sha, design) for design, sha in session.execute(query.order_by(*FIRST)))


def add_changes(session: Session, found: Iterable[Told]) -> None:
    """Records changes that are not recorded yet; another worker may be reading the same family."""
    rows = {each.sha: each for each in found}
    new = [rows[sha] for sha in unread_among(session, rows)]
    try:
        with session.begin_nested():
            _insert(session, new)
    except IntegrityError:
        for each in new:
            with suppress(IntegrityError), session.begin_nested():
                _insert(session, [each])


def _insert(session: Session, new: Sequence[Told]) -> None:
    rows: list[tuple[type[Record], list[dict]]] = [
        (Change, [dict(zip(("sha", "patch", "people", "named"), each, strict=False)) for each in new]),
        (Unit, [_row(each.sha, unit) for each in new for unit in each.units]),
        (Setting, [vars(setting) | {"sha": each.sha} for each in new for setting in each.settings]),
        (Blob, [blob | {"sha": each.sha} for each in new for blob in each.blobs]),
    ]
    for kind, some in rows:
        if some:
            session.execute(insert(kind), some)


def _row(sha: str, unit: core.Unit) -> dict:
    row = vars(unit) | {"sha": sha, "name": unit.id}
    del row["id"]
    return row


def changes(session: Session, shas: Iterable[str]) -> dict[str, Told]:
    """Returns the changes of these commits, as far as they are recorded; they never change, a session asks once."""
    known: dict[str, Told] = session.info.setdefault("changes", {})
    wanted = set(shas)
    new = wanted - known.keys()
    units = hunks(session, new)
    query = select(Change.sha, Change.patch, Change.people, Change.named)
    rows = [row for chunk in chunks(new) for row in session.execute(query.where(Change.sha.in_(chunk)))]
    accounts = authors_at(session, {each for row in rows for each in row.people})
    for sha, patch, people, named in rows:
        also = {f"account {accounts[each].id}" for each in people if each in accounts}  # one has several addresses
        known[sha] = Told(sha, patch, [*people, *sorted(also)], named, units.get(sha, ()))
    return {sha: known[sha] for sha in sorted(wanted) if sha in known}


def people_of(session: Session, shas: Iterable[str]) -> dict[str, list[str]]:
    """Returns whom the changes of these commits name."""
    query = select(Change.sha, Change.people)
    return {
        sha: people for chunk in chunks(shas) for sha, people in session.execute(query.where(Change.sha.in_(chunk)))
    }


def unread_among(session: Session, shas: Collection[str]) -> list[str]:
    """Returns which of these commits nobody has read yet."""
    known: set[str] = set()
    for chunk in chunks(shas):
        known.update(session.scalars(select(Change.sha).where(Change.sha.in_(chunk))))
    return [sha for sha in shas if sha not in known]


def hunks(session: Session, shas: Iterable[str]) -> dict[str, list[core.Unit]]:
    """Returns the units of these commits; many at once are read as bare rows."""
    found: dict[str, list[core.Unit]] = {}
    for chunk in chunks(shas):
        for row in session.execute(select(*UNIT).where(Unit.sha.in_(chunk)).order_by(Unit.id)):
            found.setdefault(row.sha, []).append(core.Unit(*row[1:]))
    return found


def alike(session: Session, designs: Collection[int], patches: Iterable[str], names: Iterable[str]) -> set[str]:
    """Returns the commits that these designs received with one of these patches or units."""
    query = select(Change.sha)
    found = {sha for chunk in chunks(patches) for sha in session.scalars(query.where(Change.patch.in_(chunk)))}
    return received(session, designs, found.union(sha for _, sha in _holding(session, names)))


def holders(session: Session, designs: Collection[int], names: Iterable[str]) -> dict[str, set[str]]:
    """Returns which commits that these designs received hold each of these units."""
    found: dict[str, set[str]] = {}
    holding = _holding(session, names)
    there = received(session, designs, (sha for _, sha in holding))
    for name, sha in holding:
        if sha in there:
            found.setdefault(name, set()).add(sha)
    return found


def _holding(session: Session, names: Iterable[str]) -> list[tuple[str, str]]:
    query = select(Unit.name, Unit.sha)
    rows = [row for chunk in chunks(names) for row in session.execute(query.where(Unit.name.in_(chunk))).tuples()]
    return [(name, sha) for name, sha in rows if not sha.startswith(RUN)]


def received(session: Session, designs: Collection[int], shas: Iterable[str]) -> set[str]:
    """Returns which of these commits these designs received.

    Asked by the commits alone: with both, a database may walk through all that a family has.
    """
    some, query = set(designs), select(Revision.sha, Revision.design_id)
    rows = (row for chunk in chunks(shas) for row in session.execute(query.where(Revision.sha.in_(chunk))))
    return {sha for sha, design in rows if design in some}


def begun_with(session: Session, words: Iterable[str]) -> set[str]:
    """Returns the commits whose ids begin with one of these words of 7 or more digits."""
    ranges = (select(Change.sha).where(Change.sha >= word, Change.sha < word + "g") for word in sorted(set(words)))
    return {sha for each in ranges for sha in session.scalars(each.limit(MOST_BEGUN))}


def runs_holding(session: Session, names: Iterable[str]) -> set[str]:
    """Returns the runs, of whatever design, with one of these units."""
    query = select(Unit.sha).where(Unit.sha.startswith(RUN))
    return {sha for chunk in chunks(names) for sha in session.scalars(query.where(Unit.name.in_(chunk)).distinct())}


def receipts(session: Session, designs: Collection[int], shas: Iterable[str]) -> dict[str, list[Receipt]]:
    """Returns every receipt of these commits in these designs, by commit, the first first."""
    found: dict[str, list[Receipt]] = {}
    some, query = set(designs), select(*RECEIPT)
    for chunk in chunks(shas):
        for row in session.execute(query.where(Revision.sha.in_(chunk)).order_by(*FIRST)):
            if row.design_id in some:
                found.setdefault(row.sha, []).append(Receipt._make(row))
    return found


def born(session: Session, designs: Collection[int], names: Iterable[str]) -> dict[str, Revision]:
    """Returns where each of these units was first received in these designs, by name."""
    found: dict[str, Revision] = {}
    for chunk in chunks(names):
        query = select(Unit.name, Revision).join(Revision, Revision.sha == Unit.sha)
        query = query.where(Revision.design_id.in_(designs), Unit.name.in_(chunk))
        for name, receipt in session.execute(query.order_by(Revision.received_at, Revision.id)):
            found.setdefault(name, receipt)
    return found


def undoing(session: Session, names: Iterable[str]) -> list[tuple[str, str, str]]:
    """Returns (unit, commit, path) of every change that one of these units takes back, the newest last."""
    found: list[tuple[str, str, str]] = []
    for chunk in chunks(names):
        query = select(Unit.reverse, Unit.sha, Unit.path).join(Change).where(~Change.sha.startswith(RUN))
        found += session.execute(query.where(Unit.reverse.in_(chunk)).order_by(Unit.id)).tuples()
    return found


def _by_design(found: Iterable[tuple[str, int]]) -> dict[int, list[str]]:
    """Returns commits by the first design that has each."""
    first: dict[str, int] = {}
    for sha, design in found:
        first.setdefault(sha, design)
    by_design: dict[int, list[str]] = {}
    for sha, design in first.items():
        by_design.setdefault(design, []).append(sha)
    return by_design
