"""Somebody joins."""

from argon2 import PasswordHasher

from opendesign.actions.choose_password import choose_password
from opendesign.actions.count_tries import count_try, refuse_flood
from opendesign.actions.house import House, Work
from opendesign.actions.send_letter import want_letter
from opendesign.core.errors import Conflict, Forbidden
from opendesign.core.letter import ADDRESS
from opendesign.core.names import check_email, check_name, clean_text
from opendesign.core.secret import sign
from opendesign.records.address import believe, prove
from opendesign.records.departure import departed
from opendesign.records.person import Person, people_count, person_by_login

HASHER = PasswordHasher()  # argon2id with the library's defaults (RFC 9106, low-memory profile)


def join(work: Work, name: str, email: str, password: str, full_name: str = "", language: str = "") -> Person:
    """Makes a person when joining is open, who is written to.

    Raises Forbidden, TooMany for too many from one network, and what `add_person` raises.
    """
    need_place(work)
    need_unused(work, name)
    person = _with_password(work, name, email, password, full_name)
    person.language = language
    ask_for_proof(work, person)
    return person


def ask_for_proof(work: Work, person: Person) -> None:
    """Writes to somebody whose address is not confirmed; where no letters are sent, it is believed for commits."""
    want_letter(work, person, ADDRESS)
    if not work.house.post.sends:
        believe(work.session, person)


def need_place(work: Work) -> None:
    """Counts somebody who joins; raises Forbidden where nobody does by themselves, TooMany past the network's limit."""
    need_open(work.house)
    most = {f"join:{work.asker}": work.house.settings.joins_per_address}
    refuse_flood(work.session, most, "Too many have joined from your network; wait a quarter of an hour.")
    count_try(work.session, most)


def need_open(house: House) -> None:
    """Raises Forbidden where nobody joins by themselves."""
    if not house.settings.joining:
        raise Forbidden("Joining is closed here; ask the operator for an account.")


def need_unused(work: Work, name: str) -> None:
    """Raises Conflict for the name of somebody who has left: commits name them by it, and so would count as another's.

    An operator can give it again, by `opendesign person add`.
    """
    if departed(work.session, mark_of(work.house, name.strip().lower())):
        raise Conflict("Somebody of that name has left.", [{"name": "name", "message": "was somebody else's"}])


def mark_of(house: House, name: str) -> str:
    """Returns what is kept of the name of who has left."""
    return sign(house.secret, f"departed {name}")


def add_person(work: Work, name: str, email: str, password: str, full_name: str = "") -> Person:
    """Makes a person whose address is taken to be theirs; the very first one is the operator.

    Raises Invalid for a bad field, Conflict for a name or address in use.
    """
    person = _with_password(work, name, email, password, full_name)
    prove(work.session, person, person.email)
    return person


def _with_password(work: Work, name: str, email: str, password: str, full_name: str) -> Person:
    choose_password(password, name.strip().lower(), email)
    return make_person(work, name, email, HASHER.hash(password), full_name)


def make_person(work: Work, name: str, email: str, hashed: str, full_name: str = "") -> Person:
    """Makes a person whose address is not confirmed; without a hash no password lets them in.

    Raises what `add_person` raises, but for a bad password.
    """
    name = check_name(name.strip().lower(), "person")
    email = check_email(email)
    if person_by_login(work.session, name):
        raise Conflict(f"The name “{name}” is taken.", [{"name": "name", "message": "is taken"}])
    if person_by_login(work.session, email):
        raise Conflict("That e-mail address has an account already.", [{"name": "email", "message": "is in use"}])
    person = Person(
        name=name,
        email=email,
        full_name=clean_text(full_name, 120, "full name"),
        password=hashed,
        admin=people_count(work.session) == 0,
    )
    work.session.add(person)
    work.session.flush()
    return person
