"""Reads what the commits between two pushes change together, and finds where a relative took them as one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from opendesign.actions.find_settings import seen_at
from opendesign.actions.house import House, Work
from opendesign.core.lineage.adoption import Change
from opendesign.core.lineage.run import LONGEST, Run, run_of
from opendesign.core.lineage.unit import EXPORTS, Unit, units
from opendesign.git.patches import patches
from opendesign.git.repository import Repository
from opendesign.records import change as kept


def read_runs(house: House, keys: Mapping[int, str], open_to: Mapping[int, Collection[int]]) -> None:
    """Records the run that ends with each tip of these designs that nobody has read yet.

    `keys` are their repositories, `open_to` the designs that count for each.
    """
    with house.reading() as work:
        tips = kept.unread_tips(work.session, keys)
    for design, some in tips.items():
        with house.store.open(keys[design]) as repository:
            told = _runs(house, repository, some, design, open_to[design])
        with house.noting() as work:
            kept.add_changes(work.session, told)


def _runs(
    house: House, repository: Repository, tips: Sequence[str], design: int, among: Collection[int]
) -> list[kept.Told]:
    parents = repository.parents(tips, LONGEST + 1)
    shas = {*parents, *(each for some in parents.values() for each in some)}
    with house.reading() as work:
        received = kept.receipts(work.session, among, shas)
        own = {sha for sha, found in received.items() if found[0].design_id == design}
        runs = {tip: run for tip in tips if (run := run_of(tip, parents, own))}
        people = kept.people_of(work.session, {sha for run in runs.values() for sha in run.commits})
    lines = [f"{tip} {run.base}" for tip, run in runs.items()]
    found = {tip: units(patch) for tip, patch in patches(repository, lines, EXPORTS)}
    return [_kept(tip, runs.get(tip), found.get(tip, []), people) for tip in tips]


def _kept(tip: str, run: Run | None, found: list[Unit], people: Mapping[str, Sequence[str]]) -> kept.Told:
    commits = list(run.commits) if run else []
    authors = sorted({person for sha in commits for person in people.get(sha, ())})
    return kept.Told(kept.RUN + tip, people=authors, named=commits, units=found)


def runs_like(
    work: Work, family: Collection[int], target: int, names: Collection[str]
) -> list[tuple[Change, list[str]]]:
    """Returns the runs of a target's relatives that share a unit with these, with their commits, as they came."""
    session = work.session
    tips = {sha.removeprefix(kept.RUN) for sha in kept.runs_holding(session, names)}
    first = {tip: found[0] for tip, found in kept.receipts(session, family, tips).items()}
    others = sorted((each for each in first.values() if each.design_id != target), key=lambda each: each.moment)
    changes = kept.changes(session, (kept.RUN + each.sha for each in others))
    told = [(changes[kept.RUN + each.sha], each) for each in others]
    return [(replace(seen_at(run, each), named=frozenset()), list(run.named)) for run, each in told]
