"""Second factors: what makes somebody's codes, and the recovery codes for when that is lost."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.records.base import Record, now, reference
from opendesign.records.person import Person


class Factor(Record):
    """A person shows codes beside their password. `sealed` holds what makes them; `step` is when the last was made."""

    __tablename__ = "factor"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    step: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(default=now)
    codes_at: Mapped[datetime] = mapped_column(default=now)  # when the recovery codes were made
    person: Mapped[Person] = relationship()


class RecoveryCode(Record):
    """A code that counts once in the factor's place; only its hash is kept, until it is used."""

    __tablename__ = "recovery_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    secret_hash: Mapped[str] = mapped_column(unique=True)


def factor_of(session: Session, person: Person) -> Factor | None:
    """Returns a person's second factor, or None."""
    return session.get(Factor, person.id)


def codes_left(session: Session, person: Person) -> int:
    """Returns how many recovery codes a person has not used."""
    return session.scalar(select(func.count(RecoveryCode.id)).where(RecoveryCode.person_id == person.id)) or 0


def spend_code(session: Session, person: Person, secret_hash: str) -> bool:
    """Uses a recovery code up; False where it is none of the person's."""
    wanted = select(RecoveryCode).where(RecoveryCode.person_id == person.id, RecoveryCode.secret_hash == secret_hash)
    code = session.scalar(wanted)
    if code is not None:
        session.delete(code)
    return code is not None


def give_codes(session: Session, person: Person, hashes: Iterable[str]) -> None:
    """Gives a person these recovery codes in place of those they had."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    session.add_all(RecoveryCode(person_id=person.id, secret_hash=each) for each in hashes)
