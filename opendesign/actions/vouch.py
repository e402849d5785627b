"""Somebody confirms what another made of a design, or doubts it, or takes back what they said of it."""

from opendesign.actions.house import Work, ground
from opendesign.actions.notify_about import notify_made
from opendesign.core.access import may_vouch, need_vouch
from opendesign.core.errors import Invalid, NotFound
from opendesign.core.made import DOUBTED, LONGEST_NOTE, WORDS
from opendesign.core.names import clean_text
from opendesign.records.base import now
from opendesign.records.made import Made, Vouch, vouch_by
from opendesign.records.team import mates_of


def may_speak(work: Work, row: Made) -> bool:
    """Tells whether the acting person is independent of the maker, and so may confirm or doubt."""
    return may_vouch(work.actor, ground(row.design), row.person_id, _mates(work, row))


def vouch(work: Work, row: Made, word: str, reason: str = "") -> Vouch:
    """Keeps what the acting person says of a thing: confirmed, or doubted with a reason; their last word counts.

    Raises Forbidden for the maker and for whoever controls a design together with them, anywhere on this service;
    Invalid for another word, and a doubt without a reason.
    """
    need_vouch(work.actor, ground(row.design), row.person_id, _mates(work, row))
    if word not in WORDS:
        raise Invalid("Say whether you confirm or doubt it.", [{"name": "word", "message": "is none of the two"}])
    reason = clean_text(reason, LONGEST_NOTE, "reason")
    if word == DOUBTED and not reason:
        raise Invalid("Say why you doubt it.", [{"name": "reason", "message": "is missing"}])
    assert work.person is not None
    said = vouch_by(row, work.person) or Vouch(person=work.person)
    said.word, said.reason, said.at = word, reason, now()
    if said not in row.vouches:
        row.vouches.append(said)
    work.session.flush()
    notify_made(work, row, word, row.part or row.design.title, reason)
    return said


def unvouch(work: Work, row: Made) -> None:
    """Takes back what the acting person said of a thing; raises NotFound where they said nothing."""
    work.need("vouch", row.design)
    said = vouch_by(row, work.person) if work.person else None
    if said is None:
        raise NotFound("You have said nothing of it.")
    row.vouches.remove(said)
    work.session.flush()


def _mates(work: Work, row: Made) -> set[int]:
    if work.person is None or row.person_id is None:
        return set()
    return mates_of(work.session, row.person_id, {work.person.id})
