"""What people made of a design in the world: from which revision, how it came out, photos, and who confirms it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import LargeBinary, Select, Text, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from opendesign.core.errors import NotFound
from opendesign.core.made import Account, Word
from opendesign.records.base import Record, chunks, now, reference, trace
from opendesign.records.design import Design, hold
from opendesign.records.person import Person


class Made(Record):
    """Somebody made a part (empty: the whole) of a design at the commit `sha`, with `settings` other than its own.

    `build_key` is the build of that part, whose measurement stands beside the `readings` (mm by axis). `told_at` is
    when the account was last changed: words given before it do not count any more. What was told while the design was
    `private` stays with its people.
    """

    __tablename__ = "made"
    __table_args__ = (UniqueConstraint("design_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    number: Mapped[int]
    sha: Mapped[str]
    part: Mapped[str] = mapped_column(default="")
    settings: Mapped[dict] = mapped_column(default=dict)
    build_key: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = trace("person.id")
    result: Mapped[str]
    process: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    machine: Mapped[str] = mapped_column(default="")
    material: Mapped[str] = mapped_column(default="")
    recycled: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    readings: Mapped[dict] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    told_at: Mapped[datetime] = mapped_column(default=now)
    private: Mapped[bool] = mapped_column(default=False)
    design: Mapped[Design] = relationship()
    person: Mapped[Person | None] = relationship(lazy="joined")
    photos: Mapped[list["Photo"]] = relationship(
        order_by="Photo.id", back_populates="made", cascade="all, delete-orphan", passive_deletes=True
    )
    vouches: Mapped[list["Vouch"]] = relationship(
        order_by="Vouch.id", back_populates="made", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def account(self) -> Account:
        """What its maker says of it."""
        words = {name: getattr(self, name) for name in ("process", "place", "machine", "material", "recycled", "note")}
        return Account(self.result, readings=self.readings, **words)

    @account.setter
    def account(self, told: Account) -> None:
        for name in ("result", "process", "place", "machine", "material", "recycled", "note"):
            setattr(self, name, getattr(told, name))
        self.readings = dict(told.readings or {})

    @property
    def words(self) -> list[Word]:
        """What others say of it; whoever was shut out of the service says nothing."""
        heard = (each for each in self.vouches if each.person is not None and each.person.suspended_at is None)
        return [Word(each.person_id, each.word, each.at) for each in heard]

    @property
    def held_ref(self) -> str:
        """The internal ref that keeps the commit it was made from."""
        return f"refs/made/{self.number}"


class Photo(Record):
    """A photo of a thing that was made, drawn anew: JPEG without what its camera had told; `digest` names it."""

    __tablename__ = "photo"
    id: Mapped[int] = mapped_column(primary_key=True)
    made_id: Mapped[int] = reference("made.id")
    person_id: Mapped[int | None] = trace("person.id")
    digest: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    picture: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made: Mapped[Made] = relationship(back_populates="photos")


class Vouch(Record):
    """Somebody who is not the maker confirms or doubts that a thing was made as it is said."""

    __tablename__ = "vouch"
    __table_args__ = (UniqueConstraint("made_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    made_id: Mapped[int] = reference("made.id")
    person_id: Mapped[int | None] = trace("person.id")
    word: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)
    made: Mapped[Made] = relationship(back_populates="vouches")
    person: Mapped[Person | None] = relationship(lazy="joined")


def made_of(design: Design, belongs: bool, part: str | None = None, sha: str = "") -> Select:
    """Returns the query for what was made of a design, newest first; perhaps only of a part, or from one revision.

    Whoever does not belong to the design is not told what was said while it was private.
    """
    query = select(Made).where(Made.design_id == design.id).options(*_whole())
    query = query if belongs else query.where(Made.private.is_(False))
    query = query if part is None else query.where(Made.part == part)
    query = query.where(Made.sha == sha) if sha else query
    return query.order_by(Made.number.desc())


def one_made(session: Session, design: Design, belongs: bool, number: int) -> Made:
    """Returns one thing that was made of a design by its number; NotFound otherwise."""
    found = session.scalar(made_of(design, belongs).where(Made.number == number))
    if found is None:
        raise NotFound(f"Nothing that was made of {design.path} has the number {number}.")
    return found


def made_among(session: Session, designs: Collection[int]) -> list[Made]:
    """Returns what was made of these designs, oldest first, but for what was told while a public one was private."""
    found: list[Made] = []
    for chunk in chunks(designs):
        query = select(Made).join(Design, Design.id == Made.design_id).where(Made.design_id.in_(chunk))
        query = query.where(or_(Made.private.is_(False), Design.visibility != "public"))
        found += session.scalars(query.options(*_whole())).unique()
    return sorted(found, key=lambda each: each.id)


def photo_of(made: Made, digest: str) -> Photo:
    """Returns a photo of a thing by its name; NotFound otherwise."""
    for each in made.photos:
        if each.digest == digest:
            return each
    raise NotFound("There is no such photo.")


def next_made(session: Session, design: Design) -> int:
    """Returns the number the next thing made of a design gets, from 1; nobody else gets one before this is written."""
    hold(session, design)
    return (session.scalar(select(func.max(Made.number)).where(Made.design_id == design.id)) or 0) + 1


def made_since(session: Session, person: Person, since: datetime) -> int:
    """Returns how many things a person has said since then that they made."""
    query = select(func.count(Made.id)).where(Made.person_id == person.id, Made.at > since)
    return session.scalar(query) or 0


def vouch_by(made: Made, person: Person) -> Vouch | None:
    """Returns what somebody has said of a thing, or None."""
    return next((each for each in made.vouches if each.person_id == person.id), None)


def numbers_of_made(session: Session, keys: Iterable[int | None]) -> dict[int | None, int]:
    """Returns the numbers that things have in their designs, by row."""
    found: dict[int | None, int] = {}
    for chunk in chunks(keys):
        rows = session.execute(select(Made.id, Made.number).where(Made.id.in_(chunk)))
        found |= dict(rows.tuples().all())
    return found


def _whole():
    return selectinload(Made.photos), selectinload(Made.vouches), selectinload(Made.design)
