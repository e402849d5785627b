"""Designs: who owns them, who may do what, what they were forked from, and where their refs stand."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, Text, UniqueConstraint, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, relationship, selectinload

from opendesign.core.errors import NotFound
from opendesign.records.base import Record, chunks, now, reference, trace
from opendesign.records.numbering import never_again
from opendesign.records.person import Person


class Design(Record):
    """One git repository of parametric models."""

    __tablename__ = "design"
    __table_args__ = (UniqueConstraint("owner_id", "name"), Index("design_shown", "visibility", "moved_at"))
    id: Mapped[int] = mapped_column(primary_key=True, default=never_again)
    owner_id: Mapped[int] = reference("person.id")
    name: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(default="")
    visibility: Mapped[str] = mapped_column(default="public")
    default_branch: Mapped[str] = mapped_column(default="main")
    mirrored: Mapped[bool] = mapped_column(default=False)  # records/mirror.py says of what, since when and by whom
    parent_id: Mapped[int | None] = trace("design.id")
    family_id: Mapped[int | None] = trace("design.id")
    fork_sha: Mapped[str | None]
    kinship: Mapped[str | None]  # what shows its family, as core/lineage/kin.py says, where it was not forked here
    made_at: Mapped[datetime] = mapped_column(default=now)
    moved_at: Mapped[datetime] = mapped_column(default=now, index=True)
    owner: Mapped[Person] = relationship(lazy="joined")
    parent: Mapped["Design | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])
    members: Mapped[list["Member"]] = relationship(cascade="all, delete-orphan", back_populates="design")

    @property
    def path(self) -> str:
        """`owner/name`, as in addresses."""
        return f"{self.owner.name}/{self.name}"

    @property
    def key(self) -> str:
        """The name of its repository in the git store."""
        return repository_key(self.id)

    @property
    def roles(self) -> Mapping[int, str]:
        """Role by person: the owner's and the members'."""
        return {member.person_id: member.role for member in self.members} | {self.owner_id: "owner"}

    @property
    def writers(self) -> frozenset[int]:
        """Who may write to it, owners among them: its team."""
        return frozenset(person for person, role in self.roles.items() if role != "reader")

    @property
    def root(self) -> int:
        """The number of the design that stands for its family."""
        return self.family_id or self.id


class Member(Record):
    """A person's role in a design they do not own."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("design_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    person_id: Mapped[int] = reference("person.id")
    role: Mapped[str]
    by_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)
    offered_at: Mapped[datetime | None]  # when this owner was offered to be the one it is called by
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined")
    design: Mapped[Design] = relationship(back_populates="members")


class Part(Record):
    """A part at the head of the default branch, with the build that shows it."""

    __tablename__ = "part"
    __table_args__ = (UniqueConstraint("design_id", "path"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    path: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]
    build_key: Mapped[str] = mapped_column(index=True)


class Ref(Record):
    """Where a branch or tag stood at the last sync."""

    __tablename__ = "ref"
    design_id: Mapped[int] = mapped_column(ForeignKey("design.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    sha: Mapped[str]


def design_by_id(session: Session, key: int | None) -> Design | None:
    """Returns the design with this number, or None."""
    return session.get(Design, key) if key is not None else None


def hold(session: Session, design: Design) -> None:
    """Waits while another transaction holds a design, and holds it to the end of this one; SQLite has one at a time."""
    session.execute(select(Design.id).where(Design.id == design.id).with_for_update(key_share=True))


def designs_by_id(session: Session, keys: Collection[int]) -> dict[int, Design]:
    """Returns the designs with these numbers, each with who has a role in it."""
    found: dict[int, Design] = {}
    for chunk in chunks(keys):
        query = select(Design).where(Design.id.in_(chunk)).options(selectinload(Design.members))
        found |= {each.id: each for each in session.scalars(query).unique()}
    return found


def lock_designs(session: Session, keys: Collection[int]) -> set[int]:
    """Returns those of these designs that there are; another transaction that locks one waits for this one's end."""
    return set(session.scalars(select(Design.id).where(Design.id.in_(keys)).order_by(Design.id).with_for_update()))


def design_by_path(session: Session, owner: str, name: str) -> Design:
    """Returns `owner/name`; NotFound when there is none (the caller still asks whether it may be seen)."""
    design = session.scalar(_by_path(), {"owner": owner, "name": name})
    if design is None:
        raise NotFound(f"There is no design “{owner}/{name}” here.")
    return design


@cache
def _by_path() -> Select:
    # Put together once: almost every request asks it, which took 2 ms of processor time and takes 0.8.
    query = select(Design).join(Person, Person.id == Design.owner_id).options(selectinload(Design.members))
    return query.where(Person.name == bindparam("owner"), Design.name == bindparam("name"))


def visibility_by_path(session: Session, owner: str, name: str) -> tuple[int, str] | None:
    """Returns the number of `owner/name` and its visibility, None where there is none."""
    row = session.execute(_visibility_by_path(), {"owner": owner, "name": name}).first()
    return row.tuple() if row else None


@cache
def _visibility_by_path() -> Select:
    query = select(Design.id, Design.visibility).join(Person, Person.id == Design.owner_id)
    return query.where(Person.name == bindparam("owner"), Design.name == bindparam("name"))


def repository_key(design: int) -> str:
    """Returns the name of a design's repository in the git store."""
    return str(design)


def visible_to(person: Person | None):
    """Returns the condition under which a person may see a design."""
    if person is None:
        return Design.visibility == "public"
    mine = select(Member.design_id).where(Member.person_id == person.id)
    return or_(Design.visibility == "public", Design.owner_id == person.id, Design.id.in_(mine))


def at_the_top(person: Person | None):
    """Returns the condition for designs that stand for their family: no parent, or none this person may see."""
    above = aliased(Design)
    shown = above.visibility == "public"
    if person is not None:
        shown = or_(shown, above.owner_id == person.id)
    return ~select(above.id).where(above.id == Design.parent_id, shown).exists()


SORTS: dict[str, Any] = {"moved": Design.moved_at.desc(), "new": Design.made_at.desc(), "name": Design.name.asc()}


def search_designs(session: Session, person: Person | None, q="", licence="", sort="moved", owner=None):
    """Returns the query for designs a person may see whose title, summary, name or parts hold all words."""
    query = select(Design).where(visible_to(person)).options(selectinload(Design.members))
    for word in q.lower().split()[:8]:
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        in_part = select(Part.design_id).where(or_(*_likes(like, Part.title, Part.path)))
        in_owner = select(Person.id).where(Person.name.like(like, escape="\\"))
        texts = _likes(like, Design.title, Design.summary, Design.name)
        query = query.where(or_(*texts, Design.id.in_(in_part), Design.owner_id.in_(in_owner)))
    if licence:
        query = query.where(Design.licence == licence)
    if owner is not None:
        query = query.where(Design.owner_id == owner.id)
    return query.order_by(SORTS.get(sort, SORTS["moved"]), Design.id.desc())


def _likes(like: str, *columns):
    return [func.lower(column).like(like, escape="\\") for column in columns]


def page_of(session: Session, query, page: int, size: int) -> tuple[list, int]:
    """Returns one page (from 1) of a query's records and how many there are in all."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = session.scalars(query.limit(size).offset((page - 1) * size)).unique()
    return list(rows), total


def parts_of(session: Session, designs: list[Design]) -> dict[int, list[Part]]:
    """Returns the parts at the head of each design, in order."""
    found: dict[int, list[Part]] = {design.id: [] for design in designs}
    query = select(Part).where(Part.design_id.in_(found)).order_by(Part.position)
    for part in session.scalars(query):
        found[part.design_id].append(part)
    return found


def designs_showing(session: Session, build_key: str) -> list[Design]:
    """Returns the designs that show this build as one of their parts."""
    query = select(Design).where(Design.id.in_(select(Part.design_id).where(Part.build_key == build_key)))
    return list(session.scalars(query.options(selectinload(Design.members))).unique())


def shown_builds(session: Session) -> set[str]:
    """Returns the keys of the builds that designs show as their parts."""
    return set(session.scalars(select(Part.build_key).distinct()))


def known_refs(session: Session, design: Design) -> dict[str, str]:
    """Returns name → commit of a design's refs at the last sync."""
    rows = session.execute(select(Ref.name, Ref.sha).where(Ref.design_id == design.id))
    return {row.name: row.sha for row in rows}


def heads_of(session: Session, designs: list[Design]) -> dict[int, str]:
    """Returns the commit of each design's default branch, as far as it has one."""
    query = select(Ref.design_id, Ref.sha).join(Design, Design.id == Ref.design_id)
    query = query.where(Ref.name == "refs/heads/" + Design.default_branch, Design.id.in_([d.id for d in designs]))
    return {row.design_id: row.sha for row in session.execute(query)}


def licences_in_use(session: Session) -> list[str]:
    """Returns the licences of public designs, each once."""
    query = select(Design.licence).where(Design.visibility == "public", Design.licence != "").distinct()
    return sorted(session.scalars(query))


def all_designs(session: Session) -> list[int]:
    """Returns the numbers of all designs."""
    return list(session.scalars(select(Design.id).order_by(Design.id)))


def moves(session: Session) -> dict[int, datetime]:
    """Returns when the refs of each design were last recorded, by its number."""
    return dict(session.execute(select(Design.id, Design.moved_at)).tuples().all())


def count_designs(session: Session, owner: Person) -> int:
    """Returns how many designs a person owns."""
    return session.scalar(select(func.count(Design.id)).where(Design.owner_id == owner.id)) or 0
