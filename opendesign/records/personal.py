"""What the records hold of one person: every row that names them, in every table there is or will be."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, func, or_, select
from sqlalchemy.orm import Session

from opendesign.records.base import Record
from opendesign.records.person import Person

LOOSE = ("person_id",)  # names a person also where it points at nothing, as in deeds
SECRET = ("password", "secret_hash", "sealed")
WHENCE = "address"  # of whoever did it, which is another's where this person only closed or received it
MOST = 100_000  # rows of one table


def rows_of(session: Session, person: Person) -> dict[str, list[dict[str, object]]]:
    """Returns the rows that name a person, by table, without what proves who they are.

    Of a table with more than `MOST` the first are there, and `cut` tells how many there would be.
    """
    found = {"person": _rows(session, Person.__table__, [Person.__table__.columns["id"]], person.id)}  # type: ignore
    cut = {}
    for table in Record.metadata.sorted_tables:
        naming = naming_columns(table)
        if naming and (rows := _rows(session, table, naming, person.id)):
            found[table.name] = rows[:MOST]
            if len(rows) > MOST:
                cut[table.name] = _count(session, naming, person.id)
    return found | ({"cut": [{"table": name, "rows": many} for name, many in cut.items()]} if cut else {})


def naming_columns(table: Table) -> list[Column]:
    """Returns the columns of a table that say which person: as its author, as whom it is for, as who ended it."""
    return [
        each
        for each in table.columns
        if each.name in LOOSE or any(key.column.table.name == "person" for key in each.foreign_keys)
    ]


def _rows(session: Session, table: Table, naming: list[Column], key: int) -> list[dict[str, object]]:
    shown = [each for each in table.columns if each.name not in SECRET and not isinstance(each.type, LargeBinary)]
    query = select(*shown).where(or_(*(each == key for each in naming)))
    rows = session.execute(query.order_by(*table.primary_key.columns).limit(MOST + 1)).mappings()
    return [_own(row, key) for row in rows]


def _own(row: Mapping[Any, Any], key: int) -> dict[str, object]:
    """Returns a row without where another person came from."""
    others = "person_id" in row and row["person_id"] != key
    return {name: value for name, value in row.items() if not (others and name == WHENCE)}


def _count(session: Session, naming: list[Column], key: int) -> int:
    return session.scalar(select(func.count()).where(or_(*(each == key for each in naming)))) or 0
