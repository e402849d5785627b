"""Changes: what a commit changes, in units, kept once however many designs have it."""

from collections.abc import Collection, Iterable
from contextlib import suppress

from sqlalchemy import JSON, Index, Text, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.lineage import setting as core_setting
from opendesign.core.lineage import unit as core
from opendesign.records.base import Record, reference
from opendesign.records.revision import CHUNK, Revision

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
    units: Mapped[list["Unit"]] = relationship(order_by="Unit.id", cascade="all, delete-orphan", lazy="selectin")
    blobs: Mapped[list["Blob"]] = relationship(order_by="Blob.id", cascade="all, delete-orphan")
    settings: Mapped[list["Setting"]] = relationship(order_by="Setting.id", cascade="all, delete-orphan")


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

    @property
    def told(self) -> core.Unit:
        """The unit as lineage reads it."""
        return core.Unit(self.name, self.reverse, self.path, self.tokens, self.plus, self.minus)


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
    """The content of a source file that a change writes; `whole`: as a new file of some length."""

    __tablename__ = "blob"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha: Mapped[str] = reference("change.sha")
    oid: Mapped[str] = mapped_column(index=True)
    whole: Mapped[bool]


def setting_of(each: core_setting.Setting) -> Setting:
    """Returns the record of a setting."""
    return Setting(path=each.path, name=each.name, before=each.before, after=each.after)


def unit_of(each: core.Unit) -> Unit:
    """Returns the record of a unit."""
    return Unit(
        name=each.id,
        reverse=each.reverse,
        path=each.path,
        tokens=each.tokens,
        plus=each.plus,
        minus=each.minus,
    )


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


def take_untraced(session: Session, designs: Collection[int]) -> list[Revision]:
    """Claims revisions of these designs that nobody has looked at for adoptions, the oldest first, at most 500.

    One whose change nobody has read yet, since it came a moment ago, waits for its own job.
    """
    read = select(Change.sha).where(Change.sha == Revision.sha).exists()
    untraced = (Revision.design_id.in_(designs), Revision.traced.is_(False), read)
    oldest = select(Revision.id).where(*untraced).order_by(Revision.received_at, Revision.id).limit(CHUNK)
    claimed = update(Revision).where(Revision.id.in_(oldest), untraced[1]).values(traced=True).returning(Revision)
    found = session.scalars(claimed, execution_options={"synchronize_session": False, "populate_existing": True})
    return sorted(found, key=lambda each: (each.received_at, each.id))


def add_changes(session: Session, found: Iterable[Change]) -> None:
    """Records changes that are not recorded yet; another worker may be reading the same family."""
    rows = {each.sha: each for each in found}
    new = [rows[sha] for sha in unread_among(session, rows)]
    try:
        with session.begin_nested():
            session.add_all(new)
    except IntegrityError:
        for each in new:
            with suppress(IntegrityError), session.begin_nested():
                session.add(each)


def changes(session: Session, shas: Iterable[str]) -> dict[str, Change]:
    """Returns the changes of these commits, as far as they are recorded."""
    return {
        each.sha: each
        for chunk in chunks(shas)
        for each in session.scalars(select(Change).where(Change.sha.in_(chunk)))
    }


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
    query = select(Unit.sha, Unit.name, Unit.reverse, Unit.path, Unit.tokens, Unit.plus, Unit.minus)
    for chunk in chunks(shas):
        rows = session.execute(query.where(Unit.sha.in_(chunk)).order_by(Unit.id))
        for sha, name, reverse, path, tokens, plus, minus in rows.tuples():
            found.setdefault(sha, []).append(core.Unit(name, reverse, path, tokens, plus, minus))
    return found


def alike(session: Session, designs: Collection[int], patches: Iterable[str], names: Iterable[str]) -> set[str]:
    """Returns the commits that these designs received with one of these patches or units."""
    query = select(Change.sha).join(Revision, Revision.sha == Change.sha).where(Revision.design_id.in_(designs))
    found = {sha for chunk in chunks(patches) for sha in session.scalars(query.where(Change.patch.in_(chunk)))}
    return found.union(*holders(session, designs, names).values())


def holders(session: Session, designs: Collection[int], names: Iterable[str]) -> dict[str, set[str]]:
    """Returns which commits that these designs received hold each of these units."""
    found: dict[str, set[str]] = {}
    query = select(Unit.name, Unit.sha).join(Revision, Revision.sha == Unit.sha)
    query = query.where(Revision.design_id.in_(designs)).distinct()
    for chunk in chunks(names):
        for name, sha in session.execute(query.where(Unit.name.in_(chunk))):
            found.setdefault(name, set()).add(sha)
    return found


def begun_with(session: Session, words: Iterable[str]) -> set[str]:
    """Returns the commits whose ids begin with one of these words of 7 or more digits."""
    ranges = (select(Change.sha).where(Change.sha >= word, Change.sha < word + "g") for word in sorted(set(words)))
    return {sha for each in ranges for sha in session.scalars(each.limit(MOST_BEGUN))}


def runs_holding(session: Session, designs: Collection[int], names: Iterable[str]) -> set[str]:
    """Returns the runs of these designs with one of these units."""
    query = select(Unit.sha).join(Revision, RUN + Revision.sha == Unit.sha).where(Revision.design_id.in_(designs))
    return {sha for chunk in chunks(names) for sha in session.scalars(query.where(Unit.name.in_(chunk)).distinct())}


def receipts(session: Session, designs: Collection[int], shas: Iterable[str]) -> dict[str, list[Revision]]:
    """Returns every receipt of these commits in these designs, by commit, the first first."""
    found: dict[str, list[Revision]] = {}
    for chunk in chunks(shas):
        query = select(Revision).where(Revision.design_id.in_(designs), Revision.sha.in_(chunk))
        for each in session.scalars(query.order_by(Revision.received_at, Revision.id)):
            found.setdefault(each.sha, []).append(each)
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


def chunks(words: Iterable[str]) -> Iterable[list[str]]:
    """Returns words in order, each once, as many at a time as a question may hold."""
    known = sorted({word for word in words if word})
    return (known[start : start + CHUNK] for start in range(0, len(known), CHUNK))
