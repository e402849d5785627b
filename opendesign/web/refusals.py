"""What a visitor is told when a request is refused: what was wrong, where, and the next step."""

import logging

from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from htmx_flask import request
from werkzeug.exceptions import HTTPException, InternalServerError

from opendesign.core.errors import Forbidden, Later, Refusal
from opendesign.web.visit import looking, request_id

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Tells the application how refusals look."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(HTTPException, failed)


def refused(refusal: Refusal) -> Response:
    """Answers a refusal; strangers who may not are sent to the entrance first."""
    if isinstance(refusal, Forbidden) and request.endpoint != "people.enter" and looking().person is None:
        return entrance()
    response = page(refusal.status, refusal.message, refusal.errors)
    if isinstance(refusal, Later):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def entrance() -> Response:
    """Sends a stranger to /enter and back to where they were."""
    here = request.full_path if request.method == "GET" else request.referrer or "/"
    target = url_for("people.enter", next=here.rstrip("?"))
    if request.htmx:
        return make_response("", 204, {"HX-Redirect": target})
    return make_response(redirect(target, 303))


def expired(error: CSRFError) -> Response:
    """Answers a form that carries no valid sign of having come from here."""
    return page(400, _("This form has expired. Go back, reload the page and send it again."))


def failed(error: HTTPException) -> Response:
    """Answers what Flask itself refuses, and faults of ours."""
    if error.code and error.code < 400:
        return make_response(error.get_response())
    if isinstance(error, InternalServerError):
        g.broken = True
        return page(500, _("This is a fault of ours; it has been written to the log. Nothing was changed."))
    sentences = {
        404: _("There is no page at this address."),
        405: _("This address does not take that kind of request."),
        413: _("What was sent is larger than this page takes."),
    }
    return page(error.code or 500, sentences.get(error.code or 500, error.description or error.name))


def page(status: int, detail: str, errors: list[dict] | None = None) -> Response:
    """Returns the error page, as a fragment or as JSON where that was asked for."""
    if request.accept_mimetypes.best in ("application/json", "application/problem+json"):
        body = {"title": title(status), "status": status, "detail": detail, "errors": errors or []}
        body["request"] = request_id()
        return _typed(body, status)
    places = [
        {"where": _where(each), "detail": each.get("message") or each.get("detail") or ""} for each in errors or []
    ]
    name = "_refusal.html" if request.htmx else "error.html"
    shown = [place for place in places if place["detail"]]
    words = {
        "status": status,
        "title": title(status),
        "detail": detail,
        "errors": shown,
        "next_step": next_step(status),
        "request_id": request_id() if status >= 500 and status != 507 else "",
    }
    return make_response(render_template(name, **words), status)


def title(status: int) -> str:
    """Returns the heading for a status."""
    return {
        400: _("This could not be understood"),
        403: _("You may not do that"),
        404: _("Nothing here"),
        405: _("Not possible here"),
        409: _("It has changed meanwhile"),
        413: _("Too large"),
        422: _("That does not work yet"),
        429: _("Too many tries"),
        451: _("Taken down"),
        503: _("Read-only for now"),
        507: _("No room left"),
    }.get(status, _("Something broke"))


def next_step(status: int) -> tuple[str, str] | None:
    """Returns (address, words) of what to do next, where there is something."""
    if status in (400, 409, 413, 422, 507) and request.referrer:
        return request.referrer, _("Go back")
    if status == 403 and request.path.startswith("/admin"):
        return "/settings/factor", _("Set it up")
    parts = request.path.strip("/").split("/")
    if len(parts) > 2 and request.blueprint:
        return "/" + "/".join(parts[:2]), _("To the design")
    return None


def _where(place: dict) -> str:
    if place.get("path") and place.get("line"):
        return f"{place['path']}:{place['line']}"
    return str(place.get("name") or place.get("path") or "")


def _typed(body: dict, status: int) -> Response:
    response = make_response(jsonify(body), status)
    response.mimetype = "application/problem+json"
    return response
