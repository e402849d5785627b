"""An operator keeps somebody out for a while, and lets them in again; and says who else is an operator."""

from opendesign.actions.house import Work
from opendesign.core.errors import Conflict, Invalid
from opendesign.core.names import clean_line
from opendesign.records.base import now
from opendesign.records.person import Person, close_visits, operators

LONGEST_REASON = 300
LARGEST_QUOTA = 1 << 30  # MB


def suspend(work: Work, person: Person, reason: str) -> None:
    """Keeps a person out: visits end, passwords and tokens open nothing. Raises Invalid without a reason, Conflict."""
    work.need_operator()
    if work.person is not None and person.id == work.person.id:
        raise Conflict("You cannot suspend yourself.")
    reason = clean_line(reason, LONGEST_REASON, "reason")
    if not reason:
        raise Invalid("Say why: the person is told.", [{"name": "reason", "message": "is missing"}])
    person.suspended_at, person.suspended_for = now(), reason
    close_visits(work.session, person)


def unsuspend(work: Work, person: Person) -> None:
    """Lets a suspended person in again; does nothing for others."""
    work.need_operator()
    person.suspended_at, person.suspended_for = None, ""


def appoint(work: Work, person: Person, admin: bool) -> None:
    """Makes a person an operator, or no longer one; raises Conflict for the last of them."""
    work.need_operator()
    if not admin:
        need_another_operator(work, person)
    person.admin = admin


def need_another_operator(work: Work, person: Person) -> None:
    """Raises Conflict for the last operator."""
    if person.admin and operators(work.session) < 2:
        raise Conflict(f"{person.name} is the only operator; make somebody else one first.")


def allot(work: Work, person: Person, megabytes: int | None) -> None:
    """Gives a person a quota of their own, 0 for none at all, None for everybody's; raises Invalid."""
    work.need_operator()
    if megabytes is not None and not 0 <= megabytes <= LARGEST_QUOTA:
        raise Invalid("A quota is a number of MB, 0 for no limit.", [{"name": "quota_mb", "message": "is no quota"}])
    person.quota_mb = megabytes
