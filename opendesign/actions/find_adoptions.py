"""Records what is new in the commits of a family, who has taken what from whom, and what no longer lives."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from opendesign.actions.find_copies import find_copies
from opendesign.actions.find_improvements import find_improvements
from opendesign.actions.find_lapses import find_lapses
from opendesign.actions.find_runs import read_runs, runs_like
from opendesign.actions.find_settings import find_settings, seen_at
from opendesign.actions.house import House, Work
from opendesign.actions.read_changes import read_changes
from opendesign.actions.read_traits import read_traits
from opendesign.core.lineage.adoption import Change, Finding, findings, first_fitting, firsts
from opendesign.records import change as kept
from opendesign.records.confirmation import confirmations
from opendesign.records.design import design_by_id, family_of
from opendesign.records.fetch import fetches_by
from opendesign.records.lapse import forget_sight
from opendesign.records.proposal import squashes
from opendesign.records.revision import Adoption, Revision, drop_twice, taken_by


class Member(NamedTuple):
    """A design of a family: its repository, who may see it, whose it is, and who has a role in it."""

    key: str
    visibility: str
    owner: int | None
    people: frozenset[int]


def lineage_job(house: House, key: str) -> None:
    """Brings the lineage of a design's family up to date: what its new commits change, then what they have taken."""
    with house.reading() as work:
        design = design_by_id(work.session, int(key))
        if design is None:
            return
        family = {
            m.id: Member(m.key, m.visibility, m.owner_id, frozenset(m.roles)) for m in family_of(work.session, design)
        }
        unread = kept.unread(work.session, family)
        root = design.family_id or design.id
    for member, shas in unread.items():
        read_changes(house, family[member].key, shas)
    open_to = {member: _open_to(family, member) for member in family}
    read_runs(house, {member: each.key for member, each in family.items()}, open_to)
    while True:
        with house.noting() as work:
            if not trace_revisions(work, root, family):
                break
    find_lapses(house, family)
    read_traits(house, int(key))


def trace_revisions(work: Work, root: int, family: dict[int, Member]) -> int:
    """Records what some revisions nobody has looked at yet bring and have taken; returns how many these are.

    What a target's readers may not see neither shows there nor decides who was first.
    """
    taken = kept.take_untraced(work.session, family)
    find_improvements(work, root, [key for key, each in family.items() if each.visibility == "public"], taken)
    fresh: dict[int, list[Revision]] = {}
    for revision in taken:
        fresh.setdefault(revision.design_id, []).append(revision)
    forget_sight(work.session, fresh)
    if len(family) > 1:
        for target, revisions in fresh.items():
            _record(work, family, target, {each.sha: each for each in revisions})
    return len(taken)


def _open_to(family: dict[int, Member], target: int) -> list[int]:
    """Returns the designs of a family that count for one: public ones, and for a private one those of its owner too."""
    own = family[target]
    private = set() if own.visibility == "public" else {own.owner}
    return [key for key, each in family.items() if each.visibility == "public" or each is own or each.owner in private]


def _record(work: Work, members: dict[int, Member], target: int, fresh: dict[str, Revision]) -> None:
    session, family = work.session, _open_to(members, target)
    own = kept.changes(session, fresh)
    names = {unit.name for each in own.values() for unit in each.units}
    alike = kept.alike(session, family, (each.patch for each in own.values()), names)
    alike |= kept.begun_with(session, {word for each in own.values() for word in each.named})
    receipts = kept.receipts(session, family, alike | own.keys())
    # A commit that others had first is a merge or the fork's own beginning, and told as such.
    here = [seen_at(each, fresh[each.sha]) for each in own.values() if receipts[each.sha][0].design_id == target]
    seen = [seen_at(each, receipts[sha][0]) for sha, each in kept.changes(session, alike).items() if sha in receipts]
    seen.sort(key=lambda each: (each.received_at, receipts[each.sha][0].id))
    others = [each for each in firsts(seen) if each.design != target and not _has(receipts[each.sha], target)]
    begun = _beginning(work, target) if here else set()
    others = [each for each in others if each.sha not in begun]
    had, held = _having(work, family, target, {unit.id for each in others for unit in each.units}, fresh)
    told, taken = squashes(session, target), taken_by(session, target)
    people = members[target].people
    fetches = fetches_by(session, people, {each.design for each in others})
    said = confirmations(session, target, {each.sha for each in others})
    found = [*findings(here, others, had, held, fetches), *find_settings(work, family, here, begun, people)]
    found += find_copies(work, family, here, begun, people)
    receipts |= kept.receipts(session, family, {each.change.sha for each in found} - receipts.keys())
    for finding in first_fitting(found):
        if finding.change.sha not in taken and told.get(finding.arrived.sha) != finding.change.design:
            row = _adoption(finding, target, fresh[finding.arrived.sha], receipts[finding.change.sha][0])
            if finding.kind == "declared":
                row.confirmed_at = said.get((finding.change.design, finding.change.sha))
            session.add(row)
    _record_runs(work, family, target, here, fresh, fetches_by(session, members[target].people, family))


def _record_runs(
    work: Work,
    family: list[int],
    target: int,
    here: Sequence[Change],
    fresh: dict[str, Revision],
    fetches: Mapping[int, Sequence[datetime]],
) -> None:
    """Records the commits of relatives that a design took as one, as far as they are not found one by one."""
    session = work.session
    runs = runs_like(work, family, target, {unit.id for each in here for unit in each.units})
    if not runs:
        return
    session.flush()
    begun, told = _beginning(work, target), squashes(session, target)
    had, held = _having(work, family, target, {unit.id for run, _ in runs for unit in run.units}, fresh)
    received = kept.receipts(session, family, {sha for _, commits in runs for sha in commits})
    for run, commits in runs:
        for found in findings(here, [run], had, held, fetches):
            if found.kind != "port" or told.get(found.arrived.sha) == run.design:
                continue
            drop_twice(session, target, found.arrived.sha, commits)
            left = [sha for sha in reversed(commits) if sha not in taken_by(session, target) | begun]
            for sha in left:
                source = received[sha][0]
                if source.design_id != target:
                    change = replace(found.change, sha=sha, design=source.design_id)
                    session.add(_adoption(replace(found, change=change), target, fresh[found.arrived.sha], source))
            session.flush()


def _having(
    work: Work, family: list[int], target: int, wanted: set[str], fresh: dict[str, Revision]
) -> tuple[set[str], set[str]]:
    """Returns which units a design got from others by their commits, and which it has from its own earlier ones."""
    having = kept.holders(work.session, [target], wanted)
    received = kept.receipts(work.session, family, (sha for shas in having.values() for sha in shas))
    first_here = {sha for sha, found in received.items() if found[0].design_id == target}
    had = {name for name, shas in having.items() if shas - first_here - fresh.keys()}
    return had, {name for name, shas in having.items() if shas - fresh.keys()} - had


def _beginning(work: Work, target: int) -> set[str]:
    """Returns the commits a fork began with: having them is derivation, not adoption."""
    design = design_by_id(work.session, target)
    if design is None or design.fork_sha is None:
        return set()
    with work.house.store.open(design.key) as repository:
        return repository.history(design.fork_sha)


def _has(receipts: Sequence[Revision], design: int) -> bool:
    return any(each.design_id == design for each in receipts)


def _adoption(finding: Finding, target: int, arrived: Revision, source: Revision) -> Adoption:
    return Adoption(
        source_id=finding.change.design,
        target_id=target,
        kind=finding.kind,
        sha=finding.arrived.sha,
        source_sha=finding.change.sha,
        by_id=finding.road,
        commits=1,
        subject=source.subject,
        evidence=list(finding.evidence),
        share=round(finding.share, 4),
        person_id=arrived.received_by,
        at=arrived.received_at,
    )
