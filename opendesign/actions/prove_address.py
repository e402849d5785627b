"""Somebody shows that an e-mail address is theirs, through a link in a letter."""

from opendesign.actions.house import Work
from opendesign.actions.send_letter import want_letter
from opendesign.core.errors import Conflict, Forbidden, NotFound, TooMany
from opendesign.core.letter import ADDRESS
from opendesign.core.secret import hash_secret
from opendesign.records.base import now
from opendesign.records.letter import Letter, letter_by_hash, spend_letters


def ask_proof(work: Work) -> None:
    """Has a letter sent to the acting person's address; raises Conflict when it is theirs already, TooMany."""
    if work.person is None:
        raise Forbidden("Enter first.")
    if work.person.proven_at is not None:
        raise Conflict("You have confirmed this address already.")
    if not want_letter(work, work.person, ADDRESS):
        raise TooMany("Some letters are on their way already; look for them, or wait an hour.", 3600)


def proof_for(work: Work, secret: str) -> Letter:
    """Returns the letter a link came from; NotFound when the link works no longer."""
    letter = letter_by_hash(work.session, ADDRESS, hash_secret(secret))
    if letter is None:
        raise NotFound("This link has been used or is older than a week. Settings send you a new one.")
    return letter


def prove_address(work: Work, secret: str) -> None:
    """Keeps that the address a letter came to belongs to the person it was written to; raises NotFound."""
    person = proof_for(work, secret).person
    person.proven_at = now()
    spend_letters(work.session, person, ADDRESS)
