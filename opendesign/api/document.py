"""The OpenAPI 3.1 document, written from the same table that serves."""

from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from opendesign import __version__
from opendesign.api.operation import OPERATIONS, Operation
from opendesign.api.problem import MEDIA as PROBLEM
from opendesign.api.shape import Problem

JSON = "application/json"
REF = "#/components/schemas/{model}"
PLACES: Mapping[str, tuple[str, dict]] = {
    "owner": ("The owner of the design.", {"type": "string"}),
    "name": ("The design's name.", {"type": "string"}),
    "relative_owner": ("The owner of another design of the family.", {"type": "string"}),
    "relative_name": ("The name of another design of the family.", {"type": "string"}),
    "person": ("A person's name.", {"type": "string"}),
    "token": ("The token's id.", {"type": "integer", "minimum": 1, "maximum": 2147483647}),
    "number": ("The proposal's number.", {"type": "integer", "minimum": 1, "maximum": 2147483647}),
    "challenge": ("The challenge's number.", {"type": "integer", "minimum": 1, "maximum": 2147483647}),
    "made": ("The number of what was made.", {"type": "integer", "minimum": 1, "maximum": 2147483647}),
    "photo": ("The photo's name.", {"type": "string"}),
    "comment": ("The comment's id.", {"type": "integer", "minimum": 1, "maximum": 2147483647}),
    "adoption": ("The adoption's id.", {"type": "integer", "minimum": 1, "maximum": 2147483647}),
    "arrival": ("The import's id.", {"type": "integer", "minimum": 1, "maximum": 2147483647}),
    "report": ("The report's id.", {"type": "integer", "minimum": 1, "maximum": 2147483647}),
    "job": ("The failed job's id.", {"type": "integer", "minimum": 1, "maximum": 2147483647}),
    "key": ("The key of a build or comparison.", {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
    "branch": ("A branch; slashes in its name are written as they are.", {"type": "string"}),
    "tag": ("A tag; slashes in its name are written as they are.", {"type": "string"}),
    "ref": ("A branch, tag or commit; slashes are written as they are.", {"type": "string"}),
    "sha": ("A commit, a branch or a tag.", {"type": "string"}),
    "path": ("A path in the design; slashes are written as they are.", {"type": "string"}),
    "preset": ("The preset's name.", {"type": "string"}),
    "range": ("Two revisions with three dots between them.", {"type": "string", "examples": ["main...bia:main"]}),
}
FILES = {"type": "string", "description": "The file's name: its format."}
REFUSALS = {
    400: "The body is not JSON.",
    401: "Nobody known asks, and that is needed; or the credentials do not hold.",
    403: "You may see it and may not do that, or the token lacks the scope.",
    404: "There is no such thing here, or it is not open to you.",
    409: "It has moved or exists already, or the Idempotency-Key was used for another request.",
    413: "Larger than the limit, which is named.",
    415: "The body is not sent as JSON.",
    422: "A field is missing, unknown or wrong; `errors` names each.",
    429: "Too often; Retry-After says how many seconds to wait.",
    451: "The design was taken down by the operators; the sentence says why.",
    503: "The service is read-only for now; Retry-After says when to try again.",
    507: "The quota of the owner is used up; it is named.",
}
HEADERS = {
    "Link": {"description": "first, prev, next and last page (RFC 8288).", "schema": {"type": "string"}},
    "X-Total-Count": {"description": "How many entries all pages have.", "schema": {"type": "integer"}},
    "ETag": {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}},
    "Location": {"description": "The address of what was made.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to say who asks.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}},
}
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "The same key with the same request is answered again, not done again; kept for two days.",
}
ABOUT = (
    "Every refusal is `application/problem+json` with a sentence that says what was wrong, where and what to do. "
    "Lengths are mm, volumes mm³. Times are UTC. Fields may be added to answers; requests take no unknown ones."
)


@cache
def document() -> dict[str, Any]:
    """Returns the document of every operation."""
    schemas, refs = _schemas()
    paths: dict[str, dict] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "OpenDesign",
            "version": __version__,
            "description": ABOUT,
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/api/v1"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(operation.tag for operation in OPERATIONS)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token from POST /tokens."},
                "password": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "A name with a token, or with the password of who has no second factor.",
                },
            },
        },
    }


def statuses(operation: Operation) -> dict[int, str]:
    """Returns every status of refusal an operation may answer, with what it means there."""
    found = {401, 422, 429}
    if operation.known:
        found |= {403}
    if operation.verb or "{" in operation.path:
        found |= {404}
    if operation.verb:
        found |= {413, 451}
    if operation.operator:
        found |= {404}
    if operation.writes:
        found |= {409, 413, 503, 507}
    if operation.body:
        found |= {400, 415}
    return {status: REFUSALS[status] for status in sorted(found)} | dict(operation.refusals)


def _described(operation: Operation, refs: Mapping) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "operationId": operation.name.replace(".", "_"),
        "tags": [operation.tag],
        "summary": operation.summary.rstrip("."),
        "parameters": [*_places(operation), *_query(operation)],
        "responses": _responses(operation, refs),
        "security": _security(operation),
    }
    if operation.text:
        shown["description"] = operation.text
    if operation.writes:
        shown["parameters"].append(IDEMPOTENCY)
    if operation.body:
        shown["requestBody"] = {
            "required": not operation.bare,
            "content": {JSON: {"schema": refs[operation.body, "validation"]}},
        }
    return shown


def _places(operation: Operation) -> list[dict]:
    names = [step[1:-1] for step in operation.path.split("/") if step.startswith("{")]
    found = []
    for name in names:
        text, schema = PLACES[name]
        if name == "name" and operation.media and not operation.verb:
            text, schema = FILES["description"], {"type": "string", "examples": ["step"]}
        found.append({"name": name, "in": "path", "required": True, "description": text, "schema": schema})
    return found


def _query(operation: Operation) -> list[dict]:
    if operation.query is None:
        return []
    found = []
    for name, schema in operation.query.model_json_schema()["properties"].items():
        schema = {key: value for key, value in schema.items() if key != "title"}
        text = schema.pop("description", "")
        found.append({"name": name, "in": "query", "required": False, "description": text, "schema": schema})
    return found


def _security(operation: Operation) -> list[dict]:
    needed = (
        operation.scope
        or ("admin" if operation.operator else "")
        or {"settings": "admin", "delete": "admin", "invite": "admin"}.get(operation.verb, "write")
    )
    if operation.known:
        return [{"token": [needed]}, {"password": []}]
    return [{}, {"token": ["read"]}, {"password": []}]


def _responses(operation: Operation, refs: Mapping) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, shape in operation.answers.items():
        names = ["Location"] if status == 201 else []
        if not operation.writes:
            names = ["ETag", *(["Link", "X-Total-Count"] if operation.paged else [])]
        found[str(status)] = _answer(HTTPStatus(status).phrase, names)
        if operation.media:
            found[str(status)]["content"] = {media: {} for media in operation.media}
        elif shape is not None:
            found[str(status)]["content"] = {JSON: {"schema": _schema(shape, refs)}}
    if not operation.writes:
        found["304"] = {"description": "Not changed since the ETag that was sent."}
    for status, text in statuses(operation).items():
        extra = {401: ["WWW-Authenticate"], 429: ["Retry-After"], 503: ["Retry-After"]}.get(status, [])
        found[str(status)] = _answer(text, extra)
        found[str(status)]["content"] = {PROBLEM: {"schema": refs[Problem, "serialization"]}}
    return found


def _answer(text: str, headers: Sequence[str]) -> dict[str, Any]:
    shown: dict[str, Any] = {"description": text}
    return shown | ({"headers": {name: HEADERS[name] for name in headers}} if headers else {})


def _schema(shape: Any, refs: Mapping) -> dict:
    if get_origin(shape) is list:
        return {"type": "array", "items": refs[get_args(shape)[0], "serialization"]}
    return refs[shape, "serialization"]


def _schemas() -> tuple[dict, Mapping]:
    """Returns the schemas by name, and the reference of each model and mode."""
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
    for operation in OPERATIONS:
        if operation.body:
            wanted[operation.body, "validation"] = None
        for shape in operation.answers.values():
            model = get_args(shape)[0] if get_origin(shape) is list else shape
            if model is not None:
                wanted[model, "serialization"] = None
    refs, definitions = models_json_schema(list(wanted), ref_template=REF)
    return definitions["$defs"], refs
