"""Refusals as `application/problem+json` (RFC 9457): one table from our words to HTTP's."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus

from flask import g, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.exceptions import NotFound as NoRoute
from werkzeug.wrappers import Response

from opendesign.core.errors import Invalid, Later, Refusal, Unbuildable

log = logging.getLogger(__name__)
MEDIA = "application/problem+json"
WORDS = {
    400: "unreadable",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method",
    409: "conflict",
    413: "too-large",
    415: "media-type",
    416: "range",
    422: "invalid",
    429: "too-many",
    451: "withheld",
    500: "fault",
    503: "read-only",
    507: "no-room",
}
PHRASES = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of this request",
    "string_type": "must be a text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
}


def problem(error: Exception) -> Response:
    """Returns the answer for anything raised below /api; what nobody foresaw is logged and tells nothing."""
    if isinstance(error, Refusal):
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, Later) else {}
        # What does not build is in the way of a merge or a download: the state conflicts, the request is well formed.
        status = 409 if isinstance(error, Unbuildable) else error.status
        return tell(status, error.message, error.errors, headers)
    if isinstance(error, HTTPException):
        return error.response or _told(error)  # type: ignore[return-value]
    log.exception("%s %s failed", request.method, request.path)
    return tell(500, "Something went wrong here. It has been written down; nothing was changed.")


def tell(
    status: int, detail: str, errors: list[dict] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Returns a problem with this status and sentence."""
    content = {
        "type": f"/api#{WORDS.get(status, 'fault')}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
        "request": g.get("request_id", ""),
    }
    answer = Response(json.dumps(content), status=status, content_type=MEDIA)
    answer.headers.update({"Cache-Control": "no-store", "Vary": "Authorization"} | dict(headers or {}))
    return answer


def _told(error: HTTPException) -> Response:
    status = error.code or 500
    detail = error.description or HTTPStatus(status).phrase
    if isinstance(error, NoRoute):
        detail = f"There is nothing at {request.path[:200]}. /api/v1/openapi.json lists every address."
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or []))
        detail = f"{request.method} is not possible here; {allowed} is."
    answer = tell(status, detail)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers.add(name, value)
    return answer


def refuse(error: ValidationError, place: str) -> Exception:
    """Returns the refusal for what a model did not accept; `place` is “body” or “query”. Raise it."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    if faults[0]["type"] == "json_invalid":
        reason = faults[0]["msg"].removeprefix("Invalid JSON: ")
        return Unreadable(f"The body is not JSON: {reason}. Send one JSON object in UTF-8.")
    errors = [_fault(fault) for fault in faults[:50]]
    said = "; ".join(f"“{each['name']}” {each['message']}" for each in errors[:5])
    more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
    return Invalid(f"The {place} cannot be used: {said}{more}.", list({str(e): e for e in errors}.values()))


class Unreadable(HTTPException):
    """A body that is no JSON."""

    code = 400


def _fault(fault: Mapping) -> dict:
    name = ".".join(str(step)[:80] for step in fault["loc"]) or "body"
    message = PHRASES.get(fault["type"], "")
    if not message:
        said = fault["msg"].removeprefix("Value error, ").rstrip(".")
        message = said[:1].lower() + said[1:]
    return {"name": name, "message": message}
