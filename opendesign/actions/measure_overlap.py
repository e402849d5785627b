"""How far two builds of one form are the same shape is looked at when lineage needs to know."""

from opendesign.actions.house import House, Work
from opendesign.actions.want_build import BACKGROUND, want_files
from opendesign.cad.engine import Job
from opendesign.cad.outcome import PASSING
from opendesign.core.asker import asker
from opendesign.core.build import overlap_key
from opendesign.core.errors import Invalid, Unbuildable
from opendesign.core.measurement import number
from opendesign.records.base import now
from opendesign.records.build import Comparison, builds_by_key, comparisons_by_key, release
from opendesign.records.design import Design
from opendesign.records.form import designs_formed

SECONDS = 60.0  # brackets take less than one; what takes longer is not told


def overlaps_of(work: Work, build: str, others: list[str]) -> dict[str, float | None]:
    """Returns how far a build is the same as each of others, as far as that was looked at; None where it failed."""
    names = {overlap_key(build, other): other for other in others}
    rows = comparisons_by_key(work.session, names)
    return {
        names[row.key]: (row.result or {}).get("overlap")
        for row in rows.values()
        if not row.waiting and not row.stopped
    }


def want_overlap(work: Work, design: Design, one: str, other: str) -> None:
    """Wants it looked at how far two builds are the same, unless somebody has; it counts to the design's owner."""
    key = overlap_key(one, other)
    row = work.session.get(Comparison, key)
    if row is not None and not row.stopped:
        return
    for build in builds_by_key(work.session, (one, other)).values():
        want_files(work, build, BACKGROUND)
    row = Comparison(key=key, before_key=one, after_key=other, state="wanted", error=None)
    row.wanted_at, row.asker, row.priority = now(), asker(design.owner_id), BACKGROUND
    work.session.merge(row)
    work.session.flush()
    work.soon("compare", key)


def measure_overlap(house: House, key: str, builds: tuple[str, str], owner: str) -> str:
    """Has the engine look at how far two builds are the same, for a row that was claimed; returns the row's state.

    Raises Unbuildable when the engine is off: the row stays wanted.
    """
    overlap, error, seconds = None, "One of the two is known by its triangles alone.", 0.0
    if all("brep" in house.shelf.names(each) for each in builds):
        one, other = (house.shelf.path(each, "brep").read_bytes() for each in builds)
        outcome = house.engine.overlap(one, other, Job("", {}, (), background=True, owner=owner, seconds=SECONDS))
        if outcome.kind in PASSING:
            with house.noting() as work:
                release(work.session, Comparison, key)
            raise Unbuildable((outcome.error or {})["message"])
        seconds = outcome.seconds
        try:
            overlap = min(max(number(outcome.result, "overlap"), 0.0), 1.0) if outcome.ok else None
            error = (outcome.error or {}).get("message", "")
        except Invalid as refusal:
            error = refusal.message
    with house.noting() as work:
        row = work.session.get(Comparison, key)
        if row is None:
            return "gone"
        row.finished_at, row.seconds, row.files = now(), round(seconds, 4), {}
        row.state, row.result = ("failed", None) if overlap is None else ("made", {"overlap": overlap})
        row.error = {"kind": "geometry", "message": error} if overlap is None else None
        for design in sorted({each for build in builds for each in designs_formed(work.session, build)}):
            work.soon("lineage", design)
        return row.state
