"""Whoever has adopted something finds it in the lineage at once, where that can be; the job in the queue sees to it."""

import logging

from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.house import House
from opendesign.records.design import design_by_path

log = logging.getLogger(__name__)


def trace_adopted(house: House, owner: str, name: str) -> None:
    """Brings the lineage of a design up to date; what was adopted stays so whatever becomes of this."""
    try:
        with house.reading() as work:
            key = design_by_path(work.session, owner, name).key
        lineage_job(house, key)
    except Exception:
        log.exception("The lineage of %s/%s is left to the queue", owner, name)
