"""Somebody who has forgotten their password chooses a new one, through a link in a letter."""

from opendesign.actions.choose_password import choose_password
from opendesign.actions.count_tries import count_try, refuse_flood
from opendesign.actions.house import House, Work
from opendesign.actions.join import HASHER
from opendesign.actions.send_letter import want_letter
from opendesign.core.asker import place
from opendesign.core.errors import Invalid, NotFound
from opendesign.core.letter import CHANGED, MOVE, PASSWORD
from opendesign.core.secret import hash_secret
from opendesign.records.address import prove
from opendesign.records.letter import Letter, letter_by_hash, spend_letters
from opendesign.records.person import close_visits, forget_attempts_of, person_by_login

TRIES, FROM_ONE_PLACE = 3, 15  # in a window, for one name and from one address


def ask_reset(house: House, login: str, address: str) -> None:
    """Has a letter sent to whoever this is, if anybody; the same happens, as far as can be seen, if nobody is.

    Raises Invalid for nothing, TooMany for too many wishes for one name or from one address.
    """
    login = login.strip()[:254]
    if not login:
        raise Invalid("Write your name or your e-mail address.", [{"name": "name"}])
    subjects = {f"reset:{login.lower()}": TRIES, f"reset-address:{place(address)}": FROM_ONE_PLACE}
    with house.writing() as work:
        refuse_flood(work.session, subjects, "Asked too often; wait a quarter of an hour.")
        count_try(work.session, subjects)
        person = person_by_login(work.session, login)
        if person is None or not want_letter(work, person, PASSWORD):
            work.soon("letter", 0)  # a job costs time: nobody's takes as long as somebody's


def reset_for(work: Work, secret: str) -> Letter:
    """Returns the letter a link came from; NotFound when the link works no longer."""
    letter = letter_by_hash(work.session, PASSWORD, hash_secret(secret))
    if letter is None:
        raise NotFound("This link has been used, is older than an hour, or was never sent. Ask for a new one.")
    return letter


def reset_password(house: House, secret: str, new: str) -> str:
    """Sets a new password, once, ends every visit and returns the name; raises NotFound and Invalid."""
    with house.reading() as work:
        person = reset_for(work, secret).person
        choose_password(new, person.name, person.email)
    hashed = HASHER.hash(new)
    with house.writing() as work:
        person = reset_for(work, secret).person
        person.password = hashed
        if person.proven_at is None:
            prove(work.session, person, person.email)
        for kind in (PASSWORD, MOVE):
            spend_letters(work.session, person, kind)
        close_visits(work.session, person)
        want_letter(work, person, CHANGED)
        forget_attempts_of(work.session, (f"name:{login.lower()[:80]}" for login in (person.name, person.email)))
        return person.name
