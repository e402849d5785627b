"""Somebody enters with a name and a password, and gets a visit."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from argon2.exceptions import VerificationError

from opendesign.actions.choose_password import choose_password
from opendesign.actions.count_tries import FROM_ONE_PLACE, count_try, refuse_flood
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.join import HASHER
from opendesign.actions.send_letter import want_letter
from opendesign.core.asker import place
from opendesign.core.errors import Forbidden, Suspended, Unfinished
from opendesign.core.letter import CHANGED, ENTERED, MOVE, PASSWORD
from opendesign.core.secret import TOKEN_PREFIX, hash_secret, new_secret
from opendesign.records.base import now
from opendesign.records.factor import factor_of
from opendesign.records.letter import spend_letters
from opendesign.records.person import (
    Person,
    Visit,
    acting_person,
    close_visits,
    person_by_id,
    person_by_login,
    visit_by_hash,
    visits_of,
)
from opendesign.records.token import token_by_hash, tokens_of

UNFINISHED = (
    "You have a second factor, which cannot be asked for here. Make a token under Settings → Tokens, and send it "
    "in the password's place."
)
WRONG = "That name and password do not belong together."
LONGEST = 1000  # characters that are hashed; no password has as many


@dataclass(frozen=True)
class Half:
    """Whom a first proof has named, who has a second factor: it opens nothing but the way to show that.

    `proof` names their password of that moment (`at`, in seconds), so that another one ends it.
    """

    person_id: int
    at: int
    proof: str


def enter(house: House, login: str, password: str, address: str, agent: str = "", language: str = "") -> str | Half:
    """Opens a visit and returns its secret, or what is half done where a second factor is still to be shown.

    Raises Forbidden for a wrong password, TooMany after too many tries.
    """
    person_id = check_password(house, login, password, address)
    with house.writing(Visitor(person_id, address=address)) as work:
        return admit(work, agent, language)


def admit(work: Work, agent: str, language: str = "") -> str | Half:
    """Opens a visit for the acting person, who has shown one proof; for who has a second, tells what is half done."""
    if work.person is None:
        raise Forbidden("Enter first.")
    if factor_of(work.session, work.person):
        return Half(work.person.id, int(now().timestamp()), proof_of(work.person.password))
    return open_visit(work, work.person.id, agent, language)


def open_visit(work: Work, person_id: int, agent: str, language: str = "") -> str:
    """Opens a visit for somebody who has proved who they are in full; returns its secret, keeps their language."""
    secret = new_secret()
    if language and (person := person_by_id(work.session, person_id)):
        person.language = language
    facts = {"agent": agent[:200], "address": work.session.info["doer"].address}
    _tell_if_new(work, facts)
    work.session.add(Visit(secret_hash=hash_secret(secret), person_id=person_id, **facts))
    return secret


def _tell_if_new(work: Work, facts: dict[str, str]) -> None:
    """Has a letter sent to who enters with another browser than those they are in with, and from another address."""
    known = visits_of(work.session, work.person) if work.person else []
    seen = any(getattr(visit, name) == value for visit in known for name, value in facts.items())
    if work.person and known and not seen:
        want_letter(work, work.person, ENTERED)


def check_password(house: House, login: str, password: str, address: str) -> int:
    """Returns the number of the person behind a name (or e-mail) and password.

    Tries are counted by name and by address; the hash is computed outside of any transaction (it takes 30–50 ms). The
    right password of who is shut out is a wrong one.
    """
    most = tries_of(house, f"name:{login.strip().lower()[:80]}", address)
    with house.reading() as work:
        refuse_flood(work.session, most)
        person = person_by_login(work.session, login)
    if _verified(person, password) and person and not house.settings.shuts_out(person.email):
        need_admitted(house, person)
        return person.id
    with house.writing(Visitor(address=address)) as work:
        count_try(work.session, most)
    raise Forbidden(WRONG)


def tries_of(house: House, whose: str, address: str) -> dict[str, int]:
    """Returns what a try to enter is counted by, and how many each may have."""
    limit = house.settings.enter_attempts
    return {whose: limit, f"address:{place(address)}": limit * FROM_ONE_PLACE}


def need_admitted(house: House, person: Person) -> None:
    """Raises Forbidden for who is shut out, and Suspended, with why; asked only of who has proved who they are."""
    if house.settings.shuts_out(person.email):
        raise Forbidden(WRONG)
    if person.suspended_at is not None:
        raise Suspended(f"This account is suspended: {person.suspended_for} Write to the operators of this service.")


def recognise_visit(house: House, secret: str) -> Visitor:
    """Returns who entered with this secret; nobody when it is unknown, or theirs who is shut out."""
    with house.reading() as work:
        visit = visit_by_hash(work.session, hash_secret(secret))
        if visit is None or house.settings.shuts_out(visit.person.email):
            return Visitor()
        visitor, key, seen = Visitor(visit.person_id), visit.secret_hash, visit.last_seen
    if now() - seen > timedelta(hours=1):
        with house.noting() as work:
            if visit := visit_by_hash(work.session, key):
                visit.seen_at = now()
    return visitor


def recognise_token(house: House, secret: str) -> Visitor | None:
    """Returns whose token this is and what it may do, or None."""
    shown = _shown_token(house, secret)
    return shown[0] if shown else None


def _shown_token(house: House, secret: str) -> tuple[Visitor, str] | None:
    """Returns what a token that works may do, and the name of whose it is."""
    if not secret.startswith(TOKEN_PREFIX):
        return None
    with house.reading() as work:
        token = token_by_hash(work.session, hash_secret(secret))
        if token is None or house.settings.shuts_out(token.person.email):
            return None
        fresh = token.used_at is not None and now() - token.used_at < timedelta(minutes=5)
        need_admitted(house, token.person)
        visitor = Visitor(token.person_id, frozenset(token.scopes), proof=proof_of(token.secret_hash))
        key, name = token.secret_hash, token.person.name
    if not fresh:
        with house.writing() as work:
            if token := token_by_hash(work.session, key):
                token.used_at = now()
    return visitor, name


def recognise_basic(house: House, name: str, secret: str, address: str) -> Visitor:
    """Returns who sent these Basic credentials: a token in the password's place, or the password itself."""
    if shown := _shown_token(house, secret):
        visitor, owner = shown
        if owner == name.strip().lower():
            return visitor
        raise Forbidden("That token belongs to somebody else; use your own name with it.")
    number = check_password(house, name, secret, address)
    with house.reading() as work:
        person = person_by_id(work.session, number)
        if person and factor_of(work.session, person):
            raise Unfinished(UNFINISHED)
        return Visitor(number, proof=proof_of(person.password) if person else "")


def need_current(work: Work, visitor: Visitor) -> None:
    """Raises Forbidden when what somebody proved themselves with opens nothing any more.

    So it is for a token that was revoked, a password that was changed, and whoever is suspended, shut out or gone.
    """
    if visitor.person_id is None:
        return
    person = acting_person(work.session, visitor.person_id)
    if person and work.house.settings.shuts_out(person.email):
        person = None
    kept = [token.secret_hash for token in tokens_of(work.session, person)] if person else []
    if person and not factor_of(work.session, person):
        kept.append(person.password)
    if not any(hmac.compare_digest(proof_of(each), visitor.proof) for each in kept):
        raise Forbidden("What you proved yourself with has been revoked or changed since; say again who you are.")


def proof_of(kept: str) -> str:
    """Names a token or a password by what is kept of it; without the service's records nobody can do so."""
    return hashlib.sha256(kept.encode()).hexdigest()[:32]


def leave(house: House, secret: str) -> None:
    """Ends one visit."""
    with house.writing() as work:
        if visit := visit_by_hash(work.session, hash_secret(secret)):
            work.session.delete(visit)


def change_password(house: House, visitor: Visitor, old: str, new: str, address: str) -> None:
    """Sets a new password; ends every visit and what letters lead to. Raises Forbidden when the old one is wrong."""
    with house.reading(visitor) as work:
        name, email = (work.person.name, work.person.email) if work.person else ("", "")
    choose_password(new, name, email)
    check_password(house, name, old, address)
    hashed = HASHER.hash(new)
    with house.writing(visitor) as work:
        assert work.person is not None
        work.person.password = hashed
        for kind in (PASSWORD, MOVE):
            spend_letters(work.session, work.person, kind)
        close_visits(work.session, work.person)
        want_letter(work, work.person, CHANGED)


def _verified(person: Person | None, password: str) -> bool:
    if person is None or not person.password or len(password) > LONGEST:
        HASHER.hash(password[:LONGEST])  # as much work as to verify, so that an unknown name takes as long
        return False
    try:
        return HASHER.verify(person.password, password)
    except VerificationError:
        return False
