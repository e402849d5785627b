"""Letters: a new password, the sign that an e-mail address is one's own, and how often notices come by mail."""

from typing import Literal

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.mail_notices import choose_letters
from opendesign.actions.prove_address import ask_move, ask_proof, prove_address
from opendesign.actions.reset_password import ask_reset, reset_password
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import Body, Shown, example
from opendesign.api.visit import address, house, visitor
from opendesign.core.errors import Forbidden
from opendesign.core.names import LONGEST_PASSWORD, SHORTEST_PASSWORD
from opendesign.records.person import Person

SECRET = "wVvHqUPzAV8gJLtGNTJZTnLvAG1kyYWuHDpQyJ7zbmI"
OLD = "The link has been used or is too old."


class Forgotten(Body):
    """Whose password it is."""

    model_config = Body.model_config | example({"name": "ada"})
    name: str = Field(description="A name or an e-mail address.")


class NewPassword(Body):
    """A new password, and what shows that it may be set."""

    model_config = Body.model_config | example({"secret": SECRET, "password": "difference-engine"})
    secret: str = Field(description="The last part of the link in the letter.")
    password: str = Field(description=f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")


class Proof(Body):
    """What shows that an address is one's own."""

    model_config = Body.model_config | example({"secret": SECRET})
    secret: str = Field(description="The last part of the link in the letter.")


class Often(Body):
    """How often letters about notices are to come."""

    model_config = Body.model_config | example({"often": "daily"})
    often: Literal["never", "once", "daily"] = Field(description="once: at once, one letter for each notice.")


class OftenShown(Shown):
    """How often letters about notices come, and whether they can."""

    model_config = example({"often": "daily", "confirmed": True})
    often: str = Field(description="never, once or daily.")
    confirmed: bool = Field(description="Letters go to a confirmed e-mail address only.")


class Move(Body):
    """A new e-mail address."""

    model_config = Body.model_config | example({"email": "ada@example.com", "password": "difference-engine"})
    email: str
    password: str = Field(description="The one you have now.")


def _ask_reset(body: Forgotten) -> None:
    ask_reset(house(), body.name, address())


def _reset(body: NewPassword) -> None:
    reset_password(house(), body.secret, body.password)


def _ask_move(body: Move) -> None:
    if visitor().person_id is not None:
        ask_move(house(), visitor(), body.email, body.password, address())


@operation("POST", "/password-resets", {204: None}, body=Forgotten, before=_ask_reset)
def ask_for_reset(work: Work, body: Forgotten) -> Answer:
    """Has a link to choose a new password sent to whoever this is.

    The answer is the same if it is nobody.
    """
    return Answer(None, 204)


@operation("POST", "/password-resets/uses", {204: None}, body=NewPassword, before=_reset, refusals={404: OLD})
def use_reset(work: Work, body: NewPassword) -> Answer:
    """Sets a new password, once, and ends every visit in every browser."""
    return Answer(None, 204)


@operation("POST", "/address-proofs", {204: None}, scope="write")
def ask_for_proof(work: Work) -> Answer:
    """Has the link that confirms your e-mail address sent again."""
    ask_proof(work)
    return Answer(None, 204)


@operation("POST", "/address-proofs/uses", {204: None}, body=Proof, refusals={404: OLD})
def use_proof(work: Work, body: Proof) -> Answer:
    """Confirms the e-mail address that a letter came to; if it was a new one, it is yours from now on."""
    prove_address(work, body.secret)
    return Answer(None, 204)


@operation("POST", "/address-moves", {204: None}, body=Move, scope="admin", before=_ask_move)
def ask_for_move(work: Work, body: Move) -> Answer:
    """Has a link sent to a new e-mail address of yours.

    The old one stays until the link is used; a letter there says that you asked.
    """
    return Answer(None, 204)


@operation("GET", "/notices/letters", OftenShown, scope="read")
def show_often(work: Work) -> Answer:
    """Shows how often letters about notices come to you."""
    return Answer(_often(work.person))


@operation("PUT", "/notices/letters", OftenShown, scope="write", body=Often)
def choose_often(work: Work, body: Often) -> Answer:
    """Says how often letters about notices come to you.

    What you were told before you chose letters is never sent.
    """
    choose_letters(work, body.often)
    return Answer(_often(work.person))


def _often(person: Person | None) -> OftenShown:
    if person is None:
        raise Forbidden("This needs to know who asks.")
    return OftenShown(often=person.letters, confirmed=person.proven_at is not None)
