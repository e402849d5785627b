"""Addresses that people have shown to be theirs: by these, and by what this service signs with, authors are known."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.signature import person_name
from opendesign.records.base import Record, chunks, now, reference
from opendesign.records.person import Person, people_called


class Address(Record):
    """An e-mail address, in small letters, and who has shown first that it is theirs: commits keep it for ever."""

    __tablename__ = "address"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    email: Mapped[str] = mapped_column(unique=True)
    proven_at: Mapped[datetime] = mapped_column(default=now)
    person: Mapped[Person] = relationship()


def prove(session: Session, person: Person, email: str) -> None:
    """Says that an address is a person's from now on; whoever has shown before that it is theirs keeps its commits."""
    person.email, person.proven_at = email, now()
    session.flush()
    if session.scalar(select(Address.id).where(Address.email == email.lower())) is None:
        session.add(Address(person_id=person.id, email=email.lower()))
        session.flush()


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
