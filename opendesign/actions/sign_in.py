"""Somebody signs in on the word of a provider elsewhere: one that knows them, or as somebody new."""

import logging
from collections.abc import Mapping

from opendesign.actions.count_tries import FROM_ONE_PLACE, count_try, refuse_flood
from opendesign.actions.enter import Half, admit, need_admitted
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.join import ask_for_proof, make_person, need_open, need_place, need_unused
from opendesign.actions.pause import need_running
from opendesign.actions.send_letter import want_letter
from opendesign.core.asker import place
from opendesign.core.errors import Conflict, Forbidden, Invalid, NotFound, Paused
from opendesign.core.letter import LINKED
from opendesign.core.names import check_email
from opendesign.oidc.provider import Claim, Provider, Question, Silent, Unproven
from opendesign.records.address import prove
from opendesign.records.factor import factor_of
from opendesign.records.identity import Identity, identities_of, identity_at
from opendesign.records.person import Person, person_by_login

log = logging.getLogger(__name__)
BACK = "/enter/provider/answer"


def need_provider(house: House) -> Provider:
    """Returns the provider people may sign in with; raises NotFound where there is none."""
    if house.provider is None:
        raise NotFound("There is no page at this address.")
    return house.provider


def ask_provider(house: House, address: str) -> tuple[str, Question]:
    """Returns where to send a browser, and what it must come back with; raises Paused, TooMany."""
    provider, question = need_provider(house), Question()
    _refuse_flood(house, address)
    try:
        return provider.way(question, house.settings.address + BACK), question
    except Silent as reason:
        raise _silent(provider, reason) from None


def hear_provider(house: House, question: Question, answer: Mapping[str, str], address: str) -> Claim:
    """Returns whom the provider says somebody is; raises Forbidden where that is not proved, Paused, TooMany."""
    provider = need_provider(house)
    _refuse_flood(house, address)
    try:
        return provider.claim(question, answer, house.settings.address + BACK)
    except Silent as reason:
        raise _silent(provider, reason) from None
    except Unproven as reason:
        log.warning("A sign-in was refused: %s", reason)
        with house.writing(Visitor(address=address)) as work:
            count_try(work.session, [f"address:{place(address)}"])
        raise Forbidden(f"{provider.name} did not prove who you are. Try again, or enter with a password.") from None


def let_in(house: House, claim: Claim, address: str, agent: str, language: str = "") -> str | Half | None:
    """Opens a visit for whom the provider means and returns its secret, or what is half done; None for somebody new.

    Raises Forbidden for the suspended and where nobody may join, Conflict where an address alone must not open an
    account.
    """
    with house.reading() as work:
        person = _meant(work, claim)
        linked = identity_at(work.session, claim.issuer, claim.subject) is not None
    if person is None:
        need_open(house)
        return None
    need_admitted(house, person)
    if not linked:
        need_running(house)
    with house.writing(Visitor(person.id, address=address)) as work:
        if work.person and identity_at(work.session, claim.issuer, claim.subject) is None:
            _keep(work, person.id, claim)
            want_letter(work, work.person, LINKED)
        return admit(work, agent, language)


def join_with(work: Work, claim: Claim, name: str, email: str, full_name: str = "") -> Person:
    """Makes a person whom the provider vouches for, without a password; raises what `join` raises.

    The address counts as theirs if it is the one that the provider has verified; else they are written to.
    """
    need_place(work)
    if identity_at(work.session, claim.issuer, claim.subject):
        raise Conflict("You have an account already; sign in again.")
    need_unused(work, name)
    person = make_person(work, name, email, "", full_name)
    _keep(work, person.id, claim)
    if person.email == verified_address(claim):
        prove(work.session, person, person.email)
    else:
        ask_for_proof(work, person)
    return person


def link(work: Work, claim: Claim) -> None:
    """Lets the provider's word open the acting person's account; raises Conflict where it opens another's."""
    if work.person is None:
        raise Forbidden("Enter first.")
    known = identity_at(work.session, claim.issuer, claim.subject)
    if known is not None and known.person_id != work.person.id:
        raise Conflict("That account is linked with somebody else here. Unlink it there first.")
    if known is None:
        _keep(work, work.person.id, claim)
        want_letter(work, work.person, LINKED)


def unlink(work: Work, key: int) -> None:
    """Ends that a provider's word opens the acting person's account; raises NotFound, Conflict if nothing else does."""
    if work.person is None:
        raise Forbidden("Enter first.")
    own = identities_of(work.session, work.person)
    found = next((each for each in own if each.id == key), None)
    if found is None:
        raise NotFound("You have no such link.")
    if len(own) == 1 and not work.person.password:
        raise Conflict("Nothing else would let you in. Choose a password first: “Forgot your password?” sends a link.")
    work.session.delete(found)


def verified_address(claim: Claim) -> str:
    """Returns the address that the provider has verified, as it would be kept here; empty for none."""
    try:
        return check_email(claim.email) if claim.verified else ""
    except Invalid:
        return ""


def _meant(work: Work, claim: Claim) -> Person | None:
    """Returns the person a claim is about: the one linked, or whose confirmed address the provider has verified.

    An address that one side has not verified proves nothing, since anybody may have typed it, nor does one in other
    capitals. No address opens an operator's account, one with a second factor, or one that this provider knows under
    another name: addresses are given to others.
    """
    if known := identity_at(work.session, claim.issuer, claim.subject):
        return known.person
    address = verified_address(claim)
    person = person_by_login(work.session, address) if address else None
    if person is None:
        return None
    others = [each for each in identities_of(work.session, person) if each.issuer == claim.issuer]
    guarded = person.admin or factor_of(work.session, person) is not None
    if person.email != address or person.proven_at is None or guarded or others:
        message = "An account here has your e-mail address. Enter with its password, then link the two in the settings."
        raise Conflict(message)
    return person


def _keep(work: Work, person_id: int, claim: Claim) -> None:
    label = (claim.email or claim.name)[:254]
    work.session.add(Identity(person_id=person_id, issuer=claim.issuer, subject=claim.subject, label=label))
    work.session.flush()


def _silent(provider: Provider, reason: Silent) -> Paused:
    log.warning("A sign-in waits: %s", reason)
    return Paused(f"{provider.name} does not answer. Try again in a minute, or enter with a password.", 60)


def _refuse_flood(house: House, address: str) -> None:
    with house.reading() as work:
        refuse_flood(work.session, {f"address:{place(address)}": house.settings.enter_attempts * FROM_ONE_PLACE})
