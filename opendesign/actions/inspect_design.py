"""A design's own checks are run over the shapes of its parts: wanted, run in the jail, read with care, kept."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from opendesign.actions.build import input_files, large_inputs, patience
from opendesign.actions.house import NOBODY, House, Visitor, Work
from opendesign.actions.read_tree import read_tree, with_large_files
from opendesign.actions.release_claimed import released_when_away
from opendesign.actions.want_build import BACKGROUND, part_key, want_files, want_measured
from opendesign.cad.engine import Job
from opendesign.cad.outcome import PASSING, STOPPED, Outcome
from opendesign.cad.progress import Progress
from opendesign.cad.shelf import MAKING
from opendesign.cad.version import engine_version
from opendesign.core.asker import asker
from opendesign.core.encoding import WHY_UNREAD
from opendesign.core.errors import Conflict, Invalid, NotFound, TooLarge, Unbuildable
from opendesign.core.inspection import FILE, Inspected, Script, read_results, read_script, running
from opendesign.core.snapshot import Snapshot
from opendesign.records.base import now
from opendesign.records.build import Build, builds_by_key, claim, release
from opendesign.records.design import Design, design_by_id
from opendesign.records.inspection import Inspection, need

MOST_PARTS = 200
AFTER_BUILDS = 4  # priority
BEGUN = re.compile(r"^(check_\w+) …$", re.MULTILINE)
NO_SHAPE = "is a mesh too fine to be given as a shape"


@dataclass(frozen=True)
class Plan:
    """How a tree's checks would be run: the script, the build of each part it is given; no key where it cannot be."""

    script: Script
    parts: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


def plan(snapshot: Snapshot, shown: Snapshot | None = None) -> Plan | None:
    """Returns how the `checks.py` of a tree would be run over the parts of the tree `shown`, by default its own.

    None when it has none.
    """
    shown = shown or snapshot
    if FILE not in snapshot.blobs:
        return None
    if FILE not in snapshot.sources:
        return Plan(Script(fault=WHY_UNREAD[snapshot.unread.get(FILE, "text")]))
    script = read_script(snapshot.sources[FILE])
    paths = [part.path for part in shown.parts if script.parts is None or part.path in script.parts]
    if len(paths) > MOST_PARTS:
        return Plan(Script(fault=f"it looks at {len(paths)} parts, {MOST_PARTS} at most can be given to it"))
    if script.fault or not script.each:
        return Plan(script)
    parts = {path: part_key(shown, path) for path in paths}
    return Plan(script, parts, snapshot.inspection_key(engine_version(), FILE, parts))


def inspected(work: Work, snapshot: Snapshot, shown: Snapshot | None = None) -> Inspected | None:
    """Returns what is known of a tree's own checks, over its own parts or those of `shown`; None when it has none.

    Reads only.
    """
    planned = plan(snapshot, shown)
    if planned is None:
        return None
    data = [path for path in snapshot.inputs(FILE) if not path.endswith(".py")]
    code = {path: snapshot.blobs[path] for path in (*running(snapshot.sources), *data) if path in snapshot.blobs}
    row = work.session.get(Inspection, planned.key) if planned.key else None
    if row is None or row.stopped:
        return Inspected(planned.script, "wanted" if planned.key else "made", code=code)
    results = {each["name"]: each for each in (row.result or {}).get("checks", [])}
    return Inspected(planned.script, row.state, results, row.error, code)


def is_uninspected(work: Work, snapshot: Snapshot) -> bool:
    """Says whether a tree has checks that nobody has wanted run: a page that asks again undoes no stop."""
    planned = plan(snapshot)
    if planned is None or not planned.key:
        return False
    return work.session.get(Inspection, planned.key) is None


def is_runnable(work: Work, snapshot: Snapshot, shown: Snapshot) -> bool:
    """Says whether a tree's checks could be run over the parts of another and nobody has wanted it; all are built.

    Reads only.
    """
    planned = plan(snapshot, shown)
    if planned is None or not planned.key or work.session.get(Inspection, planned.key) is not None:
        return False
    builds = builds_by_key(work.session, planned.parts.values())
    return all(key in builds and not builds[key].stopped for key in planned.parts.values())


def want_inspection(work: Work, design: Design, snapshot: Snapshot, shown: Snapshot | None = None) -> Inspection | None:
    """Returns the run of a tree's checks, wanted with the builds it looks at; None where there is nothing to run.

    `shown`: another tree that the design's repository has, whose parts it looks at.
    """
    planned = plan(snapshot, shown)
    if planned is None or not planned.key:
        return None
    row = work.session.get(Inspection, planned.key)
    if row is not None and not row.stopped:
        return row
    for path in planned.parts:
        want_files(work, want_measured(work, design, shown or snapshot, path), BACKGROUND)
    recipe = {"tree": snapshot.tree, "changes": dict(snapshot.changes), "parts": dict(planned.parts)}
    row = Inspection(key=planned.key, design_id=design.id, recipe=recipe, state="wanted", error=None)
    row.wanted_at, row.asker, row.priority = now(), work.asker or asker(design.owner_id), AFTER_BUILDS
    row = work.session.merge(row)
    work.session.flush()
    need(work.session, row.key, planned.parts.values())
    work.soon("inspect", row.key, AFTER_BUILDS)
    return row


def want_relatives(work: Work, own: tuple[Design, Snapshot], relative: tuple[Design, Snapshot]) -> Inspection | None:
    """Wants the checks of a relative's tree run over the parts of a design's, which stay the design's own builds."""
    design, shown = own
    planned = plan(relative[1], shown)
    for path in planned.parts if planned else ():
        want_measured(work, design, shown, path)
    return want_inspection(work, *relative, shown)


def inspect_design(house: House, key: str, visitor: Visitor = NOBODY) -> str:
    """Makes a wanted inspection for somebody who waits, and returns its state; once, however often it is asked.

    Raises Unbuildable when the engine is off: it stays wanted.
    """
    with house.noting() as work:
        row = work.session.get(Inspection, key)
        if row is None or row.state in ("made", "failed"):
            return row.state if row else "gone"
        if not claim(work.session, Inspection, key, patience(house)):
            return "making"
    with house.shelf.alone(key, MAKING), released_when_away(house, Inspection, key):
        return make_claimed_inspection(house, key, False, visitor.asker)


def make_claimed_inspection(house: House, key: str, background: bool, owner: str = "") -> str:
    """Makes an inspection that was claimed for it; returns its state. Raises Unbuildable when the engine is off."""
    _bring(house, key)
    with house.noting() as work:
        row = work.session.get_one(Inspection, key)
        try:
            parts = _given(work, row)
            script, job = _job(work, row, background, owner)
        except Conflict:
            release(work.session, Inspection, key)
            return "waiting"
        except NotFound:
            work.session.delete(row)  # a fork that shares it wants it from its own copy
            return "gone"
        except (Invalid, TooLarge, Unbuildable) as refusal:
            kind = "stopped" if isinstance(refusal, Unbuildable) else "invalid"
            return _record(work, row, Script(), _failed(kind, refusal.message))
    outcome = _followed(house, key, house.engine.inspect(script.names, parts, job))
    with house.noting() as work:
        row = work.session.get_one(Inspection, key)
        if outcome.kind in PASSING:
            release(work.session, Inspection, key)
        elif row.state == "making":
            return _record(work, row, script, outcome)
    if outcome.kind in PASSING:
        raise Unbuildable((outcome.error or {})["message"])
    return "stopped"


def _bring(house: House, key: str) -> None:
    """Has what it looks at on this machine before anything is written: who writes does not wait for a store."""
    with house.reading() as work:
        row = work.session.get_one(Inspection, key)
        builds = builds_by_key(work.session, row.recipe["parts"].values()).values()
        shapes = {build.key: size for build in builds if (size := (build.files or {}).get("brep"))}
        with suppress(NotFound):
            large = large_inputs(_tree(work, row)[1], FILE).values()
            if sum(each.size for each in large) <= house.limits.closure_bytes:
                for pointer in large:
                    house.store.lfs.found(pointer)
    if sum(shapes.values()) <= house.limits.closure_bytes:
        for each in shapes:
            with suppress(NotFound):
                house.shelf.path(each, "brep")


def _given(work: Work, row: Inspection) -> dict[str, bytes | str]:
    """Returns the shape of each part, or why there is none, by path.

    Raises Conflict while one is still to be made, Unbuildable when one was stopped, TooLarge for more than a job holds.
    """
    keys = row.recipe["parts"]
    builds = builds_by_key(work.session, keys.values())
    ended = [build for build in builds.values() if build.state == "failed" or build.exported_at]
    if len(ended) < len(set(keys.values())):
        raise Conflict("A part is still being built.")
    if any(build.stopped for build in ended):
        raise Unbuildable("The build of a part was stopped.")
    limit = work.house.limits.closure_bytes
    if sum((build.files or {}).get("brep", 0) for build in ended) > limit:
        raise TooLarge(f"The parts it looks at have more than {limit >> 20} MiB of shapes (limit closure_bytes).")
    return {path: _shape(work.house, builds[key]) for path, key in keys.items()}


def _shape(house: House, build: Build) -> bytes | str:
    if build.state == "failed":
        return "does not build"
    if "brep" not in (build.files or {}):
        return NO_SHAPE
    return house.shelf.path(build.key, "brep").read_bytes()


def _tree(work: Work, row: Inspection) -> tuple[Design, Snapshot]:
    """Returns the design and the tree that is looked at; raises NotFound when one is gone."""
    design = design_by_id(work.session, row.design_id)
    if design is None:
        raise NotFound("The design that wanted this is gone.")
    snapshot = read_tree(work, design, row.recipe["tree"]).changed(row.recipe["changes"])
    return design, with_large_files(work, design, snapshot)


def _job(work: Work, row: Inspection, background: bool, owner: str) -> tuple[Script, Job]:
    """Returns the script and the job for the engine; raises NotFound when the design or its tree is gone."""
    design, snapshot = _tree(work, row)
    if snapshot.pointers and row.key != snapshot.inspection_key(engine_version(), FILE, row.recipe["parts"]):
        raise NotFound("A file of Git LFS that it reads has come or gone.")
    files = input_files(work, design, snapshot, FILE, {})
    name = row.key if background else ""
    job = Job(FILE, files, (), background=background, owner=owner or row.asker, name=name)
    return read_script(snapshot.sources[FILE]), job


def _followed(house: House, key: str, following: Iterator[Progress | Outcome]) -> Outcome:
    """Returns how a job ended; it is withdrawn when its inspection has been stopped meanwhile."""
    for news in following:
        if isinstance(news, Outcome):
            return news
        with house.reading() as work:
            row = work.session.get(Inspection, key)
            if row is None or row.stopped:
                return STOPPED
    return STOPPED


def _record(work: Work, row: Inspection, script: Script, outcome: Outcome) -> str:
    """Writes how an inspection ended."""
    row.finished_at, row.seconds, row.log = now(), round(outcome.seconds, 4), outcome.log
    row.state, row.error, row.result = "failed", outcome.error, None
    if outcome.ok:
        try:
            results = read_results(outcome.result.get("checks"), script.names)
            row.state, row.result = "made", {"checks": [{"name": name, **each} for name, each in results.items()]}
        except Invalid as refusal:
            row.error = _failed("output", refusal.message).error
    elif outcome.error:
        begun = [name for name in BEGUN.findall(outcome.log) if name in script.names]
        where = f" It had begun {begun[-1]}." if begun else ""
        message = outcome.error["message"].replace("The script ", "it ", 1)
        row.error = {**outcome.error, "message": f"{message}{where}"}
    work.tell(row.key)
    return row.state


def _failed(kind: str, message: str) -> Outcome:
    return Outcome(False, {"kind": kind, "message": message, "file": FILE, "line": None})
