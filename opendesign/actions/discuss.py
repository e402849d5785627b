"""People discuss an improvement where it was born: they say something, and change or take back what they said."""

from opendesign.actions.house import Work
from opendesign.actions.show_improvement import Told
from opendesign.core.errors import Forbidden, Invalid
from opendesign.core.text import clean_text
from opendesign.records.base import now
from opendesign.records.discussion import Saying, saying_about


def say(work: Work, told: Told, body: str) -> Saying:
    """Adds what the acting person says about an improvement; raises Invalid for nothing, or too much."""
    work.need("comment", told.home)
    said = Saying(design_id=told.home.id, sha=told.improvement.sha, person=work.person, body=_clean(work, body))
    said.at = now()
    work.session.add(said)
    work.session.flush()
    return said


def reword(work: Work, told: Told, key: int, body: str) -> Saying:
    """Changes what the acting person said."""
    said = own_saying(work, told, key)
    said.body, said.edited_at = _clean(work, body), now()
    work.session.flush()
    return said


def unsay(work: Work, told: Told, key: int) -> None:
    """Takes back what the acting person said."""
    work.session.delete(own_saying(work, told, key))
    work.session.flush()


def own_saying(work: Work, told: Told, key: int) -> Saying:
    """Returns what the acting person said, by its number; NotFound for no such thing, Forbidden for another's."""
    work.need("comment", told.home)
    said = saying_about(work.session, told.improvement.sha, told.by_id, key)
    if work.person is None or said.person_id != work.person.id:
        raise Forbidden("Only whoever said it may change it.")
    return said


def _clean(work: Work, body: str) -> str:
    body = clean_text(body, work.house.limits.proposal_body, "comment")
    if not body:
        raise Invalid("A comment needs words.", [{"name": "body", "message": "is empty"}])
    return body
