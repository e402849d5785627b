"""Somebody wants to know how two designs of a family would fit together: they are merged for a try and rebuilt.

What is asked for is a record; a job fills it, and pages only read it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opendesign.actions.apply_change import LARGEST
from opendesign.actions.compare import want_comparison
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.read_ledger import Ledger, read_ledger
from opendesign.actions.read_tree import read_tree, with_large_files
from opendesign.actions.want_build import part_key, want_measured
from opendesign.core.encoding import READABLE, text_of
from opendesign.core.errors import Conflict, Invalid, NotFound, TooLarge
from opendesign.core.lineage.complementarity import alone
from opendesign.core.snapshot import Snapshot
from opendesign.git.command import Failed
from opendesign.git.scratch import Scratch, apply
from opendesign.git.settling import try_settled
from opendesign.records.base import now
from opendesign.records.design import Design, design_by_id, heads_of
from opendesign.records.weighing import Weighing, weighing_of

MOST_TRIED = 50  # improvements applied to each of the two, the oldest first; one costs about 60 ms


def want_weighing(work: Work, focus: Design, relative: Design) -> Weighing:
    """Wants two designs merged for a try, unless that is done for how they stand; their parts are compared, too.

    Raises NotFound where one of them has no commits.
    """
    one, other = sorted((focus, relative), key=lambda each: each.id)
    heads = heads_of(work.session, [one, other])
    if len(heads) < 2:
        raise NotFound("One of the two has no commits yet.")
    row = weighing_of(work.session, one.id, other.id)
    if row is None or stale(row, heads) or row.refusal:
        row = row or Weighing(one_id=one.id, other_id=other.id)
        row.one_sha, row.other_sha, row.made_at, row.wanted_at = heads[one.id], heads[other.id], None, now()
        row.refusal = ""
        row.person_id = work.person.id if work.person else None
        work.session.add(row)
        work.session.flush()
    if row.made_at is None:
        work.soon("weigh", f"{one.id}-{other.id}")
    before, after = ((each, read_tree(work, each, heads[each.id])) for each in (one, other))
    want_comparison(work, before, after)
    return row


def stale(row: Weighing, heads: Mapping[int, str]) -> bool:
    """Says whether one of the two has moved since they were weighed."""
    return (row.one_sha, row.other_sha) != (heads.get(row.one_id), heads.get(row.other_id))


def weigh_job(house: House, key: str) -> None:
    """Fills a weighing that is wanted; git works while nobody waits for the records."""
    ends = [int(each) for each in key.split("-")]
    with house.reading() as work:
        row = weighing_of(work.session, *ends)
    if row is None or row.made_at is not None:
        return
    visitor = Visitor(row.person_id)
    with house.reading(visitor) as work:
        one, other = (design_by_id(work.session, each) for each in ends)
        if one is None or other is None:
            return
        seen = work.may("see", one) and work.may("see", other)
        tried = _tried(work, row, one, other) if seen else _refused("Whoever asked for it may not see both any more.")
    with house.noting(visitor) as work:
        kept = weighing_of(work.session, *ends)
        if kept is None or (kept.one_sha, kept.other_sha) != (row.one_sha, row.other_sha):
            return  # it is wanted for what the two have become since
        for name, value in tried.facts.items():
            setattr(kept, name, value)
        kept.made_at = now()
        if tried.merged and (home := design_by_id(work.session, ends[0])):
            for part in sorted({part for parts in kept.readers.values() for part in parts}):
                want_measured(work, home, tried.merged, part)


@dataclass
class Tried:
    """What came of a try: the fields of its record, and the merged tree where there is one."""

    facts: dict[str, object]
    merged: Snapshot | None = None


def _tried(work: Work, row: Weighing, one: Design, other: Design) -> Tried:
    ledger = read_ledger(work, one)
    single = alone(ledger.known, ledger.lives[one.id], ledger.lives[other.id])
    try:
        with work.house.store.scratch(one.key, also={other.key}) as repository:
            conflicts, merged = _merged(repository, read_tree(work, one, row.one_sha), row)
            onto_one = _applied(repository, row.one_sha, _lacking(ledger, other, one))
        with work.house.store.scratch(other.key, also={one.key}) as repository:
            onto_other = _applied(repository, row.other_sha, _lacking(ledger, one, other))
    except (Conflict, Failed, Invalid, NotFound, TooLarge) as refusal:
        said = "git cannot merge the two." if isinstance(refusal, Failed) else str(refusal)[:300]
        return _refused(said)
    merged = with_large_files(work, one, merged)
    inputs = {part.path: set(merged.inputs(part.path)) for part in merged.parts}
    touched = sorted({path for each in single for path in each.paths})
    readers = {path: [part for part, read in inputs.items() if path in read] for path in touched}
    builds = {path: part_key(merged, path) for path in inputs}
    facts = {"conflicts": conflicts, "builds": builds, "readers": readers}
    return Tried({**facts, "onto_one": onto_one, "onto_other": onto_other, "refusal": ""}, merged)


def _refused(said: str) -> Tried:
    return Tried({"refusal": said, "conflicts": [], "onto_one": {}, "onto_other": {}})


def _merged(repository: Scratch, ours: Snapshot, row: Weighing) -> tuple[list[str], Snapshot]:
    """Returns the paths that do not merge, and the tree of one with all of the other that does."""
    trial = try_settled(repository, row.one_sha, row.other_sha)
    conflicts = {each.path for each in trial.conflicts}
    tree = trial.tree or trial.marked
    if tree is None:
        raise Conflict("The two do not merge.")
    entries = {each.path: each for each in repository.files(tree) if each.kind == "blob"}
    new = {path: each for path, each in entries.items() if ours.blobs.get(path) != each.sha and path not in conflicts}
    small = {path: each.sha for path, each in new.items() if each.size <= READABLE}
    if sum(new[path].size for path in small) > LARGEST:
        raise TooLarge(f"What they would merge is more than {LARGEST >> 20} MiB.")
    contents = repository.read_blobs(list(small.values()))
    texts = {path: text_of(path, contents[sha]) for path, sha in small.items() if b"\0" not in contents[sha]}
    gone: dict[str, str | None] = {path: None for path in ours.blobs if path not in entries and path not in conflicts}
    return sorted(conflicts), ours.changed(gone | {path: text for path, text in texts.items() if text is not None})


def _lacking(ledger: Ledger, source: Design, target: Design) -> list[str]:
    """Returns the improvements of a design that another lacks, the oldest first."""
    return [each.sha for each in ledger.born[source.id] if each.sha not in ledger.lives[target.id]][:MOST_TRIED]


def _applied(repository: Scratch, ours: str, shas: Iterable[str]) -> dict[str, bool]:
    """Returns whether each of these commits, as it changed its parent, applies to a tip."""
    found = {}
    for sha in shas:
        try:
            parents = repository.commit(sha).parents
            found[sha] = not apply(repository, ours, parents[0] if parents else None, sha, LARGEST).conflicts
        except (Failed, NotFound, TooLarge):
            found[sha] = False
    return found
