"""An operator makes the service read-only for a while: to move it, to mend it, to back it up."""

import time

from opendesign.actions.house import House, Work
from opendesign.core.errors import Paused
from opendesign.core.names import clean_line
from opendesign.records.switch import READ_ONLY, Switch, switched_on

KEPT = 1.0  # seconds that the banner of pages may lag behind; whoever writes asks the database itself
RETRY_SECONDS = 120

_seen: dict[str, tuple[float, str | None]] = {}  # by house: when it was asked last, and the reason then


def pause(work: Work, reason: str) -> Switch:
    """Turns read-only mode on, or gives it another reason."""
    work.need_operator()
    row = switched_on(work.session, READ_ONLY) or Switch(name=READ_ONLY)
    row.reason = clean_line(reason, 300, "reason")
    row.person_id = work.person.id if work.person else None
    work.session.add(row)
    work.session.flush()
    _seen.pop(_place(work.house), None)
    return row


def resume(work: Work) -> None:
    """Turns read-only mode off; does nothing when it is."""
    work.need_operator()
    if row := switched_on(work.session, READ_ONLY):
        work.session.delete(row)
    _seen.pop(_place(work.house), None)


def paused(house: House) -> str | None:
    """Returns why nothing can be written, perhaps an empty text; None while all can. A second old at most."""
    asked, reason = _seen.get(_place(house), (-KEPT, None))
    now = time.monotonic()
    if now >= asked + KEPT:
        with house.reading() as work:
            row = switched_on(work.session, READ_ONLY)
            reason = row.reason if row else None
        _seen[_place(house)] = now, reason
    return reason


def need_running(house: House) -> None:
    """Raises Paused in read-only mode."""
    _seen.pop(_place(house), None)
    reason = paused(house)
    if reason is not None:
        words = f"This service is read-only for now, so nothing was changed. {reason}".rstrip()
        raise Paused(words, RETRY_SECONDS)


def _place(house: House) -> str:
    return str(house.settings.root)
