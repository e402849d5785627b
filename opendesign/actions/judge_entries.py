"""Entries of a challenge are judged by the challenge's own checks, run in the jail over the shapes of the entry."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from opendesign.actions.check_merge import check_entry, fits_needed
from opendesign.actions.end_challenge import end_due
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.inspect_design import MOST_PARTS, want_inspection
from opendesign.actions.measure_fit import want_fits
from opendesign.actions.open_challenge import measured_paths
from opendesign.actions.pause import paused, paused_now
from opendesign.actions.read_tree import read_tree
from opendesign.actions.want_build import BACKGROUND, part_key, want_files, want_measured
from opendesign.actions.weigh import want_weighed, weighed
from opendesign.core.challenge import COST, cost_of, value_of
from opendesign.core.checks import Check, verdict
from opendesign.core.demand import read_demands
from opendesign.core.errors import Invalid
from opendesign.core.manifest import fits
from opendesign.core.snapshot import Snapshot
from opendesign.records.base import now
from opendesign.records.build import Build, builds_by_key
from opendesign.records.challenge import ENDED, FAILED, WAITING, Challenge, Entry, challenge_by_id, wait_for

LIE = "its shape is not what its script says of it"
KEPT = ("name", "kind", "state", "detail", "says", "line", "seconds")  # of a check, with an entry


@dataclass(frozen=True)
class Score:
    """What came of judging a tree: passed, failed or still waiting, its value, each check, what else is wrong."""

    state: str
    value: float | None = None
    checks: Sequence[Check] = ()
    problem: str = ""


def challenge_job(house: House, key: str) -> None:
    """Judges the entries of a challenge that can be, each as the share of whoever entered it, and ends it when due.

    In read-only mode all of that waits.
    """
    if paused(house) is not None:
        return
    with house.reading() as work:
        challenge = challenge_by_id(work.session, int(key))
        waiting = [(each.id, Visitor(each.person_id)) for each in challenge.entries] if challenge else []
    for number, visitor in waiting:
        with house.writing(visitor) as work:
            entry = work.session.get(Entry, number)
            if entry is not None and entry.waiting:
                judge_entry(work, entry)
    with house.writing() as work:
        challenge = challenge_by_id(work.session, int(key))
        if challenge is not None:
            end_due(work, challenge)


def judged(work: Work, challenge: Challenge) -> dict[tuple[int, str], Score]:
    """Returns what has become known of the entries that wait, by entry and commit, unless it has ended. Reads only."""
    if challenge.stage() == ENDED:
        return {}
    scores = {(each.id, each.sha): score_of(work, challenge, each.sha) for each in challenge.entries if each.waiting}
    return {name: score for name, score in scores.items() if score.state != WAITING}


def bring_up(work: Work, challenge: Challenge, scores: Mapping[tuple[int, str], Score]) -> None:
    """Keeps what has become known of the entries, unless it is of an older state, and ends the challenge when due.

    In read-only mode it does nothing.
    """
    if paused_now(work) is not None:
        return
    for entry in challenge.entries:
        if entry.waiting and (entry.id, entry.sha) in scores:
            _record(entry, scores[entry.id, entry.sha])
    work.session.flush()
    end_due(work, challenge)


def judge_entry(work: Work, entry: Entry) -> None:
    """Judges an entry, or wants what is still to be made first, and waits for that."""
    challenge = entry.challenge
    score = score_of(work, challenge, entry.sha)
    if score.state == WAITING:
        wait_for(work.session, entry, _wanted(work, challenge, entry.sha))
    else:
        wait_for(work.session, entry, ())
        _record(entry, score)
    work.session.flush()


def score_of(work: Work, challenge: Challenge, sha: str) -> Score:
    """Returns what a commit that the asking design's repository has is worth, as far as that is known. Reads only."""
    goal, tree = (read_tree(work, challenge.design, each) for each in (challenge.sha, sha))
    paths = measured_paths(goal, challenge.part)
    checks = check_entry(work, tree, goal, paths)
    state = verdict(checks)
    if state == WAITING:
        return Score(WAITING, checks=checks)
    if challenge.measure == COST:
        value, problem = cost_of(tree.bill, goal.bill)
        return Score(FAILED if value is None else state, value, checks, problem)
    made = _made(work, tree, paths)
    volumes = weighed(work, made.values()) if len(made) == len(paths) else {}
    if volumes is None:
        return Score(WAITING, checks=checks)
    if len(made) < len(paths) or None in volumes.values():
        return Score(FAILED, None, checks, LIE if len(made) == len(paths) else "")
    # The goal says what parts are made of: naming a lighter material makes nothing lighter.
    totals = [(path, {**(row.total or {}), "volume_mm3": volumes[row.key]}) for path, row in made.items()]
    value = value_of(challenge.measure, [(total, goal.material(path)) for path, total in totals])
    if value is None:
        return Score(FAILED, None, checks, "what is asked for cannot be measured on it")
    return Score(state, value, checks)


def value_today(work: Work, challenge: Challenge) -> float | None:
    """Returns the value of the goal's own revision, None where it is not known. Reads only."""
    goal = read_tree(work, challenge.design, challenge.sha)
    if challenge.measure == COST:
        return cost_of(goal.bill, goal.bill)[0]
    paths = measured_paths(goal, challenge.part)
    made = _made(work, goal, paths)
    parts = [(row.total or {}, goal.material(path)) for path, row in made.items()]
    return value_of(challenge.measure, parts) if len(made) == len(paths) else None


def looked_at(goal: Snapshot, tree: Snapshot, part: str) -> list[str]:
    """Returns the parts of an entry that have to be built: those that are measured, and those that demands name.

    Raises Invalid for more than 200.
    """
    asked = [each.parts for each in read_demands(goal.manifest).each]
    measured = set(measured_paths(goal, part))
    found = [
        each.path for each in tree.parts if each.path in measured or any(fits(each.path, parts) for parts in asked)
    ]
    if len(found) > MOST_PARTS:
        raise Invalid(f"The checks look at {len(found)} parts of this entry; {MOST_PARTS} at most can be judged.")
    return found


def _wanted(work: Work, challenge: Challenge, sha: str) -> list[str]:
    """Wants what judging an entry lacks; returns the keys of all it waits for."""
    design = challenge.design
    goal, tree = (read_tree(work, design, each) for each in (challenge.sha, sha))
    paths = looked_at(goal, tree, challenge.part)
    builds = [want_measured(work, design, tree, path) for path in paths]
    if read_demands(goal.manifest).compares:
        there = {each.path for each in goal.parts}
        builds += [want_measured(work, design, goal, path) for path in paths if path in there]
    for build in builds:
        want_files(work, build, BACKGROUND)
    keys = [build.key for build in builds] + want_fits(work, design, fits_needed(work, tree, None, goal))
    if challenge.measure != COST:
        measured = set(measured_paths(goal, challenge.part)) & set(paths)
        keys += want_weighed(work, design, [part_key(tree, path) for path in sorted(measured)])
    run = want_inspection(work, design, goal, tree)
    return keys + ([run.key, *run.recipe["parts"].values()] if run else [])


def _made(work: Work, tree: Snapshot, paths: Sequence[str]) -> dict[str, Build]:
    """Returns the builds of these parts of a tree that are made and measured, by path."""
    there = {each.path for each in tree.parts}
    keys = {path: part_key(tree, path) for path in paths if path in there}
    builds = builds_by_key(work.session, keys.values())
    made = {path: builds[key] for path, key in keys.items() if key in builds}
    return {path: build for path, build in made.items() if build.state == "made" and build.total}


def _record(entry: Entry, score: Score) -> None:
    entry.state, entry.value, entry.problem, entry.judged_at = score.state, score.value, score.problem, now()
    entry.checks = [{name: value for name, value in asdict(each).items() if name in KEPT} for each in score.checks]
