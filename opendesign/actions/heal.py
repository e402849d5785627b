"""Puts right what a killed process left behind."""

from opendesign.actions.house import House
from opendesign.actions.sync import sync
from opendesign.records.build import Build, Comparison, unfinished
from opendesign.records.design import all_designs, design_by_id


def heal(house: House) -> int:
    """Queues every build and comparison that is wanted and may have lost its job; returns how many."""
    with house.writing() as work:
        builds, comparisons = unfinished(work.session, Build), unfinished(work.session, Comparison)
        for key in builds:
            work.soon("build", key)
        for key in comparisons:
            work.soon("compare", key)
    return len(builds) + len(comparisons)


def reindex(house: House) -> int:
    """Syncs every design, each in a transaction of its own; returns how many."""
    with house.reading() as work:
        keys = all_designs(work.session)
    for key in keys:
        with house.writing() as work:
            if design := design_by_id(work.session, key):
                sync(work, design)
    return len(keys)
