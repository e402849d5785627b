"""Puts right what a killed process left behind."""

from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.house import House
from opendesign.actions.sync import sync
from opendesign.records.build import Build, Comparison, made_last, unfinished
from opendesign.records.design import all_designs, design_by_id
from opendesign.records.revision import designs_untraced, forget_adoptions
from opendesign.records.turn import JOBS, KINDS


def heal(house: House) -> int:
    """Queues every build, comparison, inspection and spot that is wanted and may have lost its job; returns how many.

    Those whose files a power cut has left empty or cut are wanted again.
    """
    with house.writing() as work:
        for build in made_last(work.session, Build):
            if not house.shelf.holds(build.key, build.files or {}):
                build.state, build.exported_at = "wanted", None
        for comparison in made_last(work.session, Comparison):
            if not house.shelf.holds(comparison.key, comparison.files or {}):
                comparison.state = "wanted"
        work.session.flush()
        lost = [(JOBS[kind], key) for kind in KINDS for key in unfinished(work.session, kind)]
        untraced = [("lineage", str(design)) for design in designs_untraced(work.session)]
        for job, key in lost + untraced:
            work.soon(job, key)
    return len(lost)


def reindex(house: House) -> int:
    """Syncs every design, each in a transaction of its own, and finds all adoptions anew; returns how many."""
    with house.reading() as work:
        keys = all_designs(work.session)
    for key in keys:
        with house.writing() as work:
            if design := design_by_id(work.session, key):
                sync(work, design)
    with house.writing() as work:
        forget_adoptions(work.session)
    for key in keys:
        lineage_job(house, str(key))
    return len(keys)
