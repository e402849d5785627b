"""Somebody takes commits of a relative: tried, rebuilt, checked, and only then committed, with their authors."""

from dataclasses import dataclass, field

from opendesign.actions.carry_files import carry_files
from opendesign.actions.check_merge import check_merge, fits_needed
from opendesign.actions.compare import Change3D, compare, want_comparison
from opendesign.actions.create_design import sign
from opendesign.actions.house import House, Visitor, Work, unchanged
from opendesign.actions.inspect_design import is_uninspected, want_inspection
from opendesign.actions.measure_fit import lacks_fits, want_fits
from opendesign.actions.merge import NOTHING, in_words, places
from opendesign.actions.notify import notify
from opendesign.actions.pass_checks import Checked, pass_checks
from opendesign.actions.propose import propose
from opendesign.actions.read_tree import read_tree
from opendesign.actions.rebuild_merged import rebuild
from opendesign.actions.sync import sync
from opendesign.actions.try_adoption import FROM, PART, Attempt, Wish, forget_attempts, try_adoption
from opendesign.core.checks import Check
from opendesign.core.errors import Conflict, Forbidden, Refusal
from opendesign.core.rule import LONGEST_REASON, require
from opendesign.core.snapshot import Snapshot
from opendesign.core.text import clean_line
from opendesign.core.trailers import with_trailers
from opendesign.git.adopting import commit_series
from opendesign.git.commits import Commit
from opendesign.git.merging import ConflictPath
from opendesign.git.settling import Decisions
from opendesign.records.design import Design, design_by_id
from opendesign.records.proposal import Proposal
from opendesign.records.verdict import rule_for

RIGHT = "Adopted-by-right"
# What another design's commit says of its proposals and its own adoption is not for this one to repeat.
FOREIGN = ("proposal", "proposal-head", "against-rule", "reverts", RIGHT.lower(), PART.lower())
LONGEST_BODY = 60_000  # characters of the text of a proposal made of adopted commits


@dataclass
class Prospect(Checked):
    """What is known of an attempt: both sides as trees, the difference and the checks."""

    attempt: Attempt
    before: Snapshot
    after: Snapshot
    change: Change3D
    checks: list[Check] = field(default_factory=list)
    lacking: bool = False


@dataclass(frozen=True)
class Adopted:
    """What an adoption made: its commits, oldest first, what they were, and the proposal of them, if any."""

    attempt: Attempt
    shas: list[str]
    proposal: Proposal | None = None


def prospect(work: Work, design: Design, wish: Wish, decisions: Decisions = NOTHING) -> Prospect:
    """Returns what is known of a wish: the difference in geometry, the checks; reads only, wants nothing."""
    attempt = try_adoption(work, design, wish, decisions)
    before = read_tree(work, design, attempt.ours)
    if not attempt.trial.tree:
        return Prospect(attempt, before, before, Change3D())
    after = read_tree(work, design, attempt.trial.tree)
    said = "\n".join(commit.body for commit in attempt.commits)
    checks = require(check_merge(work, before, after, said), rule_for(work.session, design, attempt.branch))
    change = compare(work, before, after)
    waits = any(check.state == "waiting" for check in checks)
    unrun = any(is_uninspected(work, side) for side in (before, after))
    unfitted = waits and lacks_fits(work, fits_needed(work, after, before))
    return Prospect(attempt, before, after, change, checks, change.lacking or unrun or unfitted)


def want_prospect(work: Work, design: Design, wish: Wish, decisions: Decisions = NOTHING) -> None:
    """Wants every build, difference and run of checks that is not there yet to know what a wish gives."""
    found = prospect(work, design, wish, decisions)
    if found.attempt.trial.tree:
        for side in (found.before, found.after):
            want_inspection(work, design, side)
        want_comparison(work, (design, found.before), (design, found.after))
        want_fits(work, design, fits_needed(work, found.after, found.before))


def rebuild_adopted(
    house: House, visitor: Visitor, design_id: int, wish: Wish, decisions: Decisions = NOTHING, right: str = ""
) -> None:
    """Makes every build by which an adoption is judged, here and now; nothing where it is refused whatever they give.

    `adopt` says why. Raises what `rebuild` raises.
    """
    with house.writing(visitor) as work:
        design = design_by_id(work.session, design_id)
        if design is None:
            return
        sync(work, design)  # an earlier attempt may have died before it was recorded
    forget_attempts()
    with house.reading(visitor) as work:  # what it builds upon may be many trials: nobody waits for these
        design = design_by_id(work.session, design_id)
        try:
            found = prospect(work, design, wish, decisions) if design else None
        except Refusal:
            return
        if design is None or found is None or not work.may_move(found.attempt.branch, design):
            return
        if _objection(found.attempt, right):
            return
    if found.after.absent:  # Git LFS has it, and the source may be private: it comes along before anything is built
        with house.writing(visitor) as work:
            design = design_by_id(work.session, design_id)
            if design is None:
                return
            carry_files(work, found.attempt.source, design, [found.after.tree])
            found = prospect(work, design, wish, decisions)
    rebuild(house, visitor, design_id, found.before, found.after)


def adopt(
    work: Work,
    design: Design,
    wish: Wish,
    decisions: Decisions = NOTHING,
    expected: str | None = None,
    right: str = "",
) -> Adopted:
    """Commits what a wish gives to its branch, once its rebuilt result holds, and tells the team it comes from.

    Each commit keeps its author, its time and its words. `expected` is the tip the caller looked at; `right` why they
    may take it where the licences do not say so. Raises Conflict for what is there already, stays in conflict or has no
    right, and for a branch that has moved; Forbidden for one that takes proposals only; Unbuildable when a part of the
    result does not build, is not valid or fails another check.
    """
    if work.person is None:
        raise Forbidden("Enter first, then adopt.")
    right = clean_line(right, LONGEST_REASON, "right")
    work.need_move(wish.branch or design.default_branch, design)
    found = prospect(work, design, wish, decisions)
    attempt = found.attempt
    unchanged(expected, attempt.ours, f"The branch {wish.into or attempt.branch}")
    if objection := _objection(attempt, right):
        raise objection
    pass_checks(found.checks, "adopted")
    shas = commit_attempt(work, attempt, "" if attempt.licence.free else right)
    return Adopted(attempt, shas, _proposed(work, attempt) if wish.into else None)


def commit_attempt(work: Work, attempt: Attempt, right: str = "") -> list[str]:
    """Commits what an attempt gives, judged by nobody here, and tells the team it comes from; oldest first."""
    assert work.person is not None
    commits = [(step.tree, _message(attempt, step.commit, right), step.commit.author) for step in attempt.series.steps]
    start = (attempt.branch, attempt.expected, attempt.ours)
    with work.opened(attempt.design) as repository:
        shas = commit_series(repository, *start, commits, sign(work.person))
    carry_files(work, attempt.source, attempt.design, shas)
    sync(work, attempt.design)
    notify(work, attempt, shas[-1], right)
    return shas


def _objection(attempt: Attempt, right: str) -> Conflict | None:
    """Returns why an attempt is refused whatever the builds say; None for no such reason."""
    if attempt.already:
        own = next((sha for sha in attempt.adopted.values() if sha), "")
        where = f", as {own[:12]}" if own else ""
        return Conflict(f"{attempt.branch} has all of it already{where}.", [{"name": "commit", "commit": own}])
    if attempt.series.stuck:
        listed = [place for conflict in attempt.trial.conflicts for place in places(conflict)]
        needed = [{"name": "commit", "kind": "needs", "commit": each.sha} for each in attempt.needs]
        words = _in_words(attempt.trial.conflicts)
        if attempt.needs:
            built = ", ".join(f"{each.sha[:12]} “{each.subject[:80]}”" for each in attempt.needs)
            words = f"It builds upon earlier commits of {attempt.source.path}: {built}. Take these along. {words}"
        return Conflict(words, needed + listed)
    if not attempt.licence.free and not right:
        message = f"{attempt.licence.sentence} Say in “right” why you may take it, if you have the right."
        return Conflict(message, [{"name": "right", "message": attempt.licence.sentence}])
    return None


def _in_words(conflicts: list[ConflictPath]) -> str:
    if lines := ", ".join(each.path for each in conflicts if not each.rivals):
        return f"Both sides changed the same lines of {lines}; give the whole text of each that counts."
    return in_words(conflicts)


def _message(attempt: Attempt, commit: Commit, right: str) -> str:
    """Returns a commit's own words, with where it is from; what named proposals of the other design is left out."""
    words = "\n\n".join(filter(None, (commit.subject, commit.body)))
    added = [(FROM, f"{attempt.source.path}@{commit.sha}")]
    added += [(PART, " ".join(attempt.wish.part.split()))] if attempt.wish.part else []
    added += [(RIGHT, right)] if right else []
    return with_trailers(words, added, bool(commit.trailers), FOREIGN)


def _proposed(work: Work, attempt: Attempt) -> Proposal:
    first, *more = [step.commit for step in attempt.series.steps]
    body = "\n".join(f"- {step.commit.subject}" for step in attempt.series.steps) if more else first.body
    said = f"{body}\n\nAdopted from {attempt.source.path}.".strip()
    design, branch = attempt.design, attempt.branch
    return propose(work, design, design, branch, attempt.wish.into, first.subject[:200], said[:LONGEST_BODY])
