"""Somebody takes along all that is kept about them."""

from opendesign.actions.house import House, Visitor
from opendesign.core.errors import Forbidden
from opendesign.records.deed import add_deed
from opendesign.records.personal import rows_of


def take_record(house: House, visitor: Visitor) -> dict[str, list[dict[str, object]]]:
    """Returns every row that names the acting person, by table; nobody who writes waits while they are read."""
    with house.reading(visitor) as work:
        if work.person is None:
            raise Forbidden("Enter first.")
        found = rows_of(work.session, work.person)
    with house.writing(visitor) as work:
        if work.person is not None:
            add_deed(work.session, "person.exported", work.person.name)
    return found
