"""People, and the visits (browser sessions) they have open."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Index, Select, Text, and_, bindparam, case, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.digest import NEVER
from opendesign.core.errors import NotFound
from opendesign.records.base import Record, now, reference
from opendesign.records.numbering import never_again

VISIT_DAYS, IDLE_DAYS = 30, 14  # since somebody entered, and since they were last there


class Person(Record):
    """Somebody with a name here."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True, default=never_again)
    name: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    bio: Mapped[str] = mapped_column(Text, default="")
    password: Mapped[str] = mapped_column(Text)
    admin: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime] = mapped_column(default=now)
    suspended_at: Mapped[datetime | None]
    suspended_for: Mapped[str] = mapped_column(Text, default="")
    quota_mb: Mapped[int | None]
    proven_at: Mapped[datetime | None]  # when they showed that the address is theirs
    language: Mapped[str] = mapped_column(default="")  # of letters: `pt_BR`, as they last read pages
    letters: Mapped[str] = mapped_column(default=NEVER)  # how often they get letters about notices
    letters_at: Mapped[datetime | None]  # since when; of what they were told before, none tells

    @property
    def shown_name(self) -> str:
        """The full name where there is one."""
        return self.full_name or self.name


Index("person_address", func.lower(Person.email))


class Visit(Record):
    """One browser that has entered as a person; only a hash of its secret is kept."""

    __tablename__ = "visit"
    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = reference("person.id")
    agent: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="", server_default="")
    opened_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()

    @property
    def last_seen(self) -> datetime:
        """When the browser last asked for something, to the hour."""
        return self.seen_at or self.opened_at


class Attempt(Record):
    """One failed try to enter, by name or by address."""

    __tablename__ = "attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)


def person_by_id(session: Session, key: int | None) -> Person | None:
    """Returns the person with this number, or None."""
    return session.get(Person, key) if key is not None else None


def acting_person(session: Session, key: int | None) -> Person | None:
    """Returns the person with this number as somebody who may act: None for one who is suspended."""
    return session.scalar(_acting(), {"key": key}) if key is not None else None


@cache
def _acting() -> Select:
    # Put together once: every request asks it, some several times.
    return select(Person).where(Person.id == bindparam("key"), Person.suspended_at.is_(None))


def people_by_id(session: Session, keys: Iterable[int | None]) -> dict[int, Person]:
    """Returns the people with these numbers, by number, in the order of their numbers on either database."""
    wanted = {key for key in keys if key is not None}
    query = select(Person).where(Person.id.in_(wanted)).order_by(Person.id)
    return {person.id: person for person in session.scalars(query)} if wanted else {}


def person_by_name(session: Session, name: str) -> Person:
    """Returns the person of this name; NotFound when there is none."""
    person = session.scalar(select(Person).where(Person.name == name))
    if person is None:
        raise NotFound(f"There is nobody called “{name}” here.")
    return person


def person_by_login(session: Session, login: str) -> Person | None:
    """Returns the person with this name or e-mail address, in capitals or not, or None.

    Of several whose addresses differ in capitals alone it is who has the one that was written, or the first.
    """
    written, wanted = login.strip(), login.strip().lower()
    query = select(Person).where(
        or_(Person.name == wanted, Person.email == written, func.lower(Person.email) == wanted)
    )
    exact = case((Person.name == wanted, 0), (Person.email == written, 1), else_=2)
    return session.scalar(query.order_by(exact, Person.id).limit(1))


def people_at(session: Session, domain: str, limit: int = 20) -> list[Person]:
    """Returns the first people whose address is at this domain."""
    query = select(Person).where(Person.email.endswith(f"@{domain}", autoescape=True))
    return list(session.scalars(query.order_by(Person.id).limit(limit)))


def people_called(session: Session, names: Iterable[str]) -> dict[str, Person]:
    """Returns the people among these names, by name."""
    wanted = list(names)
    return {p.name: p for p in session.scalars(select(Person).where(Person.name.in_(wanted)))} if wanted else {}


def people_count(session: Session) -> int:
    """Returns how many people have joined."""
    return session.scalar(select(func.count(Person.id))) or 0


def search_people(words: str) -> Select:
    """Returns the query for people whose name, full name or e-mail address holds a text, by name."""
    query = select(Person).order_by(Person.name)
    if not words:
        return query
    return query.where(
        or_(*(each.icontains(words, autoescape=True) for each in (Person.name, Person.full_name, Person.email)))
    )


def operators(session: Session) -> int:
    """Returns how many people may run the service."""
    return session.scalar(select(func.count(Person.id)).where(Person.admin, Person.suspended_at.is_(None))) or 0


def visit_by_hash(session: Session, secret_hash: str) -> Visit | None:
    """Returns the open visit with this hash, or None when it is unknown or too old."""
    return session.scalar(select(Visit).where(Visit.secret_hash == secret_hash, *_open()))


def visits_of(session: Session, person: Person) -> list[Visit]:
    """Returns a person's open visits, the last seen first."""
    found = session.scalars(select(Visit).where(Visit.person_id == person.id, *_open()))
    return sorted(found, key=lambda visit: visit.last_seen, reverse=True)


def visit_of(session: Session, person: Person, key: int) -> Visit:
    """Returns one of a person's own visits; NotFound otherwise."""
    visit = session.get(Visit, key)
    if visit is None or visit.person_id != person.id:
        raise NotFound("That is not one of your browsers, or it has been sent out.")
    return visit


def forget_visits(session: Session) -> None:
    """Drops those that have ended by their age."""
    session.execute(delete(Visit).where(~and_(*_open())))


def _open() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    oldest, idle = (now() - timedelta(days=days) for days in (VISIT_DAYS, IDLE_DAYS))
    return Visit.opened_at > oldest, func.coalesce(Visit.seen_at, Visit.opened_at) > idle


def close_visits(session: Session, person: Person) -> None:
    """Ends every visit of a person."""
    session.execute(delete(Visit).where(Visit.person_id == person.id))


def attempts_since(session: Session, subject: str, since: datetime) -> int:
    """Returns how many failed tries a name or address has had since then."""
    query = select(func.count(Attempt.id)).where(Attempt.subject == subject, Attempt.at > since)
    return session.scalar(query) or 0


def forget_attempts_of(session: Session, subjects: Iterable[str]) -> None:
    """Drops the tries of some names."""
    session.execute(delete(Attempt).where(Attempt.subject.in_(list(subjects))))


def forget_attempts(session: Session, before: datetime) -> None:
    """Drops tries that no longer count."""
    session.execute(delete(Attempt).where(Attempt.at < before))
