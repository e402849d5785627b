"""Somebody shows that an e-mail address is theirs, through a link in a letter; it may be a new one."""

from opendesign.actions.enter import check_password
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.send_letter import want_letter
from opendesign.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from opendesign.core.letter import ADDRESS, MOVE, WARNING
from opendesign.core.names import check_email
from opendesign.core.secret import hash_secret
from opendesign.records.address import prove
from opendesign.records.letter import Letter, letter_by_hash, spend_letters
from opendesign.records.person import person_by_login

ENOUGH = "Some letters are on their way already; look for them, or wait an hour."


def ask_proof(work: Work) -> None:
    """Has a letter sent to the acting person's address; raises Conflict when it is theirs already, TooMany."""
    if work.person is None:
        raise Forbidden("Enter first.")
    if work.person.proven_at is not None:
        raise Conflict("You have confirmed this address already.")
    if not want_letter(work, work.person, ADDRESS):
        raise TooMany(ENOUGH, 3600)


def ask_move(house: House, visitor: Visitor, email: str, password: str, address: str) -> None:
    """Has a letter sent to a new address, and one that says so to the old; nothing changes until the first is answered.

    Raises Invalid for what is no address or is theirs already, Forbidden for a wrong password, TooMany. Whether
    somebody else has the address is not said.
    """
    email = check_email(email)
    with house.reading(visitor) as work:
        name, now_theirs = (work.person.name, work.person.email) if work.person else ("", "")
    if email == now_theirs:
        raise Invalid("That is your address already.", [{"name": "email", "message": "is yours already"}])
    check_password(house, name, password, address)
    with house.writing(visitor) as work:
        if work.person is None:
            raise Forbidden("Enter first.")
        spend_letters(work.session, work.person, MOVE)
        if not want_letter(work, work.person, MOVE, email):
            raise TooMany(ENOUGH, 3600)
        want_letter(work, work.person, WARNING)


def proof_for(work: Work, secret: str) -> Letter:
    """Returns the letter a link came from; NotFound when the link works no longer."""
    key = hash_secret(secret)
    letter = letter_by_hash(work.session, ADDRESS, key) or letter_by_hash(work.session, MOVE, key)
    if letter is None:
        raise NotFound("This link has been used or is too old. Settings send you a new one.")
    return letter


def prove_address(work: Work, secret: str) -> None:
    """Keeps that the address a letter came to is that of the person it was written for.

    Raises NotFound, and Conflict where somebody else has the address.
    """
    letter = proof_for(work, secret)
    person, other = letter.person, person_by_login(work.session, letter.email)
    if other is not None and other.id != person.id:
        raise Conflict("Somebody else here has that address by now.")
    prove(work.session, person, letter.email)
    for kind in (ADDRESS, MOVE):
        spend_letters(work.session, person, kind)
