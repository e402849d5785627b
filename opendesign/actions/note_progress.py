"""How far a build is, noted for whoever looks from another machine than the one that makes it."""

import json

from opendesign.actions.house import House
from opendesign.cad.progress import Progress


def note_progress(house: House, key: str) -> None:
    """Notes how far the engine of this machine is with a build."""
    if found := house.engine.progress(key):
        house.queue.note(_name(key), json.dumps([found.stage, found.seconds, found.before, found.log]))


def find_progress(house: House, key: str) -> Progress | None:
    """Returns how far a build is: as the engine of this machine says, else as another machine has noted."""
    found = house.engine.progress(key)
    if found is None and (noted := house.queue.noted(_name(key))):
        stage, seconds, before, log = json.loads(noted)
        found = Progress(stage, seconds, before, log=log)
    return found


def forget_progress(house: House, key: str) -> None:
    """Takes away what was noted of a build that has ended."""
    house.queue.take_away(_name(key))


def _name(key: str) -> str:
    return f"build {key}"
