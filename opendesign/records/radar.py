"""What the radar of a design is read from: its family's improvements, what it has of them, what it does not want."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import UniqueConstraint, func, or_, select, union
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.lineage.adoption import CREDITED
from opendesign.core.lineage.radar import Blip
from opendesign.records.base import Record, now, reference, trace
from opendesign.records.change import holders
from opendesign.records.design import Design
from opendesign.records.improvement import Improvement
from opendesign.records.person import Person
from opendesign.records.revision import Adoption, Revision


class Dismissal(Record):
    """Somebody said for a design that it does not want an improvement: its radar leaves it out."""

    __tablename__ = "dismissal"
    __table_args__ = (UniqueConstraint("design_id", "sha"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    sha: Mapped[str]
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)
    person: Mapped[Person | None] = relationship(lazy="joined")


def state_of_family(session: Session, family: int) -> tuple:
    """Returns something that differs whenever a family has other improvements."""
    one = Improvement
    facts = (func.max(one.id), func.count(one.id), func.sum(one.design_id), func.max(one.received_at))
    return tuple(session.execute(select(*facts).where(one.family == family)).one())


def state_of(session: Session, design: int) -> tuple:
    """Returns something that differs whenever a design has received or taken something else."""
    arrived, taken = Revision, Adoption
    own = select(func.max(arrived.id), func.count(arrived.id)).where(arrived.design_id == design)
    adopted = select(func.max(taken.id), func.count(taken.id)).where(taken.target_id == design)
    return (*session.execute(own).one(), *session.execute(adopted).one())


def blips(session: Session, family: int) -> list[Blip]:
    """Returns the improvements of a family's public designs, the newest first."""
    one = Improvement
    query = select(one.sha, one.design_id, one.received_at, one.subject, one.author_name, one.value, one.paths).join(
        Design, Design.id == one.design_id
    )
    query = query.where(one.family == family, Design.visibility == "public")
    rows = session.execute(query.order_by(one.received_at.desc(), one.id.desc()))
    return [
        Blip(sha, key, at, subject, name, value, tuple(paths)) for sha, key, at, subject, name, value, paths in rows
    ]


def newest_of(session: Session, designs: Collection[int], most: int, sha: str = "") -> list[Revision]:
    """Returns the newest revisions that these designs received, or their receipts of one commit."""
    query = select(Revision).where(Revision.design_id.in_(designs))
    query = query.where(Revision.sha == sha) if sha else query
    return list(session.scalars(query.order_by(Revision.id.desc()).limit(most)))


def held_units(session: Session, design: int, names: Collection[str]) -> set[str]:
    """Returns which of these units commits that a design received hold."""
    return holders(session, [design], names).keys() & set(names)


def had_by(session: Session, design: int) -> set[str]:
    """Returns the commits that a design received, and the changes of others it adopted or solved itself."""
    received = select(Revision.sha).where(Revision.design_id == design)
    adopted = select(Adoption.source_sha).where(Adoption.target_id == design, Adoption.source_sha.is_not(None))
    return set(session.scalars(union(received, adopted)))


def takers(
    session: Session, family: int, designs: Collection[int], shas: Collection[str] | None = None
) -> dict[str, set[int]]:
    """Returns, by commit, which of these designs merged or adopted improvements (None: any) born elsewhere."""
    one = Improvement
    merged = select(one.sha, Revision.design_id).join(Revision, Revision.sha == one.sha)
    merged = merged.where(Revision.design_id != one.design_id)
    adopted = select(one.sha, Adoption.target_id).join(Adoption, Adoption.source_sha == one.sha)
    adopted = adopted.where(or_(Adoption.kind.in_(CREDITED), Adoption.confirmed_at.is_not(None)))
    found: dict[str, set[int]] = {}
    for query in (merged, adopted):
        query = query.where(one.sha.in_(shas)) if shas is not None else query
        for sha, design in session.execute(query.where(one.family == family)):
            if design in designs:
                found.setdefault(sha, set()).add(design)
    return found


def dismissals_of(session: Session, design: int) -> dict[str, Dismissal]:
    """Returns what a design does not want, by commit."""
    return {each.sha: each for each in session.scalars(select(Dismissal).where(Dismissal.design_id == design))}


def dismissed_by(session: Session, design: int) -> set[str]:
    """Returns the commits that a design does not want."""
    return set(session.scalars(select(Dismissal.sha).where(Dismissal.design_id == design)))


def dismissal_of(session: Session, design: int, sha: str) -> Dismissal | None:
    """Returns the record that a design does not want an improvement, or None."""
    return session.scalar(select(Dismissal).where(Dismissal.design_id == design, Dismissal.sha == sha))
