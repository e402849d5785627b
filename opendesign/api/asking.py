"""Reads what a request asks: its query and its body, each by its model, within its limits."""

from flask import request
from pydantic import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from opendesign.api.operation import SMALL, Operation
from opendesign.api.problem import refuse
from opendesign.api.shape import Body, Query
from opendesign.api.visit import house
from opendesign.core.errors import Invalid, TooLarge


def asked(operation: Operation) -> dict[str, Body | Query]:
    """Returns `query` and `body` as far as the operation takes them; raises Invalid, TooLarge and HTTP's own."""
    _refuse_nul(request.path, "address")
    found: dict[str, Body | Query] = {}
    if operation.query:
        found["query"] = _query(operation.query)
    elif request.args:
        raise Invalid("This address takes no query.", [{"name": name} for name in request.args])
    if operation.body:
        found["body"] = _body(operation)
    return found


def sent(operation: Operation) -> bytes:
    """Returns the bytes of the body; raises TooLarge past the operation's limit."""
    limit = house().settings.body_bytes if operation.large else SMALL
    request.max_content_length = limit
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        words = f"{limit >> 20} MiB" + (" (limit body_bytes)" if operation.large else "")
        raise TooLarge(f"The body is larger than {words}. Send less, or push with git.") from None


def _query(model: type[Query]) -> Query:
    twice = [{"name": name, "message": "is given twice"} for name, all_ in request.args.lists() if len(all_) > 1]
    if twice:
        raise Invalid("Each field of the query may be given once.", twice)
    for name, value in request.args.items():
        _refuse_nul(value, name)
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as wrong:
        raise refuse(wrong, "query") from None


def _body(operation: Operation) -> Body:
    assert operation.body is not None
    content = sent(operation)
    if not content and operation.bare:
        return operation.body()
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        got = f"not as {request.mimetype[:80]}" if request.mimetype else "and say so"
        raise UnsupportedMediaType(f"Send the body as JSON, {got}: “Content-Type: application/json”.")
    try:
        return operation.body.model_validate_json(content)
    except ValidationError as wrong:
        raise refuse(wrong, "body") from None


def _refuse_nul(text: str, name: str) -> None:
    # PostgreSQL keeps no NUL in texts, and no name or path here can have one.
    if "\0" in text:
        raise Invalid("There is a NUL character in the address.", [{"name": name[:80]}])
