"""Deeds: who did what to what, when and from where. They are added and, when they are old, forgotten; never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, Text, cast, delete, func, insert, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, now

BATCH = 500
DISCREET = ("report.", "archive.")


@dataclass(frozen=True)
class Doer:
    """Who acts: a person by number and name where one is known, from which address, in which request."""

    person_id: int | None = None
    name: str = ""
    address: str = ""
    request: str = ""


class Deed(Record):
    """Somebody did `verb` ("token.made") to `subject` ("ada/box"); `detail` holds what changed, old and new.

    It points at nothing, so that it outlives whom and what it is about.
    """

    __tablename__ = "deed"
    __table_args__ = (Index("deed_of_design", "design_id", "id"), Index("deed_of_person", "person", "id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    person_id: Mapped[int | None]
    person: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    verb: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(default="")
    design_id: Mapped[int | None]
    detail: Mapped[dict] = mapped_column(default=dict)
    request: Mapped[str] = mapped_column(default="")


def add_deed(
    session: Session, verb: str, subject: str = "", design_id: int | None = None, detail: Mapping | None = None
) -> None:
    """Adds a deed that leaves no other record, such as an export, by the session's doer."""
    doer: Doer = session.info.get("doer", Doer())
    who = {"person_id": doer.person_id, "person": doer.name, "address": doer.address, "request": doer.request}
    session.add(Deed(verb=verb, subject=subject, design_id=design_id, detail=dict(detail or {}), **who))


def deeds(design_id: int | None = None, person: str = "", verb: str = "", subject: str = "") -> Select:
    """Returns the query for deeds, newest first; `verb` and `subject` by how they begin.

    Of one design's, which its owners read, those are left out that are between somebody and the operators.
    """
    query = select(Deed).order_by(Deed.id.desc())
    if design_id is not None:
        query = query.where(Deed.design_id == design_id, *(~Deed.verb.startswith(each) for each in DISCREET))
    if person:
        query = query.where(Deed.person == person)
    if verb:
        query = query.where(Deed.verb.startswith(verb, autoescape=True))
    if subject:
        query = query.where(Deed.subject.startswith(subject, autoescape=True))
    return query


def forget_deeds(session: Session, before: datetime) -> int:
    """Forgets deeds that are older; returns how many."""
    found = session.scalar(select(func.count(Deed.id)).where(Deed.at < before)) or 0
    if found:
        session.execute(delete(Deed).where(Deed.at < before))
    return found


def unname(session: Session, key: int, name: str) -> None:
    """Leaves of a person who is gone only their number in the deeds, and no address they came from.

    The database lets no deed be changed, so each of these is put down again in its place.
    """
    called = f"person {key}"
    theirs = or_(Deed.person_id == key, Deed.subject == name, Deed.subject.startswith(f"{name}/", autoescape=True))
    concerned = or_(theirs, cast(Deed.detail, Text).contains(f'"{name}', autoescape=True))
    rows = [dict(row) for row in session.execute(select(*Deed.__table__.columns).where(concerned)).mappings()]
    found = []
    for row in rows:
        told = row | {"subject": _without(row["subject"], name, called)}
        told["detail"] = _without(row["detail"], name, called)
        if row["verb"] == "person.changed" and row["subject"] == name:
            told["detail"] = dict.fromkeys(row["detail"])
        if row["person_id"] == key:
            told |= {"person": called, "address": ""}
        if told != row:
            found.append(told)
    for start in range(0, len(found), BATCH):
        batch = found[start : start + BATCH]
        session.execute(delete(Deed).where(Deed.id.in_([row["id"] for row in batch])))
        session.execute(insert(Deed), batch)


def _without(told: Any, name: str, called: str) -> Any:
    """Returns what a deed tells with a number in the place of a name."""
    if isinstance(told, str):
        return called + told[len(name) :] if told == name or told.startswith(f"{name}/") else told
    if isinstance(told, list):
        return [_without(each, name, called) for each in told]
    return {word: _without(each, name, called) for word, each in told.items()} if isinstance(told, dict) else told
