"""A revision is checked: what a merge would give beside the target, or as it stands by its own or a relative's word."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from opendesign.actions.house import Work
from opendesign.actions.inspect_design import inspected
from opendesign.actions.measure_fit import fits_of
from opendesign.actions.read_tree import read_tree
from opendesign.actions.want_build import part_key
from opendesign.core.checks import Check, Outcome, judge, meant, promised
from opendesign.core.demand import Demands, asks_fits, judge_demands, needs_fit, read_demands
from opendesign.core.inspection import FILE, judge_inspected
from opendesign.core.snapshot import Snapshot
from opendesign.records.build import Build, builds_by_key
from opendesign.records.design import Design, known_refs


def check_merge(work: Work, before: Snapshot, after: Snapshot, said: str) -> list[Check]:
    """Returns the judgement over a merged tree; reads only.

    `before` is the target's tree, `said` the words of the proposal and its commits: how many solids parts will have,
    which gain interference on purpose.
    """
    sides = outcomes_of(work, after), outcomes_of(work, before)
    demands = read_demands(after.manifest), read_demands(before.manifest)
    own = judge_inspected(inspected(work, after), inspected(work, before))
    return judge(*sides, promised(said), meant(said)) + judge_demands(*demands, *sides) + own


def fits_needed(
    work: Work, after: Snapshot, before: Snapshot | None = None, demanding: Snapshot | None = None
) -> list[str]:
    """Returns the keys of the builds whose components must be looked at for these checks; reads only."""
    asked = read_demands((demanding or after).manifest)
    if before is None and not asks_fits(asked):
        return []
    return needs_fit(asked, outcomes_of(work, after), outcomes_of(work, before) if before else [])


def check_revision(work: Work, snapshot: Snapshot, demanding: Snapshot) -> list[Check]:
    """Returns the judgement over a revision as it stands, by what another (or the same) demands in its manifest.

    So a fork is tested against what the design it comes from promises to others, its checks that are code too. Reads
    only.
    """
    found = outcomes_of(work, snapshot)
    asked = replace(read_demands(demanding.manifest), densities=read_demands(snapshot.manifest).densities)
    promised_by = outcomes_of(work, demanding) if asked.compares and demanding is not snapshot else found
    own = judge_inspected(inspected(work, demanding, snapshot), None)
    return judge(found, []) + judge_demands(asked, Demands(), found, [], promised_by) + own


def check_entry(work: Work, snapshot: Snapshot, goal: Snapshot, paths: Sequence[str]) -> list[Check]:
    """Returns the judgement over another design's tree by everything a goal demands, its checks that are code too.

    The parts at `paths` must be there, build and be valid. What parts are made of the goal says. Reads only.
    """
    found, asked = [_unstopped(one) for one in outcomes_of(work, snapshot)], read_demands(goal.manifest)
    by_path = {one.path: one for one in found}
    measured = [by_path.get(path) for path in paths]
    lost = [Check(path, "failed", f"There is no part {path}.") for path in paths if path not in by_path]
    promised_by = outcomes_of(work, goal) if asked.compares else found
    own = judge_inspected(inspected(work, goal, snapshot), None)
    parts = judge([one for one in measured if one], [])
    return lost + parts + judge_demands(asked, Demands(), found, [], promised_by) + own


def check_promises(work: Work, design: Design, snapshot: Snapshot) -> list[tuple[Design, list[Check]]]:
    """Returns whose demands a revision of a design is held to, and how it does: its own, and its parent's contracts.

    A design without any costs nothing. Reads only.
    """
    found = []
    if read_demands(snapshot.manifest).each or FILE in snapshot.blobs:
        found.append((design, [check for check in check_revision(work, snapshot, snapshot) if check.kind != "part"]))
    parent = design.parent
    head = known_refs(work.session, parent).get(f"refs/heads/{parent.default_branch}") if parent else None
    if parent is None or head is None or not work.may("see", parent):
        return found
    demanding = read_tree(work, parent, head)
    if any(one.kind == "contract" for one in read_demands(demanding.manifest).each):
        checks = check_revision(work, snapshot, demanding)
        found.append((parent, [check for check in checks if check.kind == "contract"]))
    return found


def _unstopped(outcome: Outcome) -> Outcome:
    """A build that somebody stopped says nothing of its part: it is wanted again."""
    stopped = isinstance(outcome.error, Mapping) and outcome.error.get("kind") == "stopped"
    return outcome._replace(state="wanted", error=None) if stopped else outcome


def outcomes_of(work: Work, snapshot: Snapshot) -> list[Outcome]:
    """Returns what became of each part of a tree, as far as it was built. Reads only."""
    keys = {part.path: part_key(snapshot, part.path) for part in snapshot.parts}
    builds = builds_by_key(work.session, keys.values())
    fits = fits_of(work, builds.values())
    return [outcome(path, key, builds.get(key), fits.get(key)) for path, key in keys.items()]


def outcome(path: str, key: str, build: Build | None, fit: dict | None = None) -> Outcome:
    """Returns what the gate needs to know of a part's build; one nobody wanted yet is still to come."""
    if build is None:
        return Outcome(path, "wanted", key=key, unwanted=True)
    return Outcome(path, build.state, build.total, build.error, key, build.holes, build.tags, fit)
