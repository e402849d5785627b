"""Records which changes no longer live in a design that had them, and which adoptions have ended with that."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from opendesign.actions.find_ends import KINDS, find_ends
from opendesign.actions.find_shapes_gone import is_building
from opendesign.actions.house import House, Work
from opendesign.actions.read_changes import read_changes
from opendesign.core.lineage.adoption import LIVING
from opendesign.core.lineage.life import Life, Step, end
from opendesign.core.lineage.unit import is_source, line_names
from opendesign.git.repository import Repository
from opendesign.records.change import hunks, unread_among
from opendesign.records.design import Design, design_by_id, known_refs
from opendesign.records.lapse import adoptions_with, forget_sight, keep_lapses, received_in, unsighted
from opendesign.records.revision import Adoption, Revision

LARGEST = 1 << 20  # bytes of a file whose lines are read: what is larger was written by a machine
MOST_BYTES = 32 << 20  # of all files together; of a larger tree nothing is said to be gone


class Ground(NamedTuple):
    """A design's commits by where they are, and the lines that stand in its files.

    `published` are those of the default branch and the tags, `waiting` those of other branches only, `begun` those
    that a fork began with; `scripts` are the texts of its scripts by path.
    """

    published: set[str]
    waiting: set[str]
    begun: set[str]
    standing: set[str] | None
    scripts: dict[str, set[str]]


def find_lapses(house: House, designs: Collection[int]) -> None:
    """Finds what no longer lives in those of some designs whose refs have moved since somebody looked."""
    with house.reading() as work:
        moved = unsighted(work.session, designs)
    for each in moved:
        _look(house, each)


def _look(house: House, key: int) -> None:
    with house.reading() as work:
        design = design_by_id(work.session, key)
        if design is None:
            return
        moved_at = design.moved_at
        ground = survey(work, design)
        unread = unread_among(work.session, ground.published)
        name = design.key
    if unread:
        read_changes(house, name, unread)
    with house.noting() as work:
        if design := design_by_id(work.session, key):
            _record(work, design, ground, moved_at)


def survey(work: Work, design: Design) -> Ground:
    """Returns where a design's commits are, by its refs as they are recorded."""
    refs = known_refs(work.session, design)
    head = refs.get(f"refs/heads/{design.default_branch}")
    tips = {sha for name, sha in refs.items() if name.startswith("refs/tags/")} | ({head} if head else set())
    others = set(refs.values()) - tips
    with work.house.store.open(design.key) as repository:
        published = repository.history(*sorted(tips))
        waiting = repository.history(*sorted(others - published)) - published
        begun = repository.history(design.fork_sha) if design.fork_sha else set()
        aside = sorted(tip for tip in tips if head and tip != head and not repository.is_ancestor(tip, head))
        standing = _standing(repository, [head, *aside] if head else sorted(tips))
    return Ground(published, waiting, begun, *standing)


def _standing(repository: Repository, tips: Iterable[str]) -> tuple[set[str] | None, dict[str, set[str]]]:
    """Returns the names of the lines in the source files of some commits, and the texts of the scripts among them.

    Of more than can be read it says nothing: None.
    """
    files: dict[str, int] = {}
    paths: dict[str, set[str]] = {}
    for tip in tips:
        for each in repository.files(tip):
            if each.kind == "blob" and each.size <= LARGEST and is_source(each.path):
                files[each.sha] = each.size
                paths.setdefault(each.sha, set()).add(each.path)
    if sum(files.values()) > MOST_BYTES:
        return None, {}
    lines: set[str] = set()
    scripts: dict[str, set[str]] = {}
    for sha, content in repository.read_blobs(list(files), LARGEST).items() if files else ():
        text = content.decode("utf-8", "replace")
        lines |= line_names(max(paths[sha]), text)
        for path in paths[sha]:
            if path.endswith(".py"):
                scripts.setdefault(path, set()).add(text)
    return lines, scripts


def _record(work: Work, design: Design, ground: Ground, moved_at: datetime) -> None:
    received = received_in(work.session, design.id)
    adoptions = adoptions_with(work.session, design.id)
    came = [(each, brought) for each, brought in adoptions if each.sha not in ground.waiting]
    taken = {sha for each, brought in came for sha in brought if each.kind in LIVING}
    had = (received.keys() | ground.begun | taken) - ground.waiting
    units = hunks(work.session, had | ground.published)
    moments = {sha: received[sha].received_at if sha in received else design.made_at for sha in ground.published}
    life = Life((Step(at, units[sha]) for sha, at in moments.items() if sha in units), ground.standing)
    ended = [sha for sha in had if life.ended(units.get(sha, ()))]
    lost, newest = _losses(received, ground), max(moments.values(), default=moved_at)
    lapses = {sha: lost.get(sha) or life.taker(units[sha]) or newest for sha in ended}
    valued = {sha for sha, some in units.items() if any(unit.value for unit in some)}
    ends = {each.id: end(brought, lapses, valued) for each, brought in adoptions if each.kind in LIVING}
    if ground.standing is not None:
        gone = find_ends(work, [each for each, _ in came], life, ground.scripts, units, moments)
        ends |= {each.id: lost.get(each.sha) or gone[each.id] or newest for each, _ in came if each.id in gone}
    keep_lapses(work.session, design, lapses | _lapsed_with(came, ends, had), moved_at)
    for each, _ in adoptions:
        if each.ended_at != ends.get(each.id):
            each.ended_at = ends.get(each.id)
    if any(each.kind == "geometry" for each, _ in adoptions) and is_building(work, design):
        forget_sight(work.session, [design.id])  # looked at again with what is made


def _lapsed_with(
    came: Sequence[tuple[Adoption, Sequence[str]]], ends: Mapping[int, datetime | None], had: set[str]
) -> dict[str, datetime]:
    """Returns the changes of which a design had values or files only and has none any more, and when the last went."""
    found: dict[str, list[datetime | None]] = {}
    for each, brought in came:
        if each.kind in KINDS:
            for sha in set(brought) - had:
                found.setdefault(sha, []).append(ends.get(each.id))
    return {
        sha: max(some) for sha, moments in found.items() if len(some := [at for at in moments if at]) == len(moments)
    }


def _losses(received: Mapping[str, Revision], ground: Ground) -> dict[str, datetime]:
    """Returns when commits that no ref holds any more were lost: with the next one that came and is still held."""
    held = sorted(each.received_at for sha, each in received.items() if sha in ground.published | ground.waiting)
    lost = {sha: each.received_at for sha, each in received.items() if sha not in ground.published | ground.waiting}
    return {sha: next((moment for moment in held if moment > at), at) for sha, at in lost.items()}
