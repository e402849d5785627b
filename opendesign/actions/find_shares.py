"""Finds one part's share of what commits change: the files that its script can read."""

from collections.abc import Iterable
from dataclasses import dataclass

from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.core.errors import NotFound
from opendesign.core.snapshot import Snapshot
from opendesign.git.commits import Commit
from opendesign.git.repository import Repository
from opendesign.records.design import Design


@dataclass(frozen=True)
class Share:
    """The paths a commit changes: those that count for a part, and those that do not."""

    taken: list[str]
    left_out: list[str]


def find_shares(
    work: Work, source: Design, repository: Repository, commits: Iterable[Commit], part: str
) -> dict[str, Share]:
    """Returns the part's share of each commit of `source`; nothing when no part is named: then all of them counts.

    What the part reads before the change or after it is its own. Raises NotFound where neither has such a part.
    """
    return {commit.sha: _share(work, source, repository, commit, part) for commit in commits} if part else {}


def parts_in(work: Work, source: Design, commits: Iterable[Commit]) -> list[str]:
    """Returns the parts of the source that read some of what commits change; none where one part reads all of it."""
    found: set[str] = set()
    alone = True
    for commit in commits:
        after = read_tree(work, source, commit.sha)
        changed = _changed(after, read_tree(work, source, commit.parents[0]) if commit.parents else None)
        reading = {part.path for part in after.parts if changed & {part.path, *after.inputs(part.path)}}
        alone = alone and all(changed <= {path, *after.inputs(path)} for path in reading)
        found |= reading
    return [] if alone and len(found) < 2 else sorted(found)


def _share(work: Work, source: Design, repository: Repository, commit: Commit, part: str) -> Share:
    after = read_tree(work, source, commit.sha)
    before = read_tree(work, source, commit.parents[0]) if commit.parents else None
    own, old = _inputs(after, part), _inputs(before, part) if before else set()
    if before and own and not old:
        old = _renamed(repository, commit, before, own)
    if not own | old:
        raise NotFound(f"There is no part “{part[:200]}” in {source.path} at {commit.sha[:12]}.")
    changed = _changed(after, before)
    return Share(sorted(changed & (own | old)), sorted(changed - own - old))


def _changed(after: Snapshot, before: Snapshot | None) -> set[str]:
    known = before.blobs if before else {}
    return {path for path in after.blobs.keys() | known.keys() if after.blobs.get(path) != known.get(path)}


def _inputs(snapshot: Snapshot, part: str) -> set[str]:
    try:
        path = snapshot.part(part).path
    except NotFound:
        return set()
    return {path, *snapshot.inputs(path)}


def _renamed(repository: Repository, commit: Commit, before: Snapshot, paths: set[str]) -> set[str]:
    """Returns what the files of a part that is new by its name were called, and what these could read."""
    moves = repository.diff(commit.parents[0], commit.sha)
    old = {each.old_path for each in moves if each.status == "R" and each.path in paths}
    return {path for each in old for path in {each, *_inputs(before, each)}}
