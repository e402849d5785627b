"""Reads what commits change, once for each of them however many designs have it."""

import re
from collections.abc import Sequence

from opendesign.actions.house import House
from opendesign.core.lineage.unit import EXPORTS, Unit, units
from opendesign.git.command import Failed
from opendesign.git.commits import Commit
from opendesign.git.patches import AT_ONCE, patch_ids, patches
from opendesign.git.repository import Repository
from opendesign.records import change as kept

MOST_NAMED = 20  # commits, and people, that one message names
ADDRESS = re.compile(r"<([^<>\s]+)>")
PICKED = re.compile(r"(?im)^\(cherry picked from commit ([0-9a-f]{7,40})\)$")
ADOPTED = re.compile(r"@([0-9a-f]{7,40})$")


def read_changes(house: House, key: str, shas: Sequence[str]) -> None:
    """Records what some commits of one repository change, a batch at a time."""
    for start in range(0, len(shas), AT_ONCE):
        _read(house, key, shas[start : start + AT_ONCE])


def _read(house: House, key: str, shas: Sequence[str]) -> None:
    with house.store.open(key) as repository:
        found = {one.sha: _change(one, some, patch) for one, some, patch in _told(repository, shas)}
    # One that is gone is not looked for again.
    found = {sha: found.get(sha) or kept.Change(sha=sha) for sha in shas}
    with house.noting() as work:
        kept.add_changes(work.session, found.values())


def _told(repository: Repository, shas: Sequence[str]) -> list[tuple[Commit, list[Unit], str]]:
    told = {sha: units(patch) for sha, patch in patches(repository, shas, EXPORTS)}
    named = patch_ids(repository, shas, EXPORTS)
    commits = read_commits(repository, shas)
    return [(each, told.get(each.sha, []), named.get(each.sha, "")) for each in commits]


def read_commits(repository: Repository, shas: Sequence[str]) -> list[Commit]:
    """Returns these commits, as far as they are there."""
    try:
        return list(repository.commits(shas).values())
    except Failed:
        return [] if len(shas) == 1 else [each for sha in shas for each in read_commits(repository, [sha])]


def people_of(commit: Commit) -> list[str]:
    """Returns the addresses of the author and co-authors of a commit, in small letters, at most 20."""
    also = [value for name, value in commit.trailers if name.lower() == "co-authored-by"]
    people = {commit.author.email, *(address for text in also for address in ADDRESS.findall(text))}
    return sorted({person.lower() for person in people})[:MOST_NAMED]


def names_of(commit: Commit) -> list[str]:
    """Returns their first and last names: one writes from several addresses."""
    also = [value for name, value in commit.trailers if name.lower() == "co-authored-by"]
    told = (text.partition("<")[0].strip().lower() for text in (commit.author.name, *also))
    return sorted({name for name in told if " " in name})[:MOST_NAMED]


def _change(commit: Commit, found: Sequence[Unit], patch: str) -> kept.Change:
    adopted = [value for name, value in commit.trailers if name.lower() == "adopted-from"]
    told = [*PICKED.findall(commit.body), *(sha for text in adopted for sha in ADOPTED.findall(text))]
    named = dict.fromkeys(told[-MOST_NAMED:])
    rows = [kept.unit_of(each) for each in found]
    people = [*people_of(commit), *names_of(commit)]
    return kept.Change(sha=commit.sha, patch=patch, people=people, named=sorted(named), units=rows)
