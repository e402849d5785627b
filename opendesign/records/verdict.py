"""What people found when they looked at a proposal, and how many must approve what reaches a branch."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.records.base import Record, now, reference, trace
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
    """So many people who may write must have approved what is merged into a branch."""

    __tablename__ = "branch_rule"
    __table_args__ = (UniqueConstraint("design_id", "branch"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    branch: Mapped[str]
    approvals: Mapped[int]
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)


def verdicts_on(session: Session, proposal: Proposal) -> list[Verdict]:
    """Returns what was found of a proposal, oldest first."""
    return list(session.scalars(select(Verdict).where(Verdict.proposal_id == proposal.id).order_by(Verdict.id)))


def rules_of(session: Session, design: Design) -> dict[str, BranchRule]:
    """Returns a design's rules by branch."""
    return {rule.branch: rule for rule in session.scalars(select(BranchRule).where(BranchRule.design_id == design.id))}


def approvals_for(session: Session, design: Design, branch: str) -> int:
    """Returns how many approvals a merge into a branch needs; 0 without a rule."""
    query = select(BranchRule.approvals).where(BranchRule.design_id == design.id, BranchRule.branch == branch)
    return session.scalar(query) or 0
