"""Somebody looks through the browsers they are in with, and sends some of them out."""

from opendesign.actions.house import Work
from opendesign.core.errors import Forbidden
from opendesign.core.secret import hash_secret
from opendesign.records.person import Visit, visit_of, visits_of


def list_visits(work: Work, secret: str) -> list[tuple[Visit, bool]]:
    """Returns the acting person's open visits, and of each whether it is the one this secret opened."""
    if work.person is None:
        raise Forbidden("Enter first.")
    own = hash_secret(secret)
    return [(visit, visit.secret_hash == own) for visit in visits_of(work.session, work.person)]


def end_visit(work: Work, key: int) -> None:
    """Ends one of the acting person's visits; raises NotFound for another's."""
    if work.person is None:
        raise Forbidden("Enter first.")
    work.session.delete(visit_of(work.session, work.person, key))


def end_others(work: Work, secret: str) -> int:
    """Ends every visit of the acting person but the one this secret opened; returns how many."""
    others = [visit for visit, own in list_visits(work, secret) if not own]
    for visit in others:
        work.session.delete(visit)
    return len(others)
