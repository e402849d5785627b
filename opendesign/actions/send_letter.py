"""Somebody is to be written to: wanted in a transaction, written and sent by the worker."""

import logging
from datetime import timedelta

from opendesign.actions.house import House, Work
from opendesign.core.letter import MOST_AN_HOUR, write_letter
from opendesign.core.secret import hash_secret, new_secret
from opendesign.mail.post import Unsent
from opendesign.mail.words import speaking
from opendesign.records.base import now
from opendesign.records.letter import Letter, forget_letters, letter_by_id, letters_since, letters_unsent
from opendesign.records.person import Person

log = logging.getLogger(__name__)
SENDING = timedelta(minutes=5)  # longer than any server is waited for


def want_letter(work: Work, person: Person, kind: str, to: str = "") -> bool:
    """Has a letter sent after this transaction, to the person's address or another that they give.

    False when they have been written enough of this kind.
    """
    if letters_since(work.session, person, kind, now() - timedelta(hours=1)) >= MOST_AN_HOUR:
        return False
    forget_letters(work.session)
    letter = Letter(person_id=person.id, kind=kind, email=to or person.email)
    work.session.add(letter)
    work.session.flush()
    work.soon("letter", letter.id)
    return True


def letter_job(house: House, key: str) -> None:
    """Writes a letter and sends it; raises Unsent for another try. Its secret is nowhere but in the letter."""
    secret = new_secret()
    with house.writing() as work:
        letter = letter_by_id(work.session, int(key))
        if letter is None or letter.id not in letters_unsent(work.session, now() - SENDING):
            return
        letter.secret_hash, letter.written_at = hash_secret(secret), now()
        to, kind, name = letter.email, letter.kind, letter.person.name
        say = speaking(letter.person.language).gettext
    try:
        house.post.send(to, *write_letter(kind, name, house.settings.address, secret, say))
    except Unsent as reason:
        log.warning("Letter %s was not sent: %s", key, reason)
        _note(house, int(key), sent=False)
        raise
    _note(house, int(key), sent=True)


def waiting_letters(house: House) -> list[tuple[str, str]]:
    """Returns the jobs of all letters that should have been sent."""
    with house.reading() as work:
        return [("letter", str(number)) for number in letters_unsent(work.session, now() - SENDING)]


def _note(house: House, key: int, sent: bool) -> None:
    with house.writing() as work:
        letter = letter_by_id(work.session, key)
        if letter is not None and sent:
            letter.sent_at = now()
        elif letter is not None:
            letter.secret_hash = letter.written_at = None
