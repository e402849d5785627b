"""Records what is new in the commits of a family, who has taken what from whom, and what no longer lives."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, groupby
from typing import NamedTuple

from opendesign.actions.find_copies import find_copies
from opendesign.actions.find_foreign_copies import find_foreign_copies
from opendesign.actions.find_forms import adoption_of, gives_way, trace_forms
from opendesign.actions.find_improvements import find_improvements
from opendesign.actions.find_lapses import find_lapses
from opendesign.actions.find_runs import read_runs, runs_like
from opendesign.actions.find_settings import find_settings, seen_at, since
from opendesign.actions.house import House, Work
from opendesign.actions.read_changes import read_changes
from opendesign.actions.read_forms import read_forms
from opendesign.actions.read_traits import read_traits
from opendesign.actions.watch_family import begun_with
from opendesign.core.lineage.adoption import (
    Change,
    Fetches,
    Finding,
    Shelves,
    findings,
    first_fitting,
    firsts,
    taken_at_once,
)
from opendesign.records import change as kept
from opendesign.records.blob import contents_of
from opendesign.records.confirmation import confirmations
from opendesign.records.design import design_by_id
from opendesign.records.fetch import fetches_for
from opendesign.records.form import formed_in
from opendesign.records.improvement import keep_improvements
from opendesign.records.kin import family_of
from opendesign.records.lapse import forget_sight
from opendesign.records.proposal import squashes
from opendesign.records.revision import Adoption, taken_by
from opendesign.records.setting import Key, setters, settings_of
from opendesign.records.untraced import claim, untraced

EVER = datetime.min.replace(tzinfo=UTC)


class Member(NamedTuple):
    """A design of a family: its repository, the family, who may see it, and whose it is."""

    key: str
    family: int
    visibility: str
    owner: int | None


def lineage_job(house: House, key: str) -> None:
    """Brings the lineage of a design's family up to date: what its new commits change, then what they have taken.

    Where that changes what is common in other families, or from whom they have a shape, theirs follows by jobs.
    """
    design = int(key)
    with house.reading() as work:
        family = _family(work, design)
        unread = kept.unread(work.session, family)
    for member, shas in unread.items():
        read_changes(house, family[member].key, shas)
    elsewhere: set[int] = set()
    again = True
    while again:
        while (changed := trace_revisions(house, design)) is not None:
            elsewhere |= changed
        read_forms(house, {member: each.key for member, each in family.items()})
        again = _trace_forms(house, design)
    find_lapses(house, family.keys() | elsewhere)
    read_traits(house, design)


def trace_revisions(house: House, key: int) -> set[int] | None:
    """Records what some revisions nobody has looked at yet bring and have taken; None when there are none.

    Returns the designs that are now known to have copied from another family, or to have been copied from.

    What a target's readers may not see neither shows there nor decides who was first. Nobody has to wait while this is
    found: where another worker came first, or who may see what has changed meanwhile, it is found once more.
    """
    with house.reading() as work:
        family = _family(work, key)
    keys, open_to = {m: each.key for m, each in family.items()}, {m: _open_to(family, m) for m in family}
    read_runs(house, keys, open_to)
    with house.reading() as work:
        public = [each for each, member in family.items() if member.visibility == "public"]
        root = min((member.family for member in family.values()), default=key)
        fresh = untraced(work.session, family)
        born = find_improvements(work, root, public, fresh)
        known = setters(work.session, chain(*settings_of(work.session, (each.sha for each in fresh)).values()))
        came = [each for target in family for each in _adoptions(work, family, target, fresh, known)]
    elsewhere: set[int] = set()
    with house.noting() as work:
        if fresh and _family(work, key) == family and claim(work.session, fresh):
            keep_improvements(work.session, root, born)
            for target, some in groupby(came, key=lambda each: each.target_id):
                _keep(work, target, some)
            forget_sight(work.session, {each.design_id for each in fresh})
            elsewhere = find_foreign_copies(work, contents_of(work.session, {each.sha for each in fresh}))
    return elsewhere if fresh else None


def _trace_forms(house: House, key: int) -> bool:
    """Records who was first with the forms of a family; says whether its commits are to be looked at once more.

    Who may see what is asked anew each time, as it may have changed meanwhile.
    """
    looked: int | None = 0
    untold = False
    while looked is not None:
        with house.noting() as work:
            family = _family(work, key)
            looked, more = trace_forms(work, {member: _open_to(family, member) for member in family}, looked)
            untold = untold or more
    return untold


def _keep(work: Work, target: int, found: Iterable[Adoption]) -> None:
    """Keeps what a design has taken and was not known to have; what text shows, shows more than a shape."""
    taken, formed = taken_by(work.session, target), formed_in(work.session, target)
    for each in found:
        drawn = formed.get(each.source_sha or "")
        if drawn and gives_way(drawn, each):
            work.session.delete(drawn)
            taken.discard(each.source_sha)
        if each.source_sha not in taken:
            work.session.add(each)


def _family(work: Work, key: int) -> dict[int, Member]:
    design = design_by_id(work.session, key)
    if design is None:
        return {}
    members = family_of(work.session, design)
    return {m.id: Member(m.key, m.root, m.visibility, m.owner_id) for m in members}


def _open_to(family: dict[int, Member], target: int) -> list[int]:
    """Returns the designs of a family that count for one: public ones, and for a private one those of its owner too."""
    own = family[target]
    private = set() if own.visibility == "public" else {own.owner}
    return [key for key, each in family.items() if each.visibility == "public" or each is own or each.owner in private]


def _adoptions(
    work: Work,
    members: dict[int, Member],
    target: int,
    every: Sequence[kept.Receipt],
    known: Mapping[Key, Collection[str]],
) -> Iterator[Adoption]:
    """Yields what those of some revisions that a target received have taken from others."""
    fresh = {each.sha: each for each in every if each.design_id == target}
    if not fresh or len(members) < 2:
        return
    session, family = work.session, _open_to(members, target)
    changed = kept.changes(session, fresh)
    names = {unit.id for each in changed.values() for unit in each.units}
    alike = kept.alike(session, family, (each.patch for each in changed.values()), names)
    alike |= kept.begun_with(session, {word for each in changed.values() for word in each.named})
    receipts = kept.receipts(session, family, alike | changed.keys())
    if all(receipts[each][0].design_id != target for each in changed):
        return
    seen = kept.changes(session, _with_copies(work, family, alike, names))
    receipts |= kept.receipts(session, family, seen.keys() - receipts.keys())
    # A commit that others had first is a merge or the fork's own beginning, and told as such.
    here = [seen_at(each, fresh[each.sha]) for each in changed.values() if receipts[each.sha][0].design_id == target]
    told = [seen_at(each, receipts[sha][0]) for sha, each in seen.items() if sha in receipts]
    told.sort(key=lambda each: receipts[each.sha][0].moment)
    begun = _beginning(work, target)
    others = [each for each in firsts(told) if each.design != target and each.sha in alike - begun.keys()]
    ours, had = _having(work, family, target, {unit.id for each in others for unit in each.units}, here)
    fetches = fetches_for(session, target, family)
    found = [*findings(ours, others, had, since(receipts, target), fetches)]
    found += find_settings(work, family, here, begun, known)
    found += find_copies(work, family, here, begun)
    found += _taken_at_once(work, family, target, here, begun, fetches)
    yield from _rows(work, family, target, fresh, found)


def _rows(
    work: Work, family: list[int], target: int, fresh: Mapping[str, kept.Receipt], found: Sequence[Finding]
) -> Iterator[Adoption]:
    """Yields as rows what was found to have come with some revisions, but for what proposals tell by themselves."""
    session, squashed = work.session, squashes(work.session, target)
    new = [each for each in found if each.arrived.sha in fresh and squashed.get(each.arrived.sha) != each.change.design]
    receipts = kept.receipts(session, family, {each.change.sha for each in new})
    said = confirmations(session, target, {each.change.sha for each in new})
    for finding in first_fitting(new):
        row = adoption_of(finding, target, fresh[finding.arrived.sha], receipts[finding.change.sha][0])
        if finding.kind == "declared":
            row.confirmed_at = said.get((finding.change.design, finding.change.sha))
        yield row


def _taken_at_once(
    work: Work,
    family: list[int],
    target: int,
    here: Sequence[Change],
    begun: dict[str, datetime],
    fetches: Fetches,
) -> Iterator[Finding]:
    """Yields the commits of relatives' runs that a design took as one: each is found with its run."""
    session = work.session
    runs = runs_like(work, family, target, {unit.id for each in here for unit in each.units})
    ours, had = _having(work, family, target, {unit.id for run, _ in runs for unit in run.units}, here)
    received = kept.receipts(session, family, {sha for run, commits in runs for sha in (_tip(run), *commits)})
    has = since(received, target) | begun
    told = squashes(session, target)
    shelves, own = Shelves(ours), dict[str, datetime]()
    for each in ours:
        for unit in each.units:
            own.setdefault(unit.id, each.received_at)
    for run, commits in runs:
        new = tuple(unit for unit in run.units if unit.id not in own or own[unit.id] >= run.received_at)
        there = {run.sha: has[_tip(run)]} if _tip(run) in has else {}
        found = taken_at_once(shelves, replace(run, units=new), had, there, fetches)
        if found is None or told.get(found.arrived.sha) == run.design:
            continue
        for sha in reversed(commits):
            born = received[sha][0].design_id
            if born != target and not (sha in has and has[sha] <= found.arrived.received_at):
                yield replace(found, change=replace(found.change, sha=sha, design=born))


def _tip(run: Change) -> str:
    return run.sha.removeprefix(kept.RUN)


def _with_copies(work: Work, family: list[int], alike: set[str], asked: set[str]) -> set[str]:
    """Returns some commits with all that have something of theirs: who was first with it is asked of these.

    `asked` are the units by which they were found: what has one of these is among them.
    """
    known = kept.changes(work.session, alike).values()
    names = {unit.id for each in known for unit in each.units}
    return alike | kept.alike(work.session, family, (each.patch for each in known), names - asked)


def _having(
    work: Work, family: list[int], target: int, wanted: set[str], here: Sequence[Change]
) -> tuple[list[Change], dict[str, datetime]]:
    """Returns a design's own commits with some units, and since when it has had which of them by others' commits."""
    having = kept.holders(work.session, [target], wanted)
    received = kept.receipts(work.session, family, (sha for shas in having.values() for sha in shas))
    first_here = {sha: found[0] for sha, found in received.items() if found[0].design_id == target}
    at = since(received, target)
    others = {name: [at[sha] for sha in shas if sha in at and sha not in first_here] for name, shas in having.items()}
    known = {each.sha: each for each in here}
    old = kept.changes(work.session, first_here.keys() - known.keys())
    ours = [*here, *(seen_at(each, first_here[sha]) for sha, each in old.items())]
    ours.sort(key=lambda each: (each.received_at, each.sha))
    return ours, {name: min(moments) for name, moments in others.items() if moments}


def _beginning(work: Work, target: int) -> dict[str, datetime]:
    """Returns the commits a fork began with, and when: having them is derivation, not adoption."""
    design = design_by_id(work.session, target)
    return dict.fromkeys(begun_with(work, design) if design else (), EVER)
