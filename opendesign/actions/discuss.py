"""People discuss an improvement where it was born: they say something, and change or take back what they said."""

from opendesign.actions.house import Work
from opendesign.actions.show_improvement import Told
from opendesign.core.errors import Forbidden, Invalid, NotFound
from opendesign.core.text import clean_text
from opendesign.records.base import now
from opendesign.records.discussion import Saying, saying_about, sayings_about


def said_about(work: Work, told: Told) -> list[Saying]:
    """Returns what was said about an improvement, as far as the acting person may read it, oldest first.

    What was said while its design was private is not told to whoever came to see it since.
    """
    rows = sayings_about(work.session, told.improvement.sha, told.by_id)
    return [each for each in rows if not each.private or work.belongs(told.by_id[each.design_id])]


def say(work: Work, told: Told, body: str) -> Saying:
    """Adds what the acting person says about an improvement; raises Invalid for nothing, or too much."""
    work.need("comment", told.home)
    said = Saying(design_id=told.home.id, sha=told.improvement.sha, person=work.person, body=_clean(work, body))
    said.at, said.private = now(), told.home.visibility != "public"
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
    if said.private and not work.belongs(told.by_id[said.design_id]):
        raise NotFound(f"Nothing with the number {key} was said about this improvement.")
    if work.person is None or said.person_id != work.person.id:
        raise Forbidden("Only whoever said it may change it.")
    return said


def _clean(work: Work, body: str) -> str:
    body = clean_text(body, work.house.limits.proposal_body, "comment")
    if not body:
        raise Invalid("A comment needs words.", [{"name": "body", "message": "is empty"}])
    return body
