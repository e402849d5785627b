"""Reads what made parts of a family so, and their forms, once their builds are made."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from opendesign.actions.house import House, Work
from opendesign.actions.read_tree import read_snapshot
from opendesign.core.errors import Refusal
from opendesign.core.lineage.form import form_of
from opendesign.core.lineage.trait import is_parameter, traits
from opendesign.core.snapshot import Snapshot
from opendesign.git.ancestry import last_change
from opendesign.git.command import Failed
from opendesign.git.repository import Repository
from opendesign.records.change import changes
from opendesign.records.form import Form, unread_forms, wake_alike
from opendesign.records.lapse import forget_sight
from opendesign.records.revision import known_shas


@dataclass(frozen=True)
class Making:
    """The commit that made a part what it is at a head, what its scripts said after and before, and what it reads."""

    change: str
    text: str
    before: str | None
    reads: frozenset[str]


def read_forms(house: House, keys: Mapping[int, str]) -> None:
    """Keeps the forms of parts of these designs, given with their repositories, whose builds were made since.

    In other families that had one of them later it is looked at anew where they have it from.
    """
    with house.reading() as work:
        unread = unread_forms(work.session, keys)
    by_design: dict[int, list] = {}
    for row in unread:
        by_design.setdefault(row[1], []).append(row)
    for design, rows in by_design.items():
        with house.store.open(keys[design]) as repository:
            snapshots: dict[str, Snapshot | None] = {}
            makings = {number: _making(repository, snapshots, sha, path) for number, _, sha, path, _ in rows}
        with house.noting() as work:
            forget_sight(work.session, [design])  # shapes it took over may live there, or do no more
            for number, _, _, _, result in rows:
                _keep(work, keys, number, makings[number], result)


def _keep(work: Work, family: Collection[int], number: int, making: Making | None, result: dict | None) -> None:
    row = work.session.get(Form, number)
    if row is None or row.read:
        return
    row.read = True
    found = form_of(result)
    own = making and known_shas(work.session, row.design_id, [making.change])
    if making is None or not own or found is None:
        return  # what a fork began with is its parent's
    row.change, row.text, row.before = making.change, making.text, making.before
    row.share = _share(work, making)
    row.take(found)
    work.session.flush()
    if found.is_telling:
        for each in sorted(wake_alike(work.session, row, family, found)):
            work.soon("lineage", each)


def _share(work: Work, making: Making) -> float:
    """Returns how much of what a commit changed, by value, lies in what a part reads; all where it has no value."""
    change = changes(work.session, [making.change]).get(making.change)
    units = {each.id: each for each in change.units} if change else {}
    whole = sum(each.value for each in units.values())
    return round(sum(each.value for each in units.values() if each.path in making.reads) / whole, 4) if whole else 1.0


def _making(repository: Repository, snapshots: dict[str, Snapshot | None], sha: str, path: str) -> Making | None:
    snapshot = _snapshot(repository, snapshots, sha)
    if snapshot is None or path not in snapshot.blobs:
        return None
    reads = frozenset(snapshot.inputs(path)) & snapshot.blobs.keys()
    try:
        change = last_change(repository, sha, reads)
        parents = repository.commit(change).parents if change else ()
    except (Refusal, Failed):
        return None
    if change is None:
        return None
    old = _snapshot(repository, snapshots, parents[0]) if parents else None
    before = text_of(old, path) if old and path in old.blobs else None
    return Making(change, text_of(snapshot, path), before, reads)


def _snapshot(repository: Repository, snapshots: dict[str, Snapshot | None], sha: str) -> Snapshot | None:
    if sha not in snapshots:
        try:
            snapshots[sha] = read_snapshot(repository, sha)
        except (Refusal, Failed):  # rewritten and swept away, or too large
            snapshots[sha] = None
    return snapshots[sha]


def text_of(snapshot: Snapshot, path: str) -> str:
    """Returns a digest of what a part reads that names, layout, remarks and values of parameters do not change."""
    reads = [each for each in snapshot.inputs(path) if each in snapshot.blobs]
    sources = {each: snapshot.sources[each] for each in reads if each in snapshot.sources}
    named = traits(sources, {each: snapshot.blobs[each] for each in reads if each not in sources})
    told = sorted(
        ("" if each == path else each, sorted((name, value) for name, value in some.items() if not is_parameter(name)))
        for each, some in named.items()
    )
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
