"""Somebody wants all parts of a revision at once: files, licence, bill of materials, and a notice of their origin."""

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from opendesign.actions.export import is_ready
from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.remake import remake
from opendesign.actions.stamp import stamp_of
from opendesign.actions.want_build import part_key, want_build
from opendesign.core.archive_notice import archive_notice
from opendesign.core.bom import FILE as BOM
from opendesign.core.bom import Printed, quantity, table
from opendesign.core.build import FORMATS
from opendesign.core.errors import Invalid, Later, Refusal, TooLarge, TooMany
from opendesign.core.output import ON_DEMAND, ending
from opendesign.core.part import Part
from opendesign.core.snapshot import MANIFEST, Snapshot
from opendesign.core.stamp import Stamp
from opendesign.core.text import slug
from opendesign.records.build import Build, builds_by_key
from opendesign.records.deed import add_deed
from opendesign.records.design import Design, design_by_path

USUAL = ("step", "stl", "3mf")
TEXTS = re.compile(r"(?:LICEN[CS]E|COPYING|AUTHORS|NOTICE)(?:[-.][\w.-]{1,40})?|LICENSES/[\w.+-]{1,80}", re.IGNORECASE)
MOST_TEXT = 1 << 20  # bytes of one of the texts that go along
PAUSE = 0.25  # seconds between two looks at builds that are being made
# Each waits for builds and keeps a thread of the web; what more people want must wait outside.
PACKING = threading.BoundedSemaphore(4)


@dataclass
class Archive:
    """What goes into a ZIP: its name without the ending, the date of its entries, and each content or its place."""

    name: str
    date: datetime
    entries: dict[str, bytes | Path] = field(default_factory=dict)


@dataclass
class Gathered:
    """What is known of a revision before its files are there."""

    design: Design
    sha: str
    date: datetime
    snapshot: Snapshot
    keys: dict[str, str]
    stamp: Stamp
    texts: dict[str, bytes]

    @property
    def parts(self) -> Sequence[Part]:
        """Its parts, in order of path."""
        return self.snapshot.parts


def wanted_formats(words: str) -> tuple[str, ...]:
    """Returns the formats that a list with commas names, by default step, stl and 3mf. Raises Invalid for others."""
    known = [name for name in (*FORMATS, *ON_DEMAND) if name != "viewer"]
    asked = dict.fromkeys(word.strip().lower() for word in words.split(",") if word.strip()) or dict.fromkeys(USUAL)
    for word in asked:
        if word not in known:
            message = f"“{word[:40]}” is no format of an archive; there are {', '.join(known)}"
            raise Invalid(f"{message}.", [{"name": "formats", "message": message}])
    return tuple(asked)


def archive(
    house: House, visitor: Visitor, owner: str, name: str, ref: str, formats: Sequence[str], base: str
) -> Archive:
    """Returns the parts of a revision in these formats, made first where they are not there, with all that goes along.

    Waits a minute at most (limit archive_seconds); parts that fail or take longer are named in the notice. `base` is
    the service's address. Raises NotFound, TooLarge past `archive_parts` or `archive_bytes`, TooMany when four archives
    are being packed already.
    """
    with one_of_few():
        deadline = time.monotonic() + house.limits.archive_seconds
        with house.writing(visitor) as work:
            design = work.need("build", design_by_path(work.session, owner, name))
            found = gather(work, design, ref, base)
            if work.person is not None:
                add_deed(work.session, "archive.exported", design.path, design.id, {"ref": ref})
        builds = ended(house, found.keys, deadline)
        files: dict[str, bytes | Path] = {}
        missing: list[tuple[str, str]] = []
        for path, key in found.keys.items():
            try:
                files |= files_of(house, visitor, found, path, builds.get(key), formats, deadline)
            except Later:
                raise
            except Refusal as refusal:
                missing.append((path, refusal.message))
        limit = house.limits.archive_bytes
        if sum(place.stat().st_size for place in files.values() if isinstance(place, Path)) > limit:
            most = f"The files of this revision exceed {limit >> 20} MiB (limit archive_bytes)"
            raise TooLarge(f"{most}; ask for fewer formats, such as ?formats=step.")
        return packed(found, builds, files, missing)


@contextmanager
def one_of_few() -> Iterator[None]:
    """Takes one of the few places; raises TooMany when there is none."""
    if not PACKING.acquire(blocking=False):
        raise TooMany("Several archives are being packed at this moment; wait 20 s and ask again.", 20)
    try:
        yield
    finally:
        PACKING.release()


def gather(work: Work, design: Design, ref: str, base: str) -> Gathered:
    """Returns what an archive needs to know of a revision, and wants the builds that are not there."""
    place = find_revision(work, design, ref)
    snapshot = read_tree(work, design, place.sha)
    limit = work.house.limits.archive_parts
    if len(snapshot.parts) > limit:
        count = len(snapshot.parts)
        raise TooLarge(f"This revision has {count} parts; an archive takes {limit} (limit archive_parts).")
    paths = [part.path for part in snapshot.parts]
    for path in paths:
        want_build(work, design, snapshot, path)
    keys = {path: part_key(snapshot, path) for path in paths}
    stamp = stamp_of(work, design, place.sha, "", {}, base)
    chosen = [path for path in snapshot.blobs if TEXTS.fullmatch(path) or path in (BOM, MANIFEST)]
    with work.house.store.open(design.key) as repository:
        date = repository.commit(place.sha).committer.at
        blobs = repository.read_blobs([snapshot.blobs[path] for path in chosen])
    texts = {path: blobs[snapshot.blobs[path]][:MOST_TEXT] for path in sorted(chosen)}
    return Gathered(design, place.sha, date, snapshot, keys, stamp, texts)


def ended(house: House, keys: Mapping[str, str], deadline: float) -> dict[str, Build]:
    """Returns the builds of these keys as they are when all have ended, at the deadline, or when nobody makes any."""
    while True:
        with house.reading() as work:
            builds = builds_by_key(work.session, keys.values())
            waiting = [one for one in builds.values() if one.state in ("wanted", "making")]
        if not waiting or time.monotonic() > deadline or not house.engine.status()["open"]:
            return builds
        time.sleep(PAUSE)


def files_of(
    house: House,
    visitor: Visitor,
    found: Gathered,
    path: str,
    build: Build | None,
    formats: Sequence[str],
    deadline: float,
) -> dict[str, bytes | Path]:
    """Returns where the files of a part lie, by their names in the archive; raises Unbuildable and its like."""
    if build is None or build.state != "made":
        failed = build is not None and build.state == "failed"
        told = (build.error or {}).get("message", "it does not build") if build and failed else ""
        raise Invalid(f"does not build: {told}" if failed else "was not made in time; ask again in a minute")
    stamp = replace(found.stamp, part=path)
    place = stamp.key(build.key)
    lacking = [name for name in formats if not is_ready(house, place, name)]
    if lacking and time.monotonic() > deadline:
        raise Invalid("its files were not made in time; ask again in a minute")
    if lacking:
        with house.shelf.alone(place, "archive"):
            remake(house, visitor, build.key, lacking, stamp)
    stem = "/".join(slug(step) or "part" for step in path.removesuffix(".py").split("/"))
    return {f"parts/{stem}{ending(name)}": house.shelf.path(place, name) for name in formats}


def packed(
    found: Gathered,
    builds: Mapping[str, Build],
    files: Mapping[str, bytes | Path],
    missing: Sequence[tuple[str, str]],
) -> Archive:
    """Returns the archive: files, texts of the repository, the bill of materials, and the notice."""
    texts: dict[str, bytes | Path] = {path: text for path, text in found.texts.items() if path != BOM}
    bill = table(found.texts.get(BOM, b"").decode("utf-8", "replace"), printed(found, builds))
    name = f"{slug(found.design.name)}-{found.sha[:7]}"
    listed = [*texts, BOM, *files]
    told = archive_notice(found.stamp.facts, found.date, listed, missing)
    entries = {"NOTICE.txt": told.encode(), **texts, BOM: bill.encode(), **files}
    return Archive(name, found.date, {f"{name}/{path}": content for path, content in entries.items()})


def printed(found: Gathered, builds: Mapping[str, Build]) -> list[Printed]:
    """Returns the parts that are one shape each, with how often the largest assembly holds them."""
    made = {path: builds[key] for path, key in found.keys.items() if key in builds and builds[key].state == "made"}
    assembly = max((one.shapes for one in made.values()), key=len, default=[])
    titles = {part.path: part.title for part in found.parts}
    single = {path: one.total for path, one in made.items() if len(one.shapes) == 1 and one.total}
    return [Printed(path, titles[path], total, quantity(total, assembly)) for path, total in single.items()]
