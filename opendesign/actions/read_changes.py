"""Reads what commits change, once for each of them however many designs have it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from opendesign.actions.find_swayed import sway
from opendesign.actions.house import House
from opendesign.core.encoding import READABLE, text_of
from opendesign.core.errors import NotFound, TooLarge
from opendesign.core.lineage.copy import added
from opendesign.core.lineage.setting import MOST, Setting, plain_settings, scripts_set, settings
from opendesign.core.lineage.unit import EXPORTS, Unit, hunks, is_source, units_in
from opendesign.git.command import Failed
from opendesign.git.commits import Commit
from opendesign.git.patches import AT_ONCE, Written, patch_ids, written
from opendesign.git.repository import Repository
from opendesign.records import change as kept

MOST_NAMED = 20  # commits, and people, that one message names
ADDRESS = re.compile(r"<([^<>\s]+)>")
PICKED = re.compile(r"(?im)^\(cherry picked from commit ([0-9a-f]{7,40})\)$")
ADOPTED = re.compile(r"@([0-9a-f]{7,40})$")


def read_changes(house: House, key: str, shas: Sequence[str]) -> None:
    """Records what some commits of one repository change, a batch at a time.

    In the same transaction lineage that hangs on a batch is forgotten, so that whoever dies here leaves nothing out.
    """
    for start in range(0, len(shas), AT_ONCE):
        _read(house, key, shas[start : start + AT_ONCE])


def _read(house: House, key: str, shas: Sequence[str]) -> None:
    with house.store.open(key) as repository:
        found = _told(repository, shas)
    # One that is gone is not looked for again.
    found = {sha: found.get(sha) or kept.Told(sha) for sha in shas}
    with house.noting() as work:
        kept.add_changes(work.session, found.values())
        sway(work, shas)


def _told(repository: Repository, shas: Sequence[str]) -> dict[str, kept.Told]:
    told: dict[str, list[Unit]] = {}
    scripts: dict[str, set[str]] = {}
    values: dict[str, dict[str, list[Setting]]] = {}
    files: list[tuple[str, Written]] = []
    blobs: dict[str, list[dict]] = {}
    for sha, patch, some in written(repository, shas, EXPORTS):
        found = list(hunks(patch))
        told[sha], long = units_in(found), added(found)
        scripts[sha] = {path for path in scripts_set(found) if told[sha] and is_source(path)}
        values[sha] = plain_settings(found, scripts[sha])
        for each in some:
            if told[sha] and is_source(each.path):
                files.append((sha, each))
                if (old := bool(each.before.strip("0"))) or each.path in long:
                    unit = "" if old else long.get(each.path, "")
                    blob = {"oid": each.after, "whole": not old, "path": each.path, "unit": unit}
                    blobs.setdefault(sha, []).append(blob)
    for sha, path, moved in _settings(repository, files, scripts, values):
        values[sha][path] = moved
    named = patch_ids(repository, shas, EXPORTS)
    return {
        each.sha: _change(
            each,
            patch=named.get(each.sha, ""),
            units=told.get(each.sha, []),
            settings=_few([one for some in values.get(each.sha, {}).values() for one in some]),
            blobs=blobs.get(each.sha, []),
        )
        for each in read_commits(repository, shas)
    }


def _few(rows: list[Setting]) -> list[Setting]:
    return rows if len(rows) <= MOST else []


def _settings(
    repository: Repository,
    files: Sequence[tuple[str, Written]],
    scripts: Mapping[str, Collection[str]],
    known: Mapping[str, Collection[str]],
) -> Iterator[tuple[str, str, list[Setting]]]:
    """Yields commit, script and the parameters it sets there, for scripts that have to be read whole."""
    left = [(sha, each) for sha, each in files if each.path in scripts[sha] and each.path not in known[sha]]
    contents = _contents(repository, [oid for _, each in left for oid in (each.before, each.after)])
    for sha, (path, *sides) in left:
        before, after = (text_of(path, contents.get(oid, b"")) for oid in sides)
        if before is not None and after is not None:
            yield sha, path, settings(path, before, after)


def _contents(repository: Repository, oids: Sequence[str]) -> dict[str, bytes]:
    """Returns files by id, all in one process; where that is too much, or one is gone, each by itself."""
    try:
        return repository.read_blobs(oids, READABLE)
    except (TooLarge, NotFound):
        if len(oids) == 1:
            return {}
    return {oid: read for each in oids for oid, read in _contents(repository, [each]).items()}


def read_commits(repository: Repository, shas: Sequence[str]) -> list[Commit]:
    """Returns these commits, as far as they are there."""
    try:
        return list(repository.commits(shas).values())
    except Failed:
        return [] if len(shas) == 1 else [each for sha in shas for each in read_commits(repository, [sha])]


def people_of(commit: Commit) -> list[str]:
    """Returns the addresses of a commit's author and then its co-authors, in small letters, at most 20."""
    people = [commit.author.email, *sorted(address for text in commit.co_authors for address in ADDRESS.findall(text))]
    return list(dict.fromkeys(person.lower() for person in people))[:MOST_NAMED]


def names_of(commit: Commit) -> list[str]:
    """Returns their first and last names: one writes from several addresses."""
    told = (text.partition("<")[0].strip().lower() for text in (commit.author.name, *sorted(commit.co_authors)))
    return list(dict.fromkeys(name for name in told if " " in name))[:MOST_NAMED]


def _change(commit: Commit, **facts: Any) -> kept.Told:
    adopted = [value for name, value in commit.trailers if name.lower() == "adopted-from"]
    told = [*PICKED.findall(commit.body), *(sha for text in adopted for sha in ADOPTED.findall(text))]
    named = dict.fromkeys(told[-MOST_NAMED:])
    people = [*people_of(commit), *names_of(commit)]
    return kept.Told(commit.sha, people=people, named=sorted(named), **facts)
