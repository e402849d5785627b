"""Addresses that people have shown to be theirs: by these, and by what this service signs with, authors are known."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.signature import person_name
from opendesign.records.base import Record, chunks, now, reference
from opendesign.records.person import Person, people_called


class Address(Record):
    """An e-mail address, in small letters, and who has shown first that it is theirs: commits keep it for ever.

    One without a moment is only believed to be theirs, until somebody shows more.
    """

    __tablename__ = "address"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    email: Mapped[str] = mapped_column(unique=True)
    proven_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()


def prove(session: Session, person: Person, email: str) -> None:
    """Says that an address is a person's from now on; whoever has shown before that it is theirs keeps its commits."""
    person.email, person.proven_at = email, now()
    session.flush()
    known = _at(session, email)
    if known is None:
        session.add(Address(person_id=person.id, email=email.lower(), proven_at=now()))
    elif known.proven_at is None:
        known.person_id, known.proven_at = person.id, now()
    session.flush()


def believe(session: Session, person: Person) -> None:
    """Takes somebody's address to be theirs where nobody can be asked, unless it is another's already."""
    if _at(session, person.email) is None:
        session.add(Address(person_id=person.id, email=person.email.lower()))
        session.flush()


def _at(session: Session, email: str) -> Address | None:
    return session.scalar(select(Address).where(Address.email == email.lower()))


def addresses_of(session: Session, person: Person) -> set[str]:
    """Returns the addresses a person has ever shown to be theirs, in small letters."""
    return set(session.scalars(select(Address.email).where(Address.person_id == person.id)))


def authors_at(session: Session, addresses: Iterable[str]) -> dict[str, Person]:
    """Returns whose these addresses of commits are, by address as given: nobody's, where nobody has confirmed it."""
    wanted = {address: address.lower() for address in addresses}
    found: dict[str, Person] = {}
    for chunk in chunks(wanted.values()):
        query = select(Address.email, Person).join(Person, Address.person_id == Person.id)
        found.update(session.execute(query.where(Address.email.in_(chunk))).tuples().all())
    signing = {address: name for address in wanted.values() if (name := person_name(address))}
    for chunk in chunks(signing.values()):
        named = people_called(session, chunk)
        found.update((address, named[name]) for address, name in signing.items() if name in named)
    return {address: found[known] for address, known in wanted.items() if known in found}
