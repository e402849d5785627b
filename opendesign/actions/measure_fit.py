"""How the components of builds fit is looked at when a check needs to know, on the exact shapes that are kept."""

from collections.abc import Iterable

from opendesign.actions.house import House, Work
from opendesign.actions.remake import parts_of
from opendesign.cad.engine import Job
from opendesign.cad.outcome import PASSING
from opendesign.cad.version import engine_version
from opendesign.core import fit
from opendesign.core.asker import asker
from opendesign.core.build import fit_key
from opendesign.core.errors import Invalid, Unbuildable
from opendesign.records.base import now
from opendesign.records.build import Build, Comparison, build_by_key, builds_by_key, comparisons_by_key, release
from opendesign.records.design import Design

FOR_CHECKS = 4  # priority: after the builds a comparison needs, before its differences


def fits_of(work: Work, builds: Iterable[Build]) -> dict[str, dict]:
    """Returns how the components of those builds that have several fit, by the builds' keys; reads only.

    Each has a `state`, the `names` of the shapes, and what core/fit.py says once it is made.
    """
    several = {fit_key(engine_version(), each.key): each for each in builds if each.state == "made" and each.solids > 1}
    rows = comparisons_by_key(work.session, several)
    found = {}
    for key, build in several.items():
        row = rows.get(key)
        known = (row.result or {}) if row and row.state == "made" else {}
        names = [shape["name"] for shape in build.shapes]
        found[build.key] = {**known, "state": row.state if row else "wanted", "names": names}
    return found


def want_fits(work: Work, design: Design, keys: Iterable[str]) -> list[str]:
    """Wants it looked at how the components of these builds fit, where nobody has yet; returns the names of all."""
    names = []
    for build in builds_by_key(work.session, keys).values():
        name = fit_key(engine_version(), build.key)
        names.append(name)
        if work.session.get(Comparison, name) is None:
            row = Comparison(key=name, before_key=build.key, after_key=build.key, state="wanted", wanted_at=now())
            row.asker, row.priority = work.asker or asker(design.owner_id), FOR_CHECKS
            work.session.add(row)
            work.session.flush()
            work.soon("compare", name, FOR_CHECKS)
    return names


def lacks_fits(work: Work, keys: Iterable[str]) -> bool:
    """Says whether nobody has wanted yet to know how the components of one of these builds fit."""
    names = [fit_key(engine_version(), key) for key in keys]
    return bool(names) and len(comparisons_by_key(work.session, names)) < len(names)


def measure_fit(house: House, name: str, build_key: str, owner: str) -> str:
    """Has the engine look at how the components of a build fit, for a row that was claimed; returns the row's state.

    Raises Unbuildable when the engine is off: the row stays wanted.
    """
    with house.reading() as work:
        parts = parts_of(build_by_key(work.session, build_key))
    found, error = None, "Its components are known by their triangles alone."
    seconds = 0.0
    if "brep" in house.shelf.names(build_key):
        shapes = house.shelf.path(build_key, "brep").read_bytes()
        outcome = house.engine.fit(shapes, parts, Job("", {}, (), background=True, owner=owner))
        if outcome.error and outcome.error["kind"] in PASSING:
            with house.noting() as work:
                release(work.session, Comparison, name)
            raise Unbuildable(outcome.error["message"])
        seconds = outcome.seconds
        try:
            found = fit.check(outcome.result) if outcome.ok else None
            error = outcome.error["message"] if outcome.error else ""
        except Invalid as refusal:
            error = refusal.message
    with house.noting() as work:
        row = work.session.get(Comparison, name)
        if row is None:
            return "gone"
        row.finished_at, row.seconds, row.files = now(), round(seconds, 4), {}
        row.state, row.result = ("made", found) if found else ("failed", None)
        row.error = None if found else {"kind": "geometry", "message": error}
        return row.state
