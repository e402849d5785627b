"""One request of a program: who asks, by token or password, and where the service is reached."""

from dataclasses import replace
from typing import cast

from flask import current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from opendesign.actions.enter import recognise_basic, recognise_token
from opendesign.actions.house import NOBODY, House, Visitor, Work
from opendesign.actions.pace import pace
from opendesign.core.access import has_scope
from opendesign.core.errors import Forbidden, NotFound
from opendesign.records.design import Design, design_by_path

CHALLENGE = [WWWAuthenticate("bearer", {"realm": "OpenDesign"}), WWWAuthenticate("basic", {"realm": "OpenDesign"})]
ENTER = "Send “Authorization: Bearer <token>”, or a name and password as Basic credentials."


def house() -> House:
    """Returns the house of the running application."""
    return cast(House, current_app.extensions["house"])


def visitor() -> Visitor:
    """Returns who asks, by the Authorization header alone: the cookie of the pages is never looked at.

    Raises Unauthorized for credentials that do not hold, also where none are needed.
    """
    if "api_visitor" not in g:
        g.api_visitor = replace(_recognised(), address=address(), request=g.get("request_id", ""))
    return cast(Visitor, g.api_visitor)


def _recognised() -> Visitor:
    if "Authorization" not in request.headers:
        return NOBODY
    sent = request.authorization
    if sent is not None and sent.type == "bearer" and sent.token:
        try:
            found = recognise_token(house(), sent.token)
        except Forbidden as wrong:
            raise unauthorized(wrong.message) from wrong
        if found is None:
            raise unauthorized("This token is not known here, or was revoked. Make a new one.")
        return found
    name, password = (sent.username, sent.password) if sent is not None else (None, None)
    if not name or not password or not name.isprintable() or "\0" in password:
        raise unauthorized(f"The Authorization header cannot be read. {ENTER}")
    try:
        return recognise_basic(house(), name, password, address())
    except Forbidden as wrong:
        raise unauthorized(wrong.message) from wrong


def unauthorized(message: str) -> Unauthorized:
    """Returns the refusal of somebody unknown; raise it."""
    return Unauthorized(message, www_authenticate=CHALLENGE)


def address() -> str:
    """Returns the network address the request came from."""
    return request.remote_addr or ""


def find_design(work: Work, owner: str, name: str, verb: str = "see") -> Design:
    """Returns a design through what the visitor may do with it; NotFound or Forbidden otherwise.

    A design that is hidden and one that does not exist are answered with the same words.
    """
    try:
        design = work.need(verb, design_by_path(work.session, owner, name))
    except NotFound:
        raise NotFound(f"There is no design “{owner}/{name}” here, or it is not open to you.") from None
    g.hidden = g.get("hidden") or design.visibility != "public"
    return design


def need_scope(work: Work, scope: str) -> None:
    """Raises Forbidden unless somebody known asks, with a token (if any) that has the scope."""
    if work.actor is None:
        raise Forbidden(f"This needs to know who asks. {ENTER}")
    if not has_scope(work.actor, scope):
        raise Forbidden(f"This token may not do that: it lacks the scope “{scope}”.")


def public_url() -> str:
    """Returns the address people reach the service under, without a slash at the end."""
    return (house().settings.public_url or request.host_url).rstrip("/")


def brake(weight: int = 1) -> None:
    """Counts one wish for something new by whoever asks; raises TooMany when there were too many in a minute."""
    pace(house(), visitor(), weight)
