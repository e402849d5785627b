"""How often somebody may ask the engine for something new; counted where all processes of all machines see it."""

import math
import time

from opendesign.actions.house import House, Visitor
from opendesign.core.errors import TooMany

WINDOW = 60  # seconds
FACTOR = 4  # people who have entered drag sliders; strangers share an address with a lab at most


def pace(house: House, visitor: Visitor, weight: int = 1) -> None:
    """Counts one wish for a build; raises TooMany past `builds_per_address_a_minute` (fourfold for the known).

    `weight`: as how many wishes it counts; the first is never too heavy. Wishes of the window before count for as much
    of it as lies within the last minute.
    """
    limit = house.settings.builds_per_address_a_minute * (1 if visitor.person_id is None else FACTOR)
    window, over = divmod(time.time(), WINDOW)
    name = f"{visitor.asker} {window:.0f}"
    earlier = house.queue.count(f"{visitor.asker} {window - 1:.0f}") * (1 - over / WINDOW)
    wishes = house.queue.count(name, weight) - weight
    if wishes + math.ceil(earlier) >= limit:
        house.queue.count(name, -weight)  # what is refused does not count
        wait = int(WINDOW - over) + 1
        raise TooMany(f"More than {limit} previews a minute (builds_per_address_a_minute); wait {wait} s.", wait)
