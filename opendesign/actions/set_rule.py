"""An owner says what a branch asks of what reaches it, or that it asks nothing."""

from collections.abc import Sequence

from opendesign.actions.house import Work
from opendesign.core.approval import MOST
from opendesign.core.errors import Invalid, NotFound
from opendesign.core.rule import clean_checks
from opendesign.records.base import now
from opendesign.records.design import Design, known_refs
from opendesign.records.verdict import BranchRule, rule_row


def set_rule(
    work: Work,
    design: Design,
    branch: str,
    approvals: int = 0,
    checks: Sequence[str] = (),
    owners_exempt: bool = False,
    pushers: Sequence[str] = (),
) -> None:
    """Makes a branch take proposals only, with so many approvals and these checks that must hold.

    `owners_exempt` lets owners push to it and merge against its rule, `pushers` names others who push to it. Raises
    NotFound for no such branch, Invalid.
    """
    if not 0 <= approvals <= MOST:
        raise Invalid(f"A branch may ask for 0 to {MOST} approvals.")
    if f"refs/heads/{branch}" not in known_refs(work.session, design):
        raise NotFound(f"{design.path} has no branch “{branch[:200]}”.")
    row = rule_row(work.session, design, branch) or BranchRule(design_id=design.id, branch=branch)
    row.approvals, row.checks, row.owners_exempt = approvals, list(clean_checks(checks)), owners_exempt
    row.pushers = _numbers(design, pushers)
    row.person_id, row.at = work.person.id if work.person else None, now()
    work.session.add(row)
    work.session.flush()


def writers_of(design: Design) -> dict[str, int]:
    """Returns the number of each person who may write to a design, by name."""
    people = [design.owner, *(member.person for member in design.members if member.role != "reader")]
    return {person.name: person.id for person in people}


def _numbers(design: Design, names: Sequence[str]) -> list[int]:
    writers = writers_of(design)
    for name in names:
        if name not in writers:
            message = f"“{name[:63]}” may not write to {design.path}, so they cannot push to a branch of it"
            raise Invalid(f"{message}.", [{"name": "pushers", "message": message}])
    return sorted({writers[name] for name in names})


def end_rule(work: Work, design: Design, branch: str) -> None:
    """Lets a branch take pushes again; does nothing where there is no rule."""
    row = rule_row(work.session, design, branch)
    if row is not None:
        work.session.delete(row)
        work.session.flush()
