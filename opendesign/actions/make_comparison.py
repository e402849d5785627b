"""Makes the difference in geometry between two builds, or says how the components of one fit."""

from collections.abc import Mapping

from opendesign.actions.house import House
from opendesign.actions.measure_fit import measure_fit
from opendesign.actions.measure_overlap import measure_overlap
from opendesign.actions.release_claimed import released_when_away
from opendesign.cad.shelf import MAKING
from opendesign.core import glb, measurement
from opendesign.core.build import overlap_key
from opendesign.core.errors import Invalid, TooLarge, Unbuildable
from opendesign.records.base import now
from opendesign.records.build import Comparison, builds_by_key, claim, comparison_by_key, release

OVERLAY = ("overlay", "png")
HARD = ("time", "memory", "crash")  # ends of exact booleans after which meshes are worth a try
PATIENCE = 600  # seconds after which a comparison that is still being made has lost its maker


def make_comparison(house: House, key: str) -> str:
    """Makes a wanted comparison, unless somebody does or a build is still to come; returns its state.

    Raises Unbuildable when the engine is off: the comparison stays wanted.
    """
    with house.noting() as work:
        row = work.session.get(Comparison, key)
        if row is None or row.state in ("made", "failed"):
            return row.state if row else "gone"
        if not claim(work.session, Comparison, key, PATIENCE):
            return "making"
    with house.shelf.alone(key, MAKING), released_when_away(house, Comparison, key):
        return make_claimed_comparison(house, key)


def make_claimed_comparison(house: House, key: str) -> str:
    """Makes a comparison that was claimed for it; returns its state. Raises Unbuildable when the engine is off."""
    with house.noting() as work:
        row = comparison_by_key(work.session, key)
        builds = builds_by_key(work.session, [k for k in (row.before_key, row.after_key) if k])
        wanted = [k for k in (row.before_key, row.after_key) if k]
        if any(k not in builds or (builds[k].state == "failed" and not builds[k].stopped) for k in wanted):
            return _fail(row, "One of the two does not build, so there is no difference to show.")
        if any(builds[k].stopped for k in wanted):
            return _fail(row, "The build of a part was stopped.", "stopped")
        if any(builds[k].exported_at is None for k in wanted):
            release(work.session, Comparison, key)
            return "waiting"
        before, after, owner = row.before_key, row.after_key, row.asker
    if after and before == after:
        return measure_fit(house, key, after, owner)
    if before and after and key == overlap_key(before, after):
        return measure_overlap(house, key, (before, after), owner)
    shapes = shape_of(house, before), shape_of(house, after)
    outcome = house.engine.difference(*shapes, OVERLAY, background=True, owner=owner)
    if outcome.error and outcome.error["kind"] in HARD:
        outcome = house.engine.difference(*shapes, OVERLAY, method="mesh", background=True, owner=owner)
    if outcome.error and outcome.error["kind"] in ("cancelled", "off"):
        with house.noting() as work:
            release(work.session, Comparison, key)
        raise Unbuildable(outcome.error["message"])
    return _record(house, key, outcome)


def _record(house: House, key: str, outcome) -> str:
    problem = "" if outcome.ok else outcome.error["message"]
    try:
        names = {} if problem else _laid(house, key, outcome)
    except (Invalid, TooLarge, KeyError) as refusal:
        problem = f"The difference could not be read: {refusal}"
    with house.noting() as work:
        row = work.session.get(Comparison, key)
        if row is None:
            return "gone"
        row.finished_at, row.seconds = now(), round(outcome.seconds, 4)
        if problem:
            return _fail(row, problem)
        row.state, row.result, row.files = "made", _believed(outcome.result), names
        return row.state


def _laid(house: House, key: str, outcome) -> dict[str, int]:
    """Puts the files of a difference on the shelf and returns what lies there; raises what is wrong with them."""
    glb.check(outcome.files["overlay"])
    house.shelf.lay(key, {name: outcome.files[name] for name in OVERLAY if name in outcome.files})
    return house.shelf.names(key)


def _believed(result: Mapping) -> dict:
    """Returns what is kept of a difference: `method`, and `volume_mm3` with added, removed and common.

    The shapes come from a script, so the jail that compared them may say anything: only numbers are kept.
    """
    volumes = {name: result.get(f"{name}_mm3") for name in ("added", "removed", "common")}
    kept = {name: max(0.0, value) for name, value in measurement.figures(volumes).items()}
    return {"method": str(result.get("method", ""))[:20], "volume_mm3": kept}


def _fail(row: Comparison, message: str, kind: str = "geometry") -> str:
    row.state, row.error, row.finished_at = "failed", {"kind": kind, "message": message}, now()
    return row.state


def shape_of(house: House, key: str | None) -> bytes | None:
    """Returns the shape of a build: exact, or triangles where that is all there is."""
    if key is None:
        return None
    exact = "brep" in house.shelf.names(key)
    return house.shelf.path(key, "brep" if exact else "stl").read_bytes()
