"""Makes a file that not every build needs, from its exact shapes: the script does not run again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from opendesign.actions.build import PASSING, job_of
from opendesign.actions.house import House, Visitor
from opendesign.cad.engine import Job
from opendesign.cad.outcome import Outcome
from opendesign.core import glb
from opendesign.core.errors import Invalid, TooLarge, Unbuildable
from opendesign.core.model import model_engine
from opendesign.core.output import section_of
from opendesign.core.stamp import Stamp
from opendesign.records.build import Build, build_by_key

CRASHES = ("crash", "time", "memory")  # ends after which a drawing is tried once more, by triangles alone


def remake(house: House, visitor: Visitor, key: str, names: Sequence[str], stamp: Stamp | None = None) -> None:
    """Puts files of a made build on the shelf: under the build's own key, or the stamp's.

    Raises NotFound for no such build, Invalid for a section beside the part, Unbuildable when the kernel cannot make
    one or the engine is off.
    """
    with house.reading() as work:
        build = build_by_key(work.session, key)
        for name in names:
            within(build, name)
        facts = stamp.facts if stamp else {}
        model = described(build, facts)
        # A model file is read again: that is cheap, and a fine mesh has no exact shapes to start from.
        reading = job_of(work, build, tuple(names), False, visitor.asker) if model_engine(build.part) else None
    if reading:
        outcome = house.engine.build(replace(reading, stamp=facts))
    else:
        outcome = remade(house, key, model, Job("", {}, tuple(names), owner=visitor.asker))
    house.shelf.put(stamp.key(key) if stamp else key, {name: content_of(outcome, name) for name in names})
    if stamp is None:
        remember(house, key)


def remade(house: House, key: str, model: Mapping[str, object], job: Job) -> Outcome:
    """Has files made from a build's exact shapes; a drawing the kernel cannot do exactly is done by triangles."""
    shapes = house.shelf.path(key, "brep").read_bytes()
    outcome = house.engine.remake(shapes, model, job)
    if "svg" in job.formats and outcome.error and outcome.error["kind"] in CRASHES:
        return house.engine.remake(shapes, {**model, "careful": True}, job)
    return outcome


def within(build: Build, name: str) -> None:
    """Raises Invalid for a section through a plane where nothing of the build is."""
    place, box = section_of(name), (build.total or {}).get("bbox_mm")
    if place is None or not box:
        return
    axis, offset = place
    low, high = (corner["xyz".index(axis)] for corner in box)
    if not low <= offset <= high:
        message = f"There is nothing at {axis} = {offset:g} mm: the part lies between {low:g} and {high:g} mm."
        raise Invalid(message, [{"name": "offset", "message": message}])


def described(build: Build, facts: Mapping[str, str]) -> dict[str, object]:
    """Returns what the engine must know of a build besides its shapes."""
    return {"title": PurePosixPath(build.part).stem, "stamp": dict(facts), "parts": parts_of(build)}


def parts_of(build: Build) -> list[dict]:
    """Returns name and colour of each of a build's shapes, in the order of its file of exact ones."""
    return [{"path": shape["path"] or [shape["name"]], "colour": shape["colour"]} for shape in build.shapes]


def content_of(outcome: Outcome, name: str) -> bytes:
    """Returns the file; raises Unbuildable when there is none, or it is not what it should be."""
    if outcome.error:
        off = outcome.error["kind"] in PASSING
        raise Unbuildable(outcome.error["message"] if off else f"There is no {name}: {outcome.error['message']}")
    content = outcome.files.get(name)
    if not content:
        raise Unbuildable(f"The kernel made no {name} of this part.")
    try:
        if name in ("glb", "viewer"):
            glb.check(content)
    except (Invalid, TooLarge) as refusal:
        raise Unbuildable(refusal.message) from None
    return content


def remember(house: House, key: str) -> None:
    """Writes down which files a build has now; of its sections only the newest are kept."""
    house.shelf.forget(key, house.limits.sections_per_build, lambda name: section_of(name) is not None)
    names = house.shelf.names(key)
    with house.writing() as work:
        build_by_key(work.session, key).files = names
