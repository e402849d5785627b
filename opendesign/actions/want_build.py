"""Somebody wants parts built: a row for each build that does not exist yet, and a job to make it."""

from collections.abc import Mapping, Sequence

from opendesign.actions.find_build import homes, is_at_home
from opendesign.actions.house import Work
from opendesign.cad.version import engine_version
from opendesign.core.asker import asker
from opendesign.core.snapshot import Snapshot
from opendesign.records.base import now
from opendesign.records.build import Build, builds_by_key, forget_found
from opendesign.records.design import Design, designs_by_id

MOST_HOMES = 50  # designs of strangers with the same build; of more, those that had it first are forgotten
BACKGROUND, WATCHED = 0, 10  # priorities: somebody is looking at the second


def part_key(snapshot: Snapshot, path: str, values: Mapping[str, object] | None = None) -> str:
    """Returns the key of the build of a part of a snapshot; raises Invalid for values the part does not take."""
    return snapshot.key(engine_version(), path, values or {})


def want_parts(work: Work, design: Design, snapshot: Snapshot, beside: Snapshot | None = None) -> list[Build]:
    """Returns the builds of the first `push_builds` parts of a snapshot, in order, wanted where they are missing.

    First come those that are not the same in the snapshot `beside` it.
    """
    apart = differing(snapshot, beside) if beside else []
    paths = list(dict.fromkeys([*apart, *(part.path for part in snapshot.parts)]))
    return want_each(work, design, snapshot, paths[: work.house.settings.push_builds])


def lacks_parts(work: Work, snapshot: Snapshot) -> bool:
    """Says whether nobody has wanted one of the parts yet that `want_parts` wants."""
    keys = {part_key(snapshot, part.path) for part in snapshot.parts[: work.house.settings.push_builds]}
    return len(builds_by_key(work.session, keys)) < len(keys)


def want_differing(work: Work, design: Design, snapshot: Snapshot, beside: Snapshot) -> list[Build]:
    """Returns the builds of all parts that are not the same in the snapshot beside this one, wanted where missing."""
    return want_each(work, design, snapshot, differing(snapshot, beside))


def differing(snapshot: Snapshot, beside: Snapshot) -> list[str]:
    """Returns the paths of the parts of a snapshot that another one lacks, or has other builds of."""
    known = {part.path: part_key(beside, part.path) for part in beside.parts}
    return [part.path for part in snapshot.parts if part_key(snapshot, part.path) != known.get(part.path)]


def want_each(work: Work, design: Design, snapshot: Snapshot, paths: Sequence[str]) -> list[Build]:
    """Returns the builds of the parts at these paths, wanted where they are missing."""
    keys = [part_key(snapshot, path) for path in paths]
    known: dict[str, Build] = dict(builds_by_key(work.session, keys))
    # Held, so that they are asked for once: sixty parts of a fork are sixty builds of one other design.
    _held = designs_by_id(work.session, {build.design_id for build in known.values() if build.design_id})
    for path, key in zip(paths, keys, strict=True):  # two parts of one tree may be the same build
        if key in known and not known[key].stopped:
            known[key] = take_in(work, design, snapshot, known[key], {})
        else:
            known[key] = _want(work, design, new_build(design, snapshot, path, key, {}), known.get(key))
    return [known[key] for key in keys]


def want_build(
    work: Work, design: Design, snapshot: Snapshot, path: str, values: Mapping[str, object] | None = None
) -> Build:
    """Returns the build of one part with these values, wanted with all its files if they are not there yet.

    Raises NotFound for no such part and Invalid for bad values.
    """
    part = snapshot.part(path)
    key = part_key(snapshot, part.path, values)
    build = builds_by_key(work.session, [key]).get(key)
    if build is None or build.stopped:
        return _want(work, design, new_build(design, snapshot, part.path, key, values or {}), build, WATCHED)
    want_files(work, build, WATCHED)
    return take_in(work, design, snapshot, build, values or {})


def want_measured(work: Work, design: Design, snapshot: Snapshot, path: str, priority: int = BACKGROUND) -> Build:
    """Returns the build of a part, wanted unless it is there; a preview has its measurements too."""
    key = part_key(snapshot, path)
    build = builds_by_key(work.session, [key]).get(key)
    if build is None or build.stopped:
        return _want(work, design, new_build(design, snapshot, path, key, {}), build, priority)
    return take_in(work, design, snapshot, build, {})


def take_in(work: Work, design: Design, snapshot: Snapshot, build: Build, values: Mapping[str, object]) -> Build:
    """Returns a build that this design has too, made from it from now on if whoever asks may not see where it is from.

    Else its files would be closed to people to whom the same source is open, and called after a design that is not.
    """
    return move(work, build, new_build(design, snapshot, build.part, build.key, values))


def move(work: Work, build: Build, own: Build) -> Build:
    """Returns a build, made the way its twin says if whoever asks may not see where it is from.

    The designs that had it stay known: whoever sees one of them sees the build, as they have its source.
    """
    if build.design_id != own.design_id and not is_at_home(work, build):
        build.recipe = own.recipe | {"homes": _homes(work, build)}
        build.design_id = own.design_id
    return build


def _homes(work: Work, build: Build | None) -> list[list[float]]:
    """Returns number and moment of the designs that have a build, to be kept with its recipe."""
    found = homes(work, build) if build is not None else []
    return [[design.id, design.made_at.timestamp()] for design in found][:MOST_HOMES]


def want_files(work: Work, build: Build, priority: int) -> None:
    """Wants a build made with all its files, unless it is, or is being made, or has failed."""
    if build.exported_at is not None or build.state not in ("made", "wanted"):
        return
    if build.state == "made":
        build.asker = work.asker or build.asker
    build.priority = max(build.priority or 0, priority)
    work.soon("build", build.key, priority)


def want_again(work: Work, build: Build, priority: int = WATCHED) -> Build:
    """Wants a failed build once more: time, memory or the engine may have been short, or somebody stopped it."""
    if build.state == "failed":
        build.state, build.error, build.wanted_at = "wanted", None, now()
        build.asker, build.priority = work.asker or build.asker, priority
        forget_found(work.session, build.key)
    work.soon("build", build.key, priority)
    return build


def new_build(design: Design, snapshot: Snapshot, path: str, key: str, values: Mapping[str, object]) -> Build:
    """Returns a build that is not recorded yet, with the recipe a worker needs to make it."""
    recipe = {"tree": snapshot.tree, "values": dict(values), "changes": dict(snapshot.changes)}
    return Build(key=key, design_id=design.id, part=path, recipe=recipe, state="wanted", wanted_at=now())


def _want(work: Work, design: Design, build: Build, known: Build | None, priority: int = BACKGROUND) -> Build:
    """Returns a new build, recorded and wanted, in place of one that was stopped: its design may be gone."""
    build.asker, build.priority = work.asker or asker(design.owner_id), priority
    build.error = None
    build.recipe |= {"homes": _homes(work, known)}
    if known is None:
        work.session.add(build)
    else:
        forget_found(work.session, build.key)
        build = work.session.merge(build)
    work.session.flush()
    work.soon("build", build.key, priority)
    return build
