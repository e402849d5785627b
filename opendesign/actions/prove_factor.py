"""Somebody shows their second factor: a code that counts for half a minute, once, or a recovery code."""

import hmac
import logging

from pyotp import TOTP

from opendesign.actions.count_tries import count_try, refuse_flood, tries
from opendesign.actions.enter import Half, check_password, need_admitted, open_visit, proof_of, tries_of
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.seal import unseal
from opendesign.actions.send_letter import want_letter
from opendesign.core.errors import Conflict, Forbidden, Invalid
from opendesign.core.letter import GUESSED, RECOVERED
from opendesign.core.secret import hash_secret
from opendesign.records.base import now
from opendesign.records.factor import Factor, codes_left, factor_of, spend_code
from opendesign.records.person import Person, person_by_id

log = logging.getLogger(__name__)
SECONDS = 10 * 60  # from a first proof to the second
APART = 1  # steps of half a minute that two clocks may differ by
DIGITS = 6
LONGEST = 64  # characters; no code has as many
WRONG = "That code is not right, or it has been used. A new one comes every half a minute."
OVER = "Begin again: this has taken too long, or something has changed meanwhile."


def prove_factor(
    house: House, half: Half, code: str, address: str, agent: str, language: str = ""
) -> tuple[str, int | None]:
    """Opens a visit for who shows a second proof after the first, and returns its secret.

    Beside it: how many recovery codes are left, where it was one. Raises Forbidden for a wrong
    code, Conflict where it is too late, TooMany, Suspended.
    """
    with house.reading() as work:
        need_fresh(work, half)
    left = check_code(house, half.person_id, code, address)
    with house.writing(Visitor(half.person_id, address=address)) as work:
        return open_visit(work, need_fresh(work, half).id, agent, language), left


def need_fresh(work: Work, half: Half) -> Person:
    """Returns whom a first proof named; raises Conflict where it counts no longer, Suspended."""
    person = person_by_id(work.session, half.person_id)
    fresh = 0 <= now().timestamp() - half.at <= SECONDS
    if person is None or not fresh or not hmac.compare_digest(proof_of(person.password), half.proof):
        raise Conflict(OVER)
    need_admitted(work.house, person)
    return person


def check_code(house: House, person_id: int, code: str, address: str) -> int | None:
    """Uses a code of a person's up; returns how many recovery codes are left, if it was one of those.

    Tries are counted by person and by address. Raises Forbidden for a wrong code and one that was used, TooMany.
    """
    with house.writing(Visitor(address=address)) as work:
        person = person_by_id(work.session, person_id)
        factor = factor_of(work.session, person) if person else None
        if person is None or factor is None:
            raise Conflict(OVER)
        whose = f"code:{person.name}"
        most = tries_of(house, whose, address)
        refuse_flood(work.session, most)
        typed = plain(code)
        if _is_current(house, factor, typed):
            return None
        if spend_code(work.session, person, hash_secret(typed)):
            want_letter(work, person, RECOVERED)
            work.session.flush()
            return codes_left(work.session, person)
        count_try(work.session, most)
        work.session.flush()
        if tries(work.session, whose) >= most[whose]:
            want_letter(work, person, GUESSED)
    raise Forbidden(WRONG)


def plain(code: str) -> str:
    """Returns a code as it was made, however somebody has typed it; empty for what can be none."""
    typed = "".join(code[:LONGEST].split()).replace("-", "").lower()
    return typed if typed.isascii() else ""


def check_again(house: House, visitor: Visitor, password: str, code: str, address: str) -> None:
    """Asks who is in for their password once more, or of who has none for a code, before what is theirs to lose.

    Raises Forbidden, TooMany. Whoever has neither has entered by a provider's word alone, and is not asked.
    """
    with house.reading(visitor) as work:
        person = work.person
        if person is None:
            raise Forbidden("Enter first.")
        factor = factor_of(work.session, person)
    if person.password:
        check_password(house, person.name, password, address)
    elif factor is not None:
        check_code(house, person.id, code, address)


def step_of(secret: str, typed: str) -> int | None:
    """Returns the half minute in which this code is made, of those that two clocks may differ by; None for none."""
    totp = TOTP(secret, digits=DIGITS)
    here = totp.timecode(now())
    steps = range(here - APART, here + APART + 1)
    found = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode())]
    return max(found, default=None)


def _is_current(house: House, factor: Factor, typed: str) -> bool:
    """Tells whether this is a code of now that has not been used, nor one after it; from now on it has."""
    try:
        step = step_of(unseal(house, factor.sealed), typed)
    except Invalid:
        log.error("The service's secret has changed: second factors open nothing, recovery codes do.")
        return False
    if step is None or step <= factor.step:
        return False
    factor.step = step
    return True
