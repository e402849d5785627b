"""Somebody known fetched a design: remembered once the answer has been sent, as a sign of where things came from."""

import logging

from opendesign.actions.house import House, Visitor
from opendesign.records import fetch
from opendesign.records.base import now

log = logging.getLogger(__name__)


def note_fetch(house: House, visitor: Visitor, design: int) -> None:
    """Remembers that a visitor has fetched a design; a fetch never fails because it cannot be remembered."""
    if visitor.person_id is None:
        return
    try:
        with house.noting(visitor) as work:
            if work.person is not None:
                fetch.note_fetch(work.session, design, work.person.id, now())
    except Exception:
        log.exception("A fetch of design %s is not remembered", design)
