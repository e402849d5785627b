"""Proposals follow the refs: their commits are brought along, and what has arrived is merged."""

from opendesign.actions.carry_files import bring
from opendesign.actions.house import Work
from opendesign.actions.notify_about import notify_about
from opendesign.git.commits import Commit
from opendesign.git.merging import try_merge
from opendesign.git.repository import Repository
from opendesign.records.base import now
from opendesign.records.design import Design
from opendesign.records.proposal import Merge, Proposal, open_proposals_touching
from opendesign.records.revision import Adoption, adoptions_into

LOOKED_AT = 50  # of the newest commits of a push
TRIED = 5  # of these, for each proposal: a trial is several git processes while nobody else can write


def settle(work: Work, design: Design, refs: dict[str, str], known: dict[str, str]) -> None:
    """Makes the open proposals from and to a design agree with its refs; `known` is where these stood before."""
    proposals = open_proposals_touching(work.session, design)
    for proposal in proposals:
        if proposal.source_id == design.id:
            _follow(work, proposal, refs.get(f"refs/heads/{proposal.source_branch}"))
        work.soon("review", proposal.id)
    targets: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        if proposal.design_id == design.id:
            targets.setdefault(f"refs/heads/{proposal.target_branch}", []).append(proposal)
    for branch, waiting in targets.items():
        if branch in refs:
            _arrive(work, design, waiting, refs[branch], known.get(branch))


def _follow(work: Work, proposal: Proposal, tip: str | None) -> None:
    """Brings new commits of the source branch into the target; a branch that is gone leaves the proposal as it is."""
    if tip is None or tip == proposal.source_sha or proposal.source is None:
        return
    bring(work, proposal.source, proposal.design, tip, proposal.head_ref)
    proposal.source_sha = tip
    notify_about(work, proposal, "updated")


def _arrive(work: Work, design: Design, waiting: list[Proposal], tip: str, before: str | None) -> None:
    """Records the merge of each proposal that waits for a branch and whose last commit it got, however it got there.

    What the branch had before is no arrival: the source branch was set back. A squash shares no history with what it
    was made from; a process that dies after making it leaves no other word.
    """
    with work.house.store.open(design.key) as repository:
        fresh = repository.new_commits([tip], [before]) if before not in (None, tip) else []
        arrived = {commit.sha for commit in fresh}
        if before is None:
            arrived = repository.held([proposal.source_sha for proposal in waiting], tip)
        line = _line(fresh, tip)
        for proposal in waiting:
            if made := _made(line, proposal):
                how, reason = "merge" if made.parents[1:] else "squash", dict(made.trailers).get("Against-Rule")
                _merged(work, proposal, how, made.sha, made.parents[0], reason)
            elif proposal.source_sha in arrived:
                _merged(work, proposal, "push", tip, before or tip)
            elif squash := _squash(repository, proposal, fresh):
                _merged(work, proposal, "squash", squash.sha, squash.parents[0])


def _line(fresh: list[Commit], tip: str) -> list[Commit]:
    """Returns the new commits of a branch itself, newest first; not those of what was merged, which strangers made."""
    commits, line = {commit.sha: commit for commit in fresh}, []
    while commit := commits.get(tip):
        line.append(commit)
        tip = commit.parents[0] if commit.parents else ""
    return line


def _made(line: list[Commit], proposal: Proposal) -> Commit | None:
    """Returns the commit that merges or squashes a proposal and says so, whose maker did not live to record it."""
    for commit in line:
        if ("Proposal", str(proposal.number)) in commit.trailers:
            squash = len(commit.parents) == 1 and ("Proposal-Head", proposal.source_sha) in commit.trailers
            if squash or commit.parents[1:] == (proposal.source_sha,):
                return commit
    return None


def _squash(repository: Repository, proposal: Proposal, fresh: list[Commit]) -> Commit | None:
    """Returns the new commit that names the proposal and leaves nothing of it to be taken, or None."""
    for commit in likely_squashes(fresh, proposal.number):
        if try_merge(repository, commit.sha, proposal.source_sha).tree == commit.tree:
            return commit
    return None


def likely_squashes(fresh: list[Commit], number: int) -> list[Commit]:
    """Returns the few commits worth trying, newest first: each names one proposal, and anybody can name any."""
    named = [one for one in fresh[-LOOKED_AT:] if dict(one.trailers).get("Proposal") == str(number)]
    return [one for one in reversed(named) if len(one.parents) == 1][:TRIED]


def _merged(work: Work, proposal: Proposal, how: str, sha: str, base: str, reason: str | None = None) -> None:
    row = Merge(proposal=proposal, person=work.person, sha=sha, base_sha=base, strategy=how, reason=reason, at=now())
    work.session.add(row)
    work.session.flush()
    work.session.expire(proposal, ["merge"])
    credit(work, proposal, row)
    notify_about(work, proposal, "merged")


def credit(work: Work, proposal: Proposal, row: Merge) -> None:
    """Ties the adoption to its proposal; a squash leaves no shared commit, so it gets an adoption of its own."""
    if proposal.source_id is None or proposal.source_id == proposal.design_id:
        return
    found = [a for a in adoptions_into(work.session, proposal.design_id, work.began) if a.proposal_id is None]
    for adoption in found:
        adoption.proposal_id, adoption.at = proposal.id, row.at
    if not found and row.strategy != "push":
        kind = "port" if row.strategy == "squash" else "merge"
        work.session.add(
            Adoption(
                source_id=proposal.source_id,
                target_id=proposal.design_id,
                kind=kind,
                sha=proposal.source_sha,
                commits=1,
                subject=proposal.title[:300],
                person_id=row.person_id,
                proposal_id=proposal.id,
                at=row.at,
            )
        )
