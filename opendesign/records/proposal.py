"""Proposals, what was said about them, and how they ended: a merge or a closing, with a who and a when."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import Select, Text, UniqueConstraint, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from opendesign.core.errors import NotFound
from opendesign.records.base import Record, chunks, now, reference, trace
from opendesign.records.design import Design, hold
from opendesign.records.person import Person


class Proposal(Record):
    """Somebody asks a design to take the commits of a branch."""

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("design_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    number: Mapped[int]
    source_id: Mapped[int | None] = trace("design.id")
    source_branch: Mapped[str]
    source_sha: Mapped[str]
    target_branch: Mapped[str]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = trace("person.id")
    opened_at: Mapped[datetime] = mapped_column(default=now)
    design: Mapped[Design] = relationship(foreign_keys=[design_id])
    source: Mapped[Design | None] = relationship(foreign_keys=[source_id])
    author: Mapped[Person | None] = relationship(lazy="joined")
    merge: Mapped["Merge | None"] = relationship(back_populates="proposal", lazy="joined")
    closing: Mapped["Closing | None"] = relationship(back_populates="proposal", lazy="joined")
    draft: Mapped["Draft | None"] = relationship(back_populates="proposal", lazy="joined")
    comments: Mapped[list["Comment"]] = relationship(order_by="Comment.id", back_populates="proposal")

    @property
    def state(self) -> str:
        """`merged`, `declined` or `open`."""
        return "merged" if self.merge else "declined" if self.closing else "open"

    @property
    def unfinished(self) -> bool:
        """True while its author still works on it, so that nobody merges it."""
        return self.draft is not None and self.draft.ready_at is None

    @property
    def head_ref(self) -> str:
        """The internal ref that keeps the proposed commit in the target's repository."""
        return f"refs/proposals/{self.number}/head"


class Merge(Record):
    """A proposal's commits reached the target branch; against its rule where there is a `reason`.

    `against` says then what the rule asked for and was not there.
    """

    __tablename__ = "merge"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = reference("proposal.id", unique=True)
    person_id: Mapped[int | None] = trace("person.id")
    sha: Mapped[str]
    base_sha: Mapped[str]
    strategy: Mapped[str] = mapped_column(default="merge")
    reason: Mapped[str | None] = mapped_column(Text)
    against: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)
    proposal: Mapped[Proposal] = relationship(back_populates="merge")
    person: Mapped[Person | None] = relationship(lazy="joined")


class Closing(Record):
    """A proposal ended without a merge: declined, or withdrawn by its author."""

    __tablename__ = "closing"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = reference("proposal.id", unique=True)
    person_id: Mapped[int | None] = trace("person.id")
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)
    proposal: Mapped[Proposal] = relationship(back_populates="closing")
    person: Mapped[Person | None] = relationship(lazy="joined")


class Draft(Record):
    """A proposal was opened, or taken back, as unfinished; `ready_at` is when somebody called it ready."""

    __tablename__ = "draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = reference("proposal.id", unique=True)
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)
    ready_by_id: Mapped[int | None] = trace("person.id")
    ready_at: Mapped[datetime | None]
    proposal: Mapped[Proposal] = relationship(back_populates="draft")
    ready_by: Mapped[Person | None] = relationship(foreign_keys=[ready_by_id], lazy="joined")


class Comment(Record):
    """Something said about a proposal, perhaps about a line of a file, a parameter or a point of a part.

    `said` is how the line or the parameter's value read then, `suggestion` how it should read. A point (mm) with its
    normal lies on the build `build_key` of the commit `sha`; `spot_key` names the faces near it (records/spot.py).
    """

    __tablename__ = "comment"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = reference("proposal.id")
    person_id: Mapped[int | None] = trace("person.id")
    body: Mapped[str] = mapped_column(Text)
    path: Mapped[str | None]
    line: Mapped[int | None]
    point: Mapped[list | None] = mapped_column()
    normal: Mapped[list | None] = mapped_column()
    sha: Mapped[str | None]
    build_key: Mapped[str | None]
    spot_key: Mapped[str | None]
    view: Mapped[str | None]
    parameter: Mapped[str | None]
    said: Mapped[str | None] = mapped_column(Text)
    suggestion: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)
    proposal: Mapped[Proposal] = relationship(back_populates="comments")
    person: Mapped[Person | None] = relationship(lazy="joined")
    acceptance: Mapped["Acceptance | None"] = relationship(back_populates="comment", lazy="joined")


class Acceptance(Record):
    """A suggestion was taken: the commit that holds it."""

    __tablename__ = "acceptance"
    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = reference("comment.id", unique=True)
    person_id: Mapped[int | None] = trace("person.id")
    sha: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    comment: Mapped[Comment] = relationship(back_populates="acceptance")
    person: Mapped[Person | None] = relationship(lazy="joined")


def comment_of(session: Session, proposal: Proposal, key: int) -> Comment:
    """Returns one comment on a proposal by its number; NotFound otherwise."""
    comment = session.scalar(select(Comment).where(Comment.proposal_id == proposal.id, Comment.id == key))
    if comment is None:
        raise NotFound(f"Proposal {proposal.number} has no comment {key}.")
    return comment


def proposal_of(session: Session, design: Design, number: int) -> Proposal:
    """Returns one proposal to a design by its number; NotFound otherwise."""
    query = select(Proposal).where(Proposal.design_id == design.id, Proposal.number == number)
    proposal = session.scalar(query)
    if proposal is None:
        raise NotFound(f"{design.path} has no proposal {number}.")
    return proposal


def proposals_to(session: Session, design: Design, state: str | None = None):
    """Returns the query for a design's proposals, newest first, perhaps only those in one state."""
    query = select(Proposal).where(Proposal.design_id == design.id)
    if state == "merged":
        query = query.where(Proposal.merge.has())
    elif state == "declined":
        query = query.where(Proposal.closing.has())
    elif state == "open":
        query = query.where(~Proposal.merge.has(), ~Proposal.closing.has())
    return query.order_by(Proposal.number.desc())


def open_proposals_touching(session: Session, design: Design) -> list[Proposal]:
    """Returns the open proposals whose source or target is this design."""
    return list(session.scalars(_open_touching(), {"design": design.id}).unique())


@cache
def _open_touching() -> Select:
    # Put together once: every push asks it.
    touching = or_(Proposal.design_id == bindparam("design"), Proposal.source_id == bindparam("design"))
    return select(Proposal).where(touching, ~Proposal.merge.has(), ~Proposal.closing.has())


def open_count(session: Session, design: Design) -> int:
    """Returns how many proposals to a design are open."""
    query = proposals_to(session, design, "open").order_by(None)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def counts_of_states(session: Session, design: Design) -> dict[str, int]:
    """Returns how many proposals to a design are `open`, `merged` and `declined`, and `all` of them."""
    query = select(func.count(Proposal.id), func.count(Merge.id), func.count(Closing.id)).where(
        Proposal.design_id == design.id
    )
    total, merged, declined = session.execute(query.outerjoin(Merge).outerjoin(Closing)).one()
    return {"open": total - merged - declined, "merged": merged, "declined": declined, "all": total}


def next_number(session: Session, design: Design) -> int:
    """Returns the number the next proposal to a design gets, from 1; nobody else gets one before this is written."""
    hold(session, design)
    highest = session.scalar(select(func.max(Proposal.number)).where(Proposal.design_id == design.id))
    return (highest or 0) + 1


def proposal_by_id(session: Session, key: int) -> Proposal | None:
    """Returns the proposal with this row number, or None."""
    return session.get(Proposal, key)


def proposals_by_id(session: Session, keys: Iterable[int | None]) -> dict[int, Proposal]:
    """Returns the proposals with these row numbers, by number."""
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(Proposal).where(Proposal.id.in_(wanted))).unique()}


def numbers_of(session: Session, keys: Iterable[int | None]) -> dict[int | None, int]:
    """Returns the numbers that the proposals with these row numbers have in their designs."""
    found: dict[int | None, int] = {}
    for some in chunks({key for key in keys if key is not None}):
        query = select(Proposal.id, Proposal.number).where(Proposal.id.in_(some))
        found.update(session.execute(query).tuples().all())
    return found


def squashes(session: Session, design: int) -> dict[str, int | None]:
    """Returns the commits of a design that are a proposal in one, with the design each came from."""
    query = select(Merge.sha, Proposal.source_id).join(Proposal, Proposal.id == Merge.proposal_id)
    query = query.where(Proposal.design_id == design, Merge.strategy == "squash")
    return dict(session.execute(query).tuples().all())


def merged_within(session: Session, designs: Collection[int], shas: Collection[str]) -> list[Proposal]:
    """Returns the proposals to these designs whose merge is one of these commits, oldest first."""
    merges = select(Merge.sha, Merge.proposal_id).join(Proposal, Proposal.id == Merge.proposal_id)
    rows = session.execute(merges.where(Proposal.design_id.in_(designs)).order_by(Merge.id))
    wanted = [proposal for sha, proposal in rows if sha in shas]
    found: list[Proposal] = []
    members = [selectinload(each).selectinload(Design.members) for each in (Proposal.design, Proposal.source)]
    beside = (selectinload(Proposal.comments), *members)
    for chunk in chunks(wanted):
        query = select(Proposal).where(Proposal.id.in_(chunk)).order_by(Proposal.id)
        found += session.scalars(query.options(*beside)).unique()
    return found
