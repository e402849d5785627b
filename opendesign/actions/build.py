"""Makes what is wanted: a part from its recipe, through the jail, onto the shelf."""

from collections.abc import Mapping

from opendesign.actions.house import NOBODY, House, Visitor, Work
from opendesign.actions.note_progress import forget_progress, note_progress
from opendesign.actions.read_tree import read_tree, with_large_files
from opendesign.actions.want_build import part_key
from opendesign.cad.engine import Job
from opendesign.cad.outcome import PASSING, STOPPED, Outcome, failed
from opendesign.cad.shelf import MAKING
from opendesign.core import glb, hole, measurement, soundness, tag
from opendesign.core.build import FORMATS
from opendesign.core.encoding import bytes_of
from opendesign.core.errors import Away, Invalid, NotFound, TooLarge, Unbuildable
from opendesign.core.lfs import Pointer
from opendesign.core.lineage import form
from opendesign.core.snapshot import Snapshot
from opendesign.records.base import now
from opendesign.records.build import Build, build_by_key, claim
from opendesign.records.design import Design, design_by_id
from opendesign.records.form import designs_formed
from opendesign.records.turn import JOBS, waiting_for


def build(house: House, key: str, visitor: Visitor = NOBODY) -> str:
    """Makes a build with all its files for somebody who waits, and returns its state; once, however often it is asked.

    Raises Unbuildable when the engine is off: the build stays wanted.
    """
    with house.noting() as work:
        row = work.session.get(Build, key)
        if row is None or row.state == "failed" or (row.state == "made" and row.exported_at):
            return row.state if row else "gone"
        if row.state != "made" and not claim(work.session, Build, key, patience(house)):
            return "making"
    with house.shelf.alone(key, MAKING):
        return make_claimed_build(house, key, False, visitor.asker)


def patience(house: House) -> float:
    """Returns the seconds after which a build that is still being made has lost its maker."""
    return house.settings.build_seconds * 3


def make_claimed_build(house: House, key: str, background: bool, owner: str = "") -> str:
    """Makes a build that was claimed for it, as a share of its asker's or another owner's; returns its state.

    What cannot even be tried fails, as it would stay first in line for ever. Raises Unbuildable when the engine is off,
    Away when the files cannot be kept: it stays wanted.
    """
    try:
        with house.reading() as work:
            row = build_by_key(work.session, key)
            if row.stopped:
                return row.state  # a moment after it was claimed
            job = job_of(work, row, FORMATS, background, owner)
    except Away:
        with house.noting() as work:
            give_back(build_by_key(work.session, key))
        raise
    except (Invalid, NotFound, TooLarge) as refusal:
        job, refused = None, failed("invalid", refusal.message)
    else:
        refused = GONE
    with house.shelf.alone(key, "viewer"):
        outcome = outcome_of(house, key, job) if job else refused
        try:
            if outcome.error and outcome.kind in PASSING:
                raise Unbuildable(outcome.error["message"])
            outcome, names = laid(house, key, outcome)
        except (Unbuildable, Away):
            with house.noting() as work:
                give_back(build_by_key(work.session, key))
            raise
        with house.noting() as work:
            row = build_by_key(work.session, key)
            if outcome.kind == "stopped" and row.state != "making":
                return row.state  # whoever stopped it has said so, and somebody may have wanted it again since
            return record(work, row, outcome, names, exported=True).state


def outcome_of(house: House, key: str, job: Job) -> Outcome:
    """Has a job done; one in the background is withdrawn when its build has been stopped meanwhile.

    The look at the row costs nothing to builds of less than 0.3 s, of which the engine tells nothing.
    """
    noted = False
    try:
        for news in house.engine.follow(job):
            if isinstance(news, Outcome):
                return news
            if job.name:
                note_progress(house, key)
                noted = True
                with house.reading() as work:
                    row = work.session.get(Build, key)
                    if row is None or row.stopped:
                        return STOPPED
        return STOPPED
    finally:
        if noted:
            forget_progress(house, key)


def give_back(row: Build) -> None:
    """Lets a claimed build be wanted again, or the files of one that was previewed."""
    if row.state == "making":
        row.state = "wanted"
    elif row.state == "made" and row.exported_at is None:
        row.priority = row.priority or 0


def job_of(work: Work, row: Build, formats: tuple[str, ...], background: bool, owner: str) -> Job | None:
    """Returns the job for the engine, or None when the design or its tree is gone."""
    design = design_by_id(work.session, row.design_id)
    if design is None:
        return None
    try:
        snapshot = read_tree(work, design, row.recipe["tree"])
    except NotFound:
        return None
    if row.recipe["changes"]:
        snapshot = with_large_files(work, design, snapshot.changed(row.recipe["changes"]))
    if snapshot.pointers and row.key != part_key(snapshot, row.part, row.recipe["values"]):
        return None  # a file of Git LFS has come or gone since: what would be made has another name
    files = input_files(work, design, snapshot, row.part, row.recipe["values"])
    # Whoever waits for a build with others of their own (a merge, a download) is not stopped by strangers.
    name = row.key if background and row.state == "making" else ""
    return Job(row.part, files, formats, background=background, owner=owner or row.asker, name=name)


def input_files(
    work: Work, design: Design, snapshot: Snapshot, path: str, values: Mapping[str, object]
) -> dict[str, bytes]:
    """Returns everything a part's script can read, by path; raises TooLarge past the limit for one build."""
    rewritten = snapshot.rewritten(path, values)
    files = {n: bytes_of(n, snapshot.sources[n]) for n in snapshot.inputs(path) if n in snapshot.sources}
    known = files.keys() | rewritten.keys()
    others = [name for name in snapshot.inputs(path) if name not in known and name in snapshot.blobs]
    limit = work.house.limits.closure_bytes
    large = large_inputs(snapshot, path)
    if sum(each.size for each in large.values()) > limit:
        raise too_much(path, limit)
    files |= {name: work.house.store.lfs.found(each).read_bytes() for name, each in large.items()}
    others = [name for name in others if name not in large]
    if others:
        with work.house.store.open(design.key) as repository:
            blobs = repository.read_blobs([snapshot.blobs[name] for name in others], limit)
        files |= {name: blobs[snapshot.blobs[name]] for name in others}
    files |= rewritten
    if sum(map(len, files.values())) > limit:
        raise too_much(path, limit)
    return files


def large_inputs(snapshot: Snapshot, path: str) -> dict[str, Pointer]:
    """Returns the files of Git LFS that a part's script can read, by path."""
    return {name: snapshot.large[name] for name in snapshot.inputs(path) if name in snapshot.large}


def too_much(path: str, limit: int) -> TooLarge:
    """Returns the refusal of a part that reads too much."""
    return TooLarge(f"{path} reads more than {limit >> 20} MiB of files (limit closure_bytes).")


# It says nothing about the script: a fork that shares the build has it made from its own copy.
GONE = failed("stopped", "The design or revision that wanted this is gone.")


def laid(house: House, key: str, outcome: Outcome) -> tuple[Outcome, dict[str, int]]:
    """Returns how a build ended as far as that is believed, its files on the shelf, and what lies there now.

    Done before anything is recorded: no row promises what is not there, and nobody who writes waits for a shelf.
    """
    outcome = believed(outcome)
    if not outcome.ok:
        return outcome, {}
    house.shelf.lay(key, {name: content for name, content in outcome.files.items() if name in FORMATS})
    return outcome, house.shelf.names(key)


def record(work: Work, row: Build, outcome: Outcome, names: Mapping[str, int], exported: bool) -> Build:
    """Writes how a build ended, and which files of it are on the shelf."""
    work.tell(row.key)
    row.finished_at, row.seconds = now(), round(outcome.seconds, 4)
    row.log = outcome.log
    if (exported or not outcome.ok) and outcome.kind != "stopped":
        for kind, key in waiting_for(work.session, row.key):
            work.soon(JOBS[kind], key, 5)
        for design in designs_formed(work.session, row.key):
            work.soon("lineage", design)
    if not outcome.ok:
        row.state, row.error = "failed", outcome.error
        return row
    row.state, row.error, row.result, row.files = "made", None, outcome.result, dict(names)
    row.exported_at = now() if exported else None
    row.priority = None if exported else row.priority
    return row


def believed(outcome: Outcome) -> Outcome:
    """Returns the outcome with its facts checked, or a failure when the jail sent what no honest build sends."""
    if not outcome.ok:
        return outcome
    try:
        shapes = measurement.check(outcome.result.get("shapes", []))
        total = measurement.check([outcome.result.get("total") or {}])[0] if shapes else None
        said = [soundness.other(text) for text in measurement.texts(outcome.result.get("warnings"))]
        remarks = said + soundness.check(outcome.result.get("remarks", []))
        holes = hole.check(outcome.result.get("holes"))
        tags = tag.check(outcome.result.get("tags"))
        formed = form.check(outcome.result.get("form"))
        for name in ("viewer", "glb"):
            if name in outcome.files:
                glb.check(outcome.files[name])
    except (Invalid, TooLarge) as refusal:
        error = {"kind": "output", "message": refusal.message, "file": None, "line": None}
        return Outcome(False, error, log=outcome.log, seconds=outcome.seconds)
    result = {
        "shapes": shapes,
        "total": total,
        "remarks": remarks,
        "holes": holes,
        "tags": tags,
        "form": formed,
        "seconds": measurement.figures(outcome.result.get("seconds")),
    }
    return Outcome(True, None, result, outcome.files, outcome.log, outcome.seconds)
