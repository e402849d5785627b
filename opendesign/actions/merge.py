"""A proposal is tried, rebuilt, and only then merged."""

from collections.abc import Collection
from dataclasses import dataclass, field
from types import MappingProxyType

from opendesign.actions.check_merge import check_merge, fits_needed
from opendesign.actions.compare import Change3D, compare, want_comparison
from opendesign.actions.create_design import sign
from opendesign.actions.house import House, Visitor, Work, unchanged
from opendesign.actions.inspect_design import is_uninspected, want_inspection
from opendesign.actions.judge import standing_of
from opendesign.actions.measure_fit import lacks_fits, want_fits
from opendesign.actions.notify_about import notify_about
from opendesign.actions.pass_checks import Checked, pass_checks
from opendesign.actions.pin import pins_of, want_pins
from opendesign.actions.read_tree import read_tree
from opendesign.actions.settle import credit
from opendesign.actions.sync import sync
from opendesign.actions.try_proposal import Attempt, decide, try_again, try_proposal
from opendesign.core.approval import DECIDED_ALONE, objection
from opendesign.core.checks import Check
from opendesign.core.errors import Conflict, Forbidden, Invalid
from opendesign.core.rule import LONGEST_REASON, require
from opendesign.core.snapshot import Snapshot
from opendesign.core.text import clean_line
from opendesign.git.merging import ConflictPath, Trial, commit_merge
from opendesign.git.repository import Repository
from opendesign.git.settling import Decisions, chooses_a_side
from opendesign.records.address import addresses_of
from opendesign.records.base import now
from opendesign.records.design import Design
from opendesign.records.proposal import Merge, Proposal, proposal_by_id
from opendesign.records.verdict import rule_for

STRATEGIES = ("merge", "squash")
NOTHING: Decisions = MappingProxyType({})


@dataclass
class Review(Checked):
    """What is known of a proposal: the trial, both sides as trees, the difference and the checks.

    `lacking` while nobody has wanted something that it needs: `want_review` does.
    """

    proposal: Proposal
    attempt: Attempt
    before: Snapshot
    after: Snapshot
    change: Change3D
    checks: list[Check] = field(default_factory=list)
    uninspected: bool = False
    unfitted: bool = False

    @property
    def lacking(self) -> bool:
        """True while somebody has to want what the checks or the comparison need: `want_review` does."""
        return self.change.lacking or self.uninspected or self.unfitted

    @property
    def design(self) -> Design:
        """The design that it is proposed to."""
        return self.proposal.design

    @property
    def ours(self) -> str:
        """The tip of the target branch."""
        return self.attempt.ours

    @property
    def theirs(self) -> str:
        """The proposed commit."""
        return self.attempt.theirs

    @property
    def base(self) -> str | None:
        """The commit both sides have in common."""
        return self.attempt.base

    @property
    def trial(self) -> Trial:
        """What merging gives."""
        return self.attempt.trial

    @property
    def mergeable(self) -> str:
        """`clean`, `conflict`, or `unknown` for a proposal that has ended."""
        if self.proposal.state != "open":
            return "unknown"
        return "conflict" if self.trial.tree is None else "clean"


def review(work: Work, proposal: Proposal, start: int = 0) -> Review:
    """Returns what is known of a proposal now; reads only.

    An open one shows its merge result against the target branch (or its own head where they conflict), an ended
    one what it was when it ended. `start` is the first of the changed parts that are shown.
    """
    return _reviewed(work, proposal, try_proposal(work, proposal), start)


def _reviewed(work: Work, proposal: Proposal, attempt: Attempt, start: int = 0) -> Review:
    tree = attempt.trial.tree
    before = read_tree(work, proposal.design, attempt.ours if tree else attempt.base or attempt.ours)
    after = read_tree(work, proposal.design, tree or attempt.theirs)
    said = "\n".join([proposal.body, *(commit.body for commit in attempt.commits)])
    rule = rule_for(work.session, proposal.design, proposal.target_branch)
    checks = require(check_merge(work, before, after, said), rule) if tree else []
    unrun = proposal.state == "open" and bool(tree) and any(is_uninspected(work, side) for side in (before, after))
    waits = any(check.state == "waiting" for check in checks)
    unfitted = waits and lacks_fits(work, fits_needed(work, after, before))
    return Review(proposal, attempt, before, after, compare(work, before, after, start), checks, unrun, unfitted)


def want_review(work: Work, proposal: Proposal, start: int = 0) -> Review:
    """Wants every build, difference and run of its own checks that a proposal's page and checks need."""
    found = review(work, proposal, start)
    if found.trial.tree:
        for side in (found.before, found.after):
            want_inspection(work, proposal.design, side)
    found.change = want_comparison(work, (proposal.design, found.before), (proposal.design, found.after), start)
    if found.unfitted:
        want_fits(work, proposal.design, fits_needed(work, found.after, found.before))
    return found


def review_job(house: House, key: str) -> None:
    """Wants what the review of an open proposal needs, as its author's share: proposals cost those who make them."""
    with house.reading() as work:
        proposal = proposal_by_id(work.session, int(key))
        author = Visitor(proposal.author_id if proposal else None)
    with house.writing(author) as work:
        proposal = proposal_by_id(work.session, int(key))
        if proposal is not None and proposal.state == "open":
            found = want_review(work, proposal)
            want_pins(work, pins_of(work, found.change, proposal.comments))


def review_decided(work: Work, proposal: Proposal, decisions: Decisions) -> Review:
    """As `review`, with these conflicts decided; raises Invalid for what is not in conflict or does not fit."""
    return _reviewed(work, proposal, decide(work, proposal, try_proposal(work, proposal), decisions))


def merge(
    work: Work,
    proposal: Proposal,
    expected: str | None = None,
    strategy: str = "merge",
    message: str = "",
    decisions: Decisions = NOTHING,
    reason: str = "",
) -> Merge:
    """Moves the target branch to the merge of a proposal whose rebuilt result holds, and records it.

    `expected` is the target's tip the caller looked at; `decisions` settle what is in conflict; `reason` is why the
    target's rule is gone around. Raises Conflict for an ended proposal, a draft, too few approvals, decisions that
    nobody approved, what stays in conflict or a moved branch, Invalid for decisions that do not fit, Forbidden for a
    reason where the rule exempts nobody, and Unbuildable when a part of the result does not build, is not valid or
    fails another check.
    """
    if strategy not in STRATEGIES:
        raise Invalid("A merge is “merge” or “squash”.", [{"name": "strategy"}])
    if proposal.state != "open":
        raise Conflict(f"Proposal {proposal.number} is {proposal.state} already.")
    reason = overriding(work, proposal, reason)
    if held := why_held(work, proposal, reason, decisions):
        raise Conflict(held)
    attempt = try_again(work, proposal)
    unchanged(expected, attempt.ours, f"The branch {proposal.target_branch}")
    found = _reviewed(work, proposal, decide(work, proposal, attempt, decisions))
    _refuse(found, reason)
    against = why_ruled_out(work, proposal, found, decisions)
    reason = reason if against else ""
    sha = _commit(work, proposal, found, strategy, message, reason)
    row = Merge(proposal=proposal, person=work.person, sha=sha, base_sha=found.ours, strategy=strategy, at=now())
    row.reason, row.against = (reason, against) if reason else (None, None)
    work.session.add(row)
    work.session.flush()
    sync(work, proposal.design)
    credit(work, proposal, row)
    notify_about(work, proposal, "merged")
    return row


def why_held(work: Work, proposal: Proposal, reason: str = "", decisions: Decisions = NOTHING) -> str | None:
    """Returns why people hold up the merge of an open proposal, whatever its checks say; None when nobody does.

    A `reason` to go around the rule of the target leaves what its author says of it.
    """
    if proposal.unfinished:
        return f"Not merged: proposal {proposal.number} is a draft. Its author makes it ready first."
    return None if reason else _unapproved(work, proposal, decisions)


def _unapproved(work: Work, proposal: Proposal, decisions: Decisions) -> str | None:
    """Returns what of a merge nobody has approved: what is proposed, or what would be decided; None for nothing."""
    standing = standing_of(work, proposal)
    alone = DECIDED_ALONE if standing.required and not chooses_a_side(decisions) else None
    return objection(standing) or alone


def overriding(work: Work, proposal: Proposal, reason: str) -> str:
    """Returns the cleaned reason to go around the target's rule, empty for none; raises Forbidden unless one may."""
    reason = clean_line(reason, LONGEST_REASON, "reason")
    if reason and not work.may_override(proposal.target_branch, proposal.design):
        raise Forbidden(f"The rule of {proposal.target_branch} exempts nobody, or not you; merge without a reason.")
    return reason


def why_ruled_out(work: Work, proposal: Proposal, found: Review, decisions: Decisions = NOTHING) -> str:
    """Returns what the rule of the target asks for and is not there, in sentences; empty for nothing."""
    held = (_unapproved(work, proposal, decisions) or "").removeprefix("Not merged: ")
    failed = [check.detail for check in found.failed if check.excused]
    return " ".join([held[:1].upper() + held[1:], *failed] if held else failed)


def _refuse(found: Review, reason: str) -> None:
    if found.trial.tree is None:
        raise Conflict(in_words(found.trial.conflicts), listed(found.trial.conflicts))
    if found.trial.already:
        raise Conflict("The target has these commits already.")
    pass_checks(check for check in found.checks if not (reason and check.excused and check.state == "failed"))


def places(conflict: ConflictPath) -> list[dict]:
    """Returns what is to be decided: each rival by its name and values, or the file by git's ids of its versions."""
    if not conflict.rivals:
        sides = {"base": conflict.base, "ours": conflict.ours, "theirs": conflict.theirs}
        return [{"path": conflict.path, "kind": "text", "detail": conflict.kind, "name": None, **sides}]
    return [
        {
            "path": conflict.path,
            "kind": "parameter",
            "detail": conflict.kind,
            "name": each.name,
            "base": each.base,
            "ours": each.ours,
            "theirs": each.theirs,
        }
        for each in conflict.rivals
    ]


def listed(conflicts: list[ConflictPath]) -> list[dict]:
    """Returns all that is to be decided."""
    return [place for conflict in conflicts for place in places(conflict)]


def in_words(conflicts: list[ConflictPath], remedy: str = "solve that on the source branch first") -> str:
    """Returns what of a trial has to be decided, in a sentence; `remedy` is for what is in conflict line by line."""
    lines = ", ".join(each.path for each in conflicts if not each.rivals)
    if lines:
        return f"Both sides changed the same lines of {lines}; {remedy}."
    names = ", ".join(f"{rival.name} of {each.path}" for each in conflicts for rival in each.rivals)
    return f"Both sides set {names} to other values; decide which ones count."


def _commit(work: Work, proposal: Proposal, found: Review, strategy: str, message: str, reason: str) -> str:
    assert work.person is not None
    who = sign(work.person)
    source = proposal.source.path if proposal.source else "a deleted design"
    head = f"Merge proposal {proposal.number}: {proposal.title}" if strategy == "merge" else proposal.title
    text = message or f"{head}\n\nFrom {source} {proposal.source_branch}."
    body = f"{text.rstrip()}\n\nProposal: {proposal.number}\n"  # trailers stand in a paragraph of their own
    body += f"Against-Rule: {reason}\n" if reason else ""
    parents = (found.ours, found.theirs) if strategy == "merge" else (found.ours,)
    with work.opened(proposal.design) as repository:
        if strategy == "squash":
            body += f"Proposal-Head: {found.theirs}\n"  # nothing else tells which commits it is made of
            own = {sign(work.person).email, *addresses_of(work.session, work.person)}
            body += _co_authors(repository, found, own)
        branch, trial = proposal.target_branch, found.trial
        return commit_merge(repository, branch, found.ours, trial, parents, body, who, who)


def _co_authors(repository: Repository, found: Review, own: Collection[str]) -> str:
    """Returns a trailer for everybody but the squasher who made or suggested the commits, so that credit survives.

    `own` are the squasher's addresses.
    """
    commits = repository.new_commits([found.theirs], [found.ours])
    credited = [f"{commit.author.name} <{commit.author.email}>" for commit in commits]
    credited += [each for commit in commits for each in commit.co_authors]
    persons = dict.fromkeys(own, "")
    for person in credited:
        persons.setdefault(_address(person), f"Co-authored-by: {person}\n")
    return "".join(persons.values())


def _address(person: str) -> str:
    """The e-mail address in `Name <address>`, by which people are told apart."""
    return person.rpartition("<")[2].strip(" >").lower()
