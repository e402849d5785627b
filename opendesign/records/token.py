"""Tokens: passwords for programs, kept only as hashes."""

from datetime import datetime
from functools import cache

from sqlalchemy import Select, UniqueConstraint, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.errors import NotFound
from opendesign.records.base import Record, now, reference
from opendesign.records.person import Person


class Token(Record):
    """A secret a person gave to a program, with what the program may do."""

    __tablename__ = "token"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    label: Mapped[str]
    secret_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list] = mapped_column()
    made_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


def token_by_hash(session: Session, secret_hash: str) -> Token | None:
    """Returns the token with this hash unless it was revoked."""
    return session.scalar(_by_hash(), {"hash": secret_hash})


@cache
def _by_hash() -> Select:
    # Put together once: every request of a program and of git asks it.
    return select(Token).where(Token.secret_hash == bindparam("hash"), Token.revoked_at.is_(None))


def tokens_of(session: Session, person: Person) -> list[Token]:
    """Returns a person's tokens that still work, newest first."""
    query = select(Token).where(Token.person_id == person.id, Token.revoked_at.is_(None))
    return list(session.scalars(query.order_by(Token.id.desc())))


def token_of(session: Session, person: Person, key: int) -> Token:
    """Returns one of a person's own tokens; NotFound otherwise."""
    token = session.get(Token, key)
    if token is None or token.person_id != person.id:
        raise NotFound("That token is not one of yours.")
    return token


class Receipt(Record):
    """The answer that was given to a write with an Idempotency-Key, to give it again."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("person_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    key: Mapped[str] = mapped_column(index=True)
    request: Mapped[str]
    status: Mapped[int]
    body: Mapped[dict] = mapped_column()
    at: Mapped[datetime] = mapped_column(default=now)


def receipt_of(session: Session, person: Person, key: str) -> Receipt | None:
    """Returns what a person was answered under this key, or None."""
    return session.scalar(select(Receipt).where(Receipt.person_id == person.id, Receipt.key == key))


def receipt_by_request(session: Session, key: str, request: str) -> Receipt | None:
    """Returns what anybody was answered to exactly this request under this key, or None."""
    return session.scalar(select(Receipt).where(Receipt.key == key, Receipt.request == request))


def forget_receipts(session: Session, before: datetime) -> None:
    """Drops the answers that nobody will ask for again."""
    session.execute(delete(Receipt).where(Receipt.at < before))
