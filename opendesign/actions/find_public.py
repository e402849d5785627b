"""Where anybody may read a design is found at once, again and again, while the records stay as they are."""

from opendesign.actions.house import House
from opendesign.core.access import Ground, may
from opendesign.core.remembered import Remembered
from opendesign.records.design import repository_key, visibility_by_path

KEPT = 4096  # designs

_places = Remembered[tuple[str, str, str], tuple[int, str]](KEPT)


def find_public(house: House, owner: str, name: str) -> tuple[int, str] | None:
    """Returns the number of a design that strangers may see, and its repository's key; None for every other.

    What is remembered holds for one state of the records: whatever is committed, by whichever process, ends it.
    """
    asked = (house.database.version(), owner, name)
    if known := _places.get(asked):
        return known
    with house.reading() as work:
        found = visibility_by_path(work.session, owner, name)
    if found is None or not may(None, "see", Ground(found[1])):
        return None
    return _places.keep(asked, (found[0], repository_key(found[0])))
