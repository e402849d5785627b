"""An operator makes the service read-only for a while: to move it, to mend it, to back it up."""

import time
from typing import NamedTuple

from opendesign.actions.house import House, Work
from opendesign.core.errors import Paused
from opendesign.core.names import clean_line
from opendesign.records.switch import READ_ONLY, Switch, switched_on

KEPT = 1.0  # seconds that the banner of pages may lag behind; whoever writes asks the database itself
RETRY_SECONDS = 120


class _Seen(NamedTuple):
    """When it was asked last, at which version of the records, and the reason then."""

    at: float
    version: str
    reason: str | None


_seen: dict[str, _Seen] = {}  # by house


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
    known = _seen.get(_place(house))
    if known and time.monotonic() < known.at + KEPT:
        return known.reason
    return _look(house, house.database.version())


def need_running(house: House) -> None:
    """Raises Paused in read-only mode."""
    version, known = house.database.version(), _seen.get(_place(house))
    _need_none(known.reason if known and known.version == version else _look(house, version))


def paused_now(work: Work) -> str | None:
    """Returns why nothing can be written in this transaction, perhaps an empty text; None while all can."""
    row = switched_on(work.session, READ_ONLY)
    return row.reason if row else None


def need_still_running(work: Work) -> None:
    """Raises Paused when read-only mode is on in this transaction: for what takes long, before it changes something."""
    _need_none(paused_now(work))


def _need_none(reason: str | None) -> None:
    if reason is not None:
        words = f"This service is read-only for now, so nothing was changed. {reason}".rstrip()
        raise Paused(words, RETRY_SECONDS)


def _look(house: House, version: str) -> str | None:
    with house.reading() as work:
        reason = paused_now(work)
    _seen[_place(house)] = _Seen(time.monotonic(), version, reason)
    return reason


def _place(house: House) -> str:
    return house.settings.data
