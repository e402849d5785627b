"""Revisions: commits on published branches, and when the service first received each."""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from opendesign.core.lineage.adoption import CREDITED
from opendesign.records.base import Record, chunks, now, reference, trace
from opendesign.records.design import Design


class Revision(Record):
    """A commit, first received into this design at a known moment; a `tip` where a push or an edit ended.

    `adoption_id` is the merge it came with, if any; `root_tree` the folder of one without parents.
    """

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("design_id", "sha"), Index("revision_untraced", "design_id", "traced"))
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    sha: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    author_name: Mapped[str]
    author_email: Mapped[str]
    authored_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=now)
    received_by: Mapped[int | None] = trace("person.id")
    traced: Mapped[bool] = mapped_column(default=False)
    tip: Mapped[bool] = mapped_column(default=False)
    adoption_id: Mapped[int | None] = trace("adoption.id")
    root_tree: Mapped[str | None] = mapped_column(index=True)


class Adoption(Record):
    """What was first received in one design of a family and arrived in another.

    `kind` is "merge" (the commits themselves), "pick" (the same patch), "port" (most of its units), "parameter" (its
    values), "copy" (a whole file), "geometry" (its shape), "declared" or "twice" (both solved it); `sha` is where it
    arrived, `source_sha` the change it is, `share` how much of it has come, `by_id` the design it came by, where the
    source did not give it itself. `ended_at` says since when nothing of it lives there, and is empty while something
    does.
    """

    __tablename__ = "adoption"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = reference("design.id")
    target_id: Mapped[int] = reference("design.id")
    kind: Mapped[str] = mapped_column(default="merge")
    sha: Mapped[str]
    commits: Mapped[int]
    subject: Mapped[str] = mapped_column(default="")
    source_sha: Mapped[str | None]
    by_id: Mapped[int | None] = trace("design.id")
    evidence: Mapped[list] = mapped_column(default=list)
    share: Mapped[float] = mapped_column(default=1.0)
    person_id: Mapped[int | None] = trace("person.id")
    proposal_id: Mapped[int | None] = trace("proposal.id")
    at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]

    @property
    def credited(self) -> bool:
        """Whether it counts: what is only declared does once the source's team has confirmed it."""
        return self.kind in CREDITED or self.confirmed_at is not None


def known_shas(session: Session, design_id: int, shas: Iterable[str]) -> set[str]:
    """Returns which of these commits the design has already received."""
    known: set[str] = set()
    for chunk in chunks(shas):
        query = select(Revision.sha).where(Revision.design_id == design_id, Revision.sha.in_(chunk))
        known.update(session.scalars(query))
    return known


def first_seen(session: Session, shas: Iterable[str], designs: list[int]) -> dict[str, list]:
    """Returns sha → [(design id, received at)] among these designs."""
    seen: dict[str, list] = {}
    for chunk in chunks(shas):
        query = select(Revision.sha, Revision.design_id, Revision.received_at)
        query = query.where(Revision.sha.in_(chunk), Revision.design_id.in_(designs))
        for sha, design_id, received_at in session.execute(query):
            seen.setdefault(sha, []).append((design_id, received_at))
    return seen


def received_at(session: Session, moments: Collection[tuple[int, datetime]]) -> dict[tuple, Revision]:
    """Returns the newest revision that a design received at a moment, by both."""
    designs, times = {design for design, _ in moments}, {at for _, at in moments}
    query = select(Revision).where(Revision.design_id.in_(designs), Revision.received_at.in_(times))
    found = {(each.design_id, each.received_at): each for each in session.scalars(query.order_by(Revision.id))}
    return {place: found[place] for place in moments if place in found}


def received_in(session: Session, sha: str) -> list[Design]:
    """Returns the designs that received a commit, the first first."""
    query = select(Design).join(Revision, Revision.design_id == Design.id).where(Revision.sha == sha)
    return list(session.scalars(query.order_by(Revision.received_at, Revision.id)).unique())


def rooted_in(session: Session, tree: str) -> list[tuple[Design, str, datetime]]:
    """Returns the public designs whose history begins with a folder: as which commit, since when; the first first."""
    query = select(Design, Revision.sha, Revision.received_at).join(Revision, Revision.design_id == Design.id)
    query = query.where(Revision.root_tree == tree, Design.visibility == "public")
    rows = session.execute(query.order_by(Revision.received_at, Revision.id)).unique()
    return list(rows.tuples())


def lacks_roots(session: Session, design_id: int) -> bool:
    """Says whether none of the commits that a design received is known to have no parents."""
    query = select(Revision.id).where(Revision.design_id == design_id, Revision.root_tree.is_not(None))
    return session.scalar(query.limit(1)) is None


def note_root(session: Session, design_id: int, sha: str, tree: str) -> None:
    """Records the folder of a commit without parents, where a design received it."""
    row = update(Revision).where(Revision.design_id == design_id, Revision.sha == sha)
    session.execute(row.values(root_tree=tree))


def received_from(session: Session, design_id: int, shas: Iterable[str]) -> set[int]:
    """Returns whom a design first received any of these commits from."""
    people: set[int | None] = set()
    for chunk in chunks(shas):
        query = select(Revision.received_by).where(Revision.design_id == design_id)
        people.update(session.scalars(query.where(Revision.sha.in_(chunk)).distinct()))
    return {person for person in people if person is not None}


def signed(session: Session, designs: Collection[int], addresses: Collection[str]) -> dict[str, str]:
    """Returns the names that authors with these addresses (in small letters) signed with last, by address."""
    found: dict[str, str] = {}
    for chunk in chunks(addresses):
        address = func.lower(Revision.author_email)
        query = select(address, Revision.author_name).where(Revision.design_id.in_(designs))
        rows = session.execute(query.where(address.in_(chunk)).order_by(Revision.id))
        found.update(rows.tuples().all())
    return found


def adoptions_among(session: Session, designs: list[int]) -> list[Adoption]:
    """Returns the adoptions between these designs, oldest first."""
    query = select(Adoption).where(Adoption.source_id.in_(designs), Adoption.target_id.in_(designs))
    return list(session.scalars(query.order_by(Adoption.at, Adoption.id)))


def adoptions_at(session: Session, designs: Collection[int], shas: Iterable[str]) -> list[Adoption]:
    """Returns the adoptions between these designs that arrived with these commits, oldest first."""
    found: list[Adoption] = []
    for chunk in chunks(shas):
        query = select(Adoption).where(Adoption.sha.in_(chunk))
        found += session.scalars(query.where(Adoption.source_id.in_(designs), Adoption.target_id.in_(designs)))
    return sorted(found, key=lambda each: (each.at, each.id))


def adoptions_into(session: Session, target_id: int, since: datetime) -> list[Adoption]:
    """Returns the adoptions into a design from a moment on."""
    return list(session.scalars(select(Adoption).where(Adoption.target_id == target_id, Adoption.at >= since)))


def revisions_into(session: Session, design_id: int, since: datetime) -> list[Revision]:
    """Returns what a design has received from a moment on."""
    return list(session.scalars(select(Revision).where(Revision.design_id == design_id, Revision.received_at >= since)))


def adoptions_of(session: Session, source_sha: str, targets: list[int]) -> list[Adoption]:
    """Returns how these designs took one change, oldest first."""
    query = select(Adoption).where(Adoption.source_sha == source_sha, Adoption.target_id.in_(targets))
    return list(session.scalars(query.order_by(Adoption.at, Adoption.id)))


def taken_by(session: Session, target: int) -> set[str]:
    """Returns the changes of others that a design is known to have taken, by commit."""
    query = select(Adoption.source_sha).where(Adoption.target_id == target, Adoption.source_sha.is_not(None))
    return set(session.scalars(query))


def untaken(session: Session, design: int, others: Collection[int]) -> list[tuple[int, Revision]]:
    """Returns what a design received after one of others had it and is not known to have taken, in the order it came.

    Each with the number of its push.
    """
    before = aliased(Revision)
    earlier = select(before.id).where(before.sha == Revision.sha, before.received_at < Revision.received_at)
    query = select(Revision).where(Revision.design_id == design, Revision.adoption_id.is_(None))
    rows = session.scalars(
        query.where(earlier.where(before.design_id.in_(others)).exists()).order_by(Revision.id)
    ).all()
    if not rows:
        return []
    ends = select(Revision.id).where(Revision.design_id == design, Revision.tip.is_(True)).order_by(Revision.id)
    tips = list(session.scalars(ends))
    return [(bisect_left(tips, row.id), row) for row in rows]


def designs_untraced(session: Session) -> list[int]:
    """Returns the designs with revisions that nobody has looked at for adoptions."""
    return list(session.scalars(select(Revision.design_id).where(Revision.traced.is_(False)).distinct()))
