"""How often somebody may ask the engine for something new; counted in this process, which is enough for a brake."""

import threading
import time
from collections import deque

from opendesign.actions.house import House, Visitor
from opendesign.core.errors import TooMany

WINDOW = 60.0  # seconds
KEPT = 10_000  # askers remembered at most; the oldest are forgotten first
FACTOR = 4  # people who have entered drag sliders; strangers share an address with a lab at most

_asked: dict[tuple[str, str], deque[float]] = {}  # by house and asker
_lock = threading.Lock()


def pace(house: House, visitor: Visitor, weight: int = 1) -> None:
    """Counts one wish for a build; raises TooMany past `builds_per_address_a_minute` (fourfold for the known).

    `weight`: as how many wishes it counts; the first is never too heavy.
    """
    limit = house.limits.builds_per_address_a_minute * (1 if visitor.person_id is None else FACTOR)
    now = time.monotonic()
    with _lock:
        name = (str(house.settings.root), visitor.asker)
        times = _asked.pop(name, None) or deque()
        _asked[name] = times
        while len(_asked) > KEPT:
            _asked.pop(next(iter(_asked)))
        while times and times[0] < now - WINDOW:
            times.popleft()
        if len(times) >= limit:
            wait = int(WINDOW - (now - times[0])) + 1
            raise TooMany(f"More than {limit} previews a minute (builds_per_address_a_minute); wait {wait} s.", wait)
        times.extend([now] * weight)
