"""Makes what is wanted: a part from its recipe, through the jail, onto the shelf."""

from collections.abc import Mapping

from opendesign.actions.house import House, Work
from opendesign.actions.read_tree import read_tree
from opendesign.cad.engine import Job
from opendesign.cad.outcome import Outcome
from opendesign.core import glb, measurement
from opendesign.core.build import FORMATS
from opendesign.core.errors import Invalid, NotFound, TooLarge, Unbuildable
from opendesign.core.snapshot import Snapshot
from opendesign.records.base import now
from opendesign.records.build import Build, build_by_key, claim, comparisons_waiting_for, release
from opendesign.records.design import Design, design_by_id

PASSING = ("cancelled", "off")  # ends that say nothing about the design
LOG = 64 << 10  # characters kept of what a script printed


def build(house: House, key: str, background: bool = True) -> str:
    """Makes a wanted build with all its files and returns its state; once, however often it is asked.

    Raises Unbuildable when the engine is off: the build stays wanted.
    """
    with house.writing() as work:
        row = work.session.get(Build, key)
        if row is None or row.state == "failed" or (row.state == "made" and row.exported_at):
            return row.state if row else "gone"
        if row.state != "made" and not claim(work.session, Build, key, house.settings.build_seconds * 3):
            return "making"
        job = job_of(work, row, FORMATS, background)
    outcome = house.engine.build(job) if job else GONE
    if outcome.error and outcome.error["kind"] in PASSING:
        with house.writing() as work:
            release(work.session, Build, key)
        raise Unbuildable(outcome.error["message"])
    with house.writing() as work:
        return record(work, build_by_key(work.session, key), outcome, exported=True).state


def job_of(work: Work, row: Build, formats: tuple[str, ...], background: bool) -> Job | None:
    """Returns the job for the engine, or None when the design or its tree is gone."""
    design = design_by_id(work.session, row.design_id)
    if design is None:
        return None
    try:
        snapshot = read_tree(work, design, row.recipe["tree"])
    except NotFound:
        return None
    if row.recipe["changes"]:
        snapshot = snapshot.changed(row.recipe["changes"])
    files = input_files(work, design, snapshot, row.part, row.recipe["values"])
    return Job(row.part, files, formats, background=background)


def input_files(
    work: Work, design: Design, snapshot: Snapshot, path: str, values: Mapping[str, object]
) -> dict[str, bytes]:
    """Returns everything a part's script can read, by path; raises TooLarge past the limit for one build."""
    rewritten = {name: text.encode() for name, text in snapshot.rewritten(path, values).items()}
    files = {name: snapshot.sources[name].encode() for name in snapshot.inputs(path) if name in snapshot.sources}
    others = [name for name in snapshot.inputs(path) if name not in files and name in snapshot.blobs]
    if others:
        with work.house.store.open(design.key) as repository:
            blobs = repository.read_blobs([snapshot.blobs[name] for name in others])
        files |= {name: blobs[snapshot.blobs[name]] for name in others}
    files |= rewritten
    limit = work.house.limits.closure_bytes
    if sum(map(len, files.values())) > limit:
        raise TooLarge(f"{path} reads more than {limit >> 20} MiB of files (limit closure_bytes).")
    return files


GONE = Outcome(False, {"kind": "invalid", "message": "The design or revision is gone.", "file": None, "line": None})


def record(work: Work, row: Build, outcome: Outcome, exported: bool) -> Build:
    """Writes how a build ended; files go to the shelf first, so that a row never promises what is not there."""
    outcome = believed(outcome)
    row.finished_at, row.seconds = now(), round(outcome.seconds, 4)
    row.log = outcome.log[:LOG]
    if exported or not outcome.ok:
        for comparison in comparisons_waiting_for(work.session, row.key):
            work.soon("compare", comparison, 5)
    if not outcome.ok:
        row.state, row.error = "failed", outcome.error
        return row
    files = {name: content for name, content in outcome.files.items() if name in FORMATS}
    put = work.house.shelf.put if exported else work.house.shelf.lay
    put(row.key, files)
    row.state, row.error, row.result = "made", None, outcome.result
    row.files = work.house.shelf.names(row.key)
    row.exported_at = now() if exported else None
    return row


def believed(outcome: Outcome) -> Outcome:
    """Returns the outcome with its facts checked, or a failure when the jail sent what no honest build sends."""
    if not outcome.ok:
        return outcome
    try:
        shapes = measurement.check(outcome.result.get("shapes", []))
        total = measurement.check([outcome.result.get("total") or {}])[0] if shapes else None
        for name in ("viewer", "glb"):
            if name in outcome.files:
                glb.check(outcome.files[name])
    except (Invalid, TooLarge) as refusal:
        error = {"kind": "output", "message": refusal.message, "file": None, "line": None}
        return Outcome(False, error, log=outcome.log, seconds=outcome.seconds)
    warnings = [str(text)[:300] for text in outcome.result.get("warnings", [])[:50]]
    result = {
        "shapes": shapes,
        "total": total,
        "warnings": warnings,
        "seconds": outcome.result.get("seconds"),
    }
    return Outcome(True, None, result, outcome.files, outcome.log, outcome.seconds)
