"""Somebody sets up a second factor, makes new recovery codes, or does without again."""

import base64
import secrets
from urllib.parse import urlsplit

from pyotp import TOTP, random_base32

from opendesign.actions.count_tries import count_try, refuse_flood
from opendesign.actions.end_visit import end_others
from opendesign.actions.enter import tries_of
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.prove_factor import WRONG, check_again, plain, step_of
from opendesign.actions.seal import seal, unseal
from opendesign.actions.send_letter import want_letter
from opendesign.core.errors import Conflict, Forbidden
from opendesign.core.letter import BARE, FACTOR
from opendesign.core.secret import hash_secret
from opendesign.records.base import now
from opendesign.records.factor import Factor, factor_of, give_codes
from opendesign.records.person import Person

CODES = 10
BYTES = 15  # of a recovery code: 120 bits, which need no slow hash
TWICE = "You have a second factor already. Take it away first."


def begin_factor(house: House, visitor: Visitor, password: str, address: str) -> str:
    """Returns what is to make somebody's codes, sealed; it counts once they have shown the first of them.

    Raises Forbidden for a wrong password, Conflict for who has a factor, TooMany.
    """
    with house.reading(visitor) as work:
        if work.person and factor_of(work.session, work.person):
            raise Conflict(TWICE)
    check_again(house, visitor, password, "", address)
    return seal(house, random_base32())


def show_factor(house: House, name: str, sealed: str) -> tuple[str, str]:
    """Returns what a program that makes codes is told: as text to be typed, and as an address to be scanned."""
    secret = unseal(house, sealed)
    host = urlsplit(house.settings.address).hostname
    return secret, TOTP(secret).provisioning_uri(name=name, issuer_name=f"OpenDesign {host}")


def set_factor(house: House, visitor: Visitor, sealed: str, code: str, visit: str, address: str) -> list[str]:
    """Keeps a second factor whose first code is shown, and sends every other browser out; returns recovery codes.

    `visit` is the secret of the browser that stays. Raises Forbidden for a wrong code, Conflict, TooMany.
    """
    step = step_of(unseal(house, sealed), plain(code))
    with house.writing(visitor) as work:
        person = _acting(work)
        most = tries_of(house, f"code:{person.name}", address)
        refuse_flood(work.session, most)
        if factor_of(work.session, person):
            raise Conflict(TWICE)
        if step is not None:
            work.session.add(Factor(person_id=person.id, sealed=sealed, step=step))
            end_others(work, visit)
            want_letter(work, person, FACTOR)
            return _new_codes(work, person)
        count_try(work.session, most)
    raise Forbidden(WRONG)


def renew_codes(house: House, visitor: Visitor, password: str, code: str, address: str) -> list[str]:
    """Makes new recovery codes in place of those there were, and returns them; raises what `check_again` raises."""
    check_again(house, visitor, password, code, address)
    with house.writing(visitor) as work:
        person = _acting(work)
        factor = factor_of(work.session, person)
        if factor is None:
            raise Conflict("You have no second factor; set one up first.")
        factor.codes_at = now()
        return _new_codes(work, person)


def drop_factor(house: House, visitor: Visitor, password: str, code: str, address: str) -> None:
    """Does without a second factor again; raises what `check_again` raises."""
    check_again(house, visitor, password, code, address)
    with house.writing(visitor) as work:
        take_factor(work, _acting(work))


def take_factor(work: Work, person: Person) -> bool:
    """Takes a person's second factor and recovery codes away, of which they are told; False where there is none."""
    factor = factor_of(work.session, person)
    if factor is None:
        return False
    work.session.delete(factor)
    give_codes(work.session, person, [])
    want_letter(work, person, BARE)
    return True


def _acting(work: Work) -> Person:
    if work.person is None:
        raise Forbidden("Enter first.")
    return work.person


def _new_codes(work: Work, person: Person) -> list[str]:
    codes = [base64.b32encode(secrets.token_bytes(BYTES)).decode().lower() for _ in range(CODES)]
    give_codes(work.session, person, map(hash_secret, codes))
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]
