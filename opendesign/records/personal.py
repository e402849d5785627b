"""What the records hold of one person: every row that names them, in every table there is or will be."""

from sqlalchemy import LargeBinary, Table, or_, select
from sqlalchemy.orm import Session

from opendesign.records.base import Record
from opendesign.records.person import Person

NAMING = ("person_id", "author_id", "owner_id")
SECRET = ("password", "secret_hash", "sealed")
MOST = 100_000  # rows of one table


def rows_of(session: Session, person: Person) -> dict[str, list[dict[str, object]]]:
    """Returns the rows that name a person, by table, without what proves who they are."""
    found = {"person": _rows(session, Person.__table__, "id", person.id)}  # type: ignore[arg-type]
    for table in Record.metadata.sorted_tables:
        if any(name in table.columns for name in NAMING) and (rows := _rows(session, table, "", person.id)):
            found[table.name] = rows
    return found


def _rows(session: Session, table: Table, column: str, key: int) -> list[dict[str, object]]:
    names = [column] if column else [name for name in NAMING if name in table.columns]
    shown = [each for each in table.columns if each.name not in SECRET and not isinstance(each.type, LargeBinary)]
    query = select(*shown).where(or_(*(table.columns[name] == key for name in names)))
    rows = session.execute(query.order_by(*table.primary_key.columns).limit(MOST)).mappings()
    return [dict(row) for row in rows]
