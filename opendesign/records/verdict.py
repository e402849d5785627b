"""What people found when they looked at a proposal, and how many must approve what reaches a branch."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.rule import Rule
from opendesign.records.base import Record, chunks, now, reference, trace
from opendesign.records.design import Design
from opendesign.records.person import Person
from opendesign.records.proposal import Proposal


class Verdict(Record):
    """Somebody looked at the proposed commit `sha` and said `approve` or `request_changes`."""

    __tablename__ = "verdict"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = reference("proposal.id")
    person_id: Mapped[int | None] = trace("person.id")
    sha: Mapped[str]
    word: Mapped[str]
    body: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)
    proposal: Mapped[Proposal] = relationship()
    person: Mapped[Person | None] = relationship(lazy="joined")


class BranchRule(Record):
    """A branch takes proposals only, which so many people who may write have approved, and of which `checks` hold.

    `pushers` are the numbers of people who push to it all the same.
    """

    __tablename__ = "branch_rule"
    __table_args__ = (UniqueConstraint("design_id", "branch"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    branch: Mapped[str]
    approvals: Mapped[int]
    checks: Mapped[list] = mapped_column(default=list)
    owners_exempt: Mapped[bool] = mapped_column(default=False)
    pushers: Mapped[list] = mapped_column(default=list)
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)


def verdicts_on(session: Session, proposal: Proposal) -> list[Verdict]:
    """Returns what was found of a proposal, oldest first."""
    return list(session.scalars(select(Verdict).where(Verdict.proposal_id == proposal.id).order_by(Verdict.id)))


def verdicts_among(session: Session, proposals: Collection[int]) -> list[Verdict]:
    """Returns what was found of these proposals, by their row numbers, oldest first."""
    found = list[Verdict]()
    for chunk in chunks(proposals):
        query = select(Verdict).where(Verdict.proposal_id.in_(chunk))
        found += session.scalars(query.order_by(Verdict.id))
    return found


def rules_of(session: Session, design: Design) -> dict[str, Rule]:
    """Returns a design's rules by branch."""
    rows = session.scalars(select(BranchRule).where(BranchRule.design_id == design.id).order_by(BranchRule.branch))
    return {row.branch: _rule(row) for row in rows}


def rule_row(session: Session, design: Design, branch: str) -> BranchRule | None:
    """Returns the record of a branch's rule, or None."""
    query = select(BranchRule).where(BranchRule.design_id == design.id, BranchRule.branch == branch)
    return session.scalar(query)


def rule_for(session: Session, design: Design, branch: str) -> Rule | None:
    """Returns what a branch asks of what reaches it; None where it asks nothing."""
    row = rule_row(session, design, branch)
    return _rule(row) if row else None


def _rule(row: BranchRule) -> Rule:
    return Rule(row.branch, row.approvals, tuple(row.checks), row.owners_exempt, frozenset(row.pushers))
