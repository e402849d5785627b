"""One request of a visitor: who asks, the work it opens, and what every page is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

from flask import abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from opendesign.actions.enter import recognise_visit
from opendesign.actions.house import NOBODY, House, Visitor, Work
from opendesign.actions.pace import pace
from opendesign.core.log import request_name
from opendesign.records.design import Design, design_by_path

SECRET = "visit"


def house() -> House:
    """Returns the house of the running application."""
    return cast(House, current_app.extensions["house"])


def visitor() -> Visitor:
    """Returns who asks, found once per request from the signed cookie."""
    if "visitor" not in g:
        secret = session.get(SECRET)
        known = recognise_visit(house(), secret) if secret else NOBODY
        g.visitor = replace(known, address=request.remote_addr or "", request=request_id())
    return g.visitor


def request_id() -> str:
    """Returns the name of this request: the caller's own where it is well formed, else a new one."""
    if "request_id" not in g:
        g.request_id = request_name(request.headers.get("X-Request-Id"))
    return cast(str, g.request_id)


def need_operator() -> None:
    """Raises NotFound unless the visitor may run the service; no browser keeps what those who may are shown."""
    g.hidden = True
    looking().need_operator()


def looking() -> Work:
    """Returns the request's reading work, opened on first use and closed when the request ends."""
    if "work" not in g:
        g.work_context = house().reading(visitor())
        g.work = g.work_context.__enter__()
    return g.work


def stop_looking(_error: BaseException | None = None) -> None:
    """Closes the request's reading work."""
    context = g.pop("work_context", None)
    g.pop("work", None)
    if context is not None:
        context.__exit__(None, None, None)


@contextmanager
def writing() -> Iterator[Work]:
    """Opens writing work as the visitor; the reading work is closed first, so that pages see what was written."""
    stop_looking()
    with house().writing(visitor()) as work:
        yield work


def find_design(work: Work, owner: str, name: str, verb: str = "see") -> Design:
    """Returns a design through what the visitor may do with it; NotFound or Forbidden otherwise.

    No browser keeps a page on which one is that not everybody sees.
    """
    design = work.need(verb, design_by_path(work.session, owner, name))
    g.hidden = g.get("hidden") or design.visibility != "public"
    return design


def entered() -> None:
    """Sends strangers to the entrance and back here afterwards; what others see is theirs, and no browser keeps it."""
    g.hidden = True
    if looking().person is None:
        target = request.full_path.rstrip("?") if request.method == "GET" else request.referrer or "/"
        abort(cast(Response, redirect(url_for("people.enter", next=target))))


def public_url() -> str:
    """Returns the address people reach the service under, without a slash at the end."""
    return (house().settings.public_url or request.host_url).rstrip("/")


def brake(weight: int = 1) -> None:
    """Counts one wish for something new by whoever asks; raises TooMany when there were too many in a minute."""
    pace(house(), visitor(), weight)
