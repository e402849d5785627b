"""Teams: who controls a design together with whom."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select, union_all
from sqlalchemy.orm import Session

from opendesign.records.base import chunks
from opendesign.records.design import Design, Member


def controls(session: Session, people: Collection[int], also: Collection[int] = ()) -> list[set[int]]:
    """Returns, for each design that two or more of these people may write to, which of them may.

    Only of public designs and of those in `also`: what is private is told to nobody.
    """
    return _together(session, people, or_(Design.visibility == "public", Design.id.in_(also)))


def mates_of(session: Session, person: int, among: Collection[int]) -> set[int]:
    """Returns those of these people who may write to any design together with a person, private ones included."""
    together = _together(session, {person, *among})
    return set().union(*(each for each in together if person in each)) - {person}


def _together(session: Session, people: Collection[int], where: ColumnElement[bool] | None = None) -> list[set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for chunk in chunks(people):
        owned = select(Design.id, Design.owner_id).where(Design.owner_id.in_(chunk))
        joined = select(Member.design_id, Member.person_id).join(Design, Design.id == Member.design_id)
        joined = joined.where(Member.person_id.in_(chunk), Member.role != "reader")
        if where is not None:
            owned, joined = owned.where(where), joined.where(where)
        for design, person in session.execute(union_all(owned, joined)):
            found[design].add(person)
    return [some for some in found.values() if len(some) > 1]
