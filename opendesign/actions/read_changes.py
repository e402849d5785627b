"""Reads what commits change, once for each of them however many designs have it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from opendesign.actions.house import House
from opendesign.core.encoding import READABLE, text_of
from opendesign.core.errors import NotFound, TooLarge
from opendesign.core.lineage.copy import added
from opendesign.core.lineage.setting import MOST, Setting, plain_settings, scripts_set, settings
from opendesign.core.lineage.unit import EXPORTS, Unit, is_source, units
from opendesign.git.command import Failed
from opendesign.git.commits import Commit
from opendesign.git.patches import AT_ONCE, patch_ids, patches, written
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
        found = _told(repository, shas)
    # One that is gone is not looked for again.
    found = {sha: found.get(sha) or kept.Told(sha) for sha in shas}
    with house.noting() as work:
        kept.add_changes(work.session, found.values())


def _told(repository: Repository, shas: Sequence[str]) -> dict[str, kept.Told]:
    told: dict[str, list[Unit]] = {}
    scripts: dict[str, set[str]] = {}
    long: dict[str, dict[str, str]] = {}
    values: dict[str, dict[str, list[Setting]]] = {}
    for sha, patch in patches(repository, shas, EXPORTS):
        told[sha], long[sha] = units(patch), added(patch)
        scripts[sha] = {path for path in scripts_set(patch) if told[sha] and is_source(path)}
        values[sha] = plain_settings(patch, scripts[sha])
    files = [each for each in written(repository, list(told)) if told[each[0]] and is_source(each[1])]
    for sha, path, some in _settings(repository, files, scripts, values):
        values[sha][path] = some
    blobs: dict[str, list[dict]] = {}
    for sha, path, before, after in files:
        if before.strip("0") or path in long[sha]:
            new = not before.strip("0")
            unit = long[sha].get(path, "") if new else ""
            blobs.setdefault(sha, []).append({"oid": after, "whole": new, "path": path, "unit": unit})
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
    files: Sequence[tuple[str, str, str, str]],
    scripts: Mapping[str, Collection[str]],
    known: Mapping[str, Collection[str]],
) -> Iterator[tuple[str, str, list[Setting]]]:
    """Yields commit, script and the parameters it sets there, for scripts that have to be read whole."""
    left = [each for each in files if each[1] in scripts[each[0]] and each[1] not in known[each[0]]]
    contents = _contents(repository, [each for _, _, *pair in left for each in pair])
    for sha, path, before, after in left:
        texts = [text_of(path, contents.get(each, b"")) for each in (before, after)]
        if texts[0] is not None and texts[1] is not None:
            yield sha, path, settings(path, texts[0], texts[1])


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
    also = [value for name, value in commit.trailers if name.lower() == "co-authored-by"]
    people = [commit.author.email, *sorted(address for text in also for address in ADDRESS.findall(text))]
    return list(dict.fromkeys(person.lower() for person in people))[:MOST_NAMED]


def names_of(commit: Commit) -> list[str]:
    """Returns their first and last names: one writes from several addresses."""
    also = [value for name, value in commit.trailers if name.lower() == "co-authored-by"]
    told = (text.partition("<")[0].strip().lower() for text in (commit.author.name, *sorted(also)))
    return list(dict.fromkeys(name for name in told if " " in name))[:MOST_NAMED]


def _change(commit: Commit, **facts: Any) -> kept.Told:
    adopted = [value for name, value in commit.trailers if name.lower() == "adopted-from"]
    told = [*PICKED.findall(commit.body), *(sha for text in adopted for sha in ADOPTED.findall(text))]
    named = dict.fromkeys(told[-MOST_NAMED:])
    people = [*people_of(commit), *names_of(commit)]
    return kept.Told(commit.sha, people=people, named=sorted(named), **facts)
