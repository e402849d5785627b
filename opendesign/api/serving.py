"""Serves an operation: who asks, may they, what do they ask, one transaction, one answer."""

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import cast

from flask import g, request
from pydantic import BaseModel
from werkzeug.wrappers import Response

from opendesign.actions.house import Work
from opendesign.api import receipts
from opendesign.api.asking import asked, sent
from opendesign.api.operation import Answer, Operation
from opendesign.api.paging import Listed
from opendesign.api.shape import Page
from opendesign.api.visit import ENTER, find_design, house, need_scope, unauthorized, visitor
from opendesign.core.errors import Conflict, Forbidden
from opendesign.records.design import Design

JSON = "application/json"
READ_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}


def serve(operation: Operation) -> Callable[..., Response]:
    """Returns the view function of an operation."""
    answer = _write if operation.writes else _read

    def view(**places: object) -> Response:
        try:
            return answer(operation, places)
        except Forbidden as refusal:
            if operation.known and visitor().person_id is None:
                raise unauthorized(f"{refusal.message} {ENTER}".replace(f"{ENTER} {ENTER}", ENTER)) from None
            raise

    view.__name__ = operation.name.replace(".", "_")
    return view


def _read(operation: Operation, places: dict) -> Response:
    if operation.before is None:
        with house().reading(visitor()) as work:
            places = _admit(operation, work, places)
            told = asked(operation)
            return _shown(operation, operation.run(work, **places, **told), told.get("query"))
    if operation.guarded:
        with house().reading(visitor()) as work:
            _admit(operation, work, places)
    told = asked(operation)
    operation.before(**places, **told)
    with house().reading(visitor()) as work:
        return _shown(operation, operation.run(work, **_admit(operation, work, places), **told), told.get("query"))


def _write(operation: Operation, places: dict) -> Response:
    # Whoever may not do it never gets to wait for the writer's lock; known people's wishes for builds hold it for 2 ms.
    if operation.verb != "build" or visitor().person_id is None:
        with house().reading(visitor()) as work:
            _admit(operation, work, places)
    key, body, told = receipts.key_of(), sent(operation), asked(operation)
    if operation.before:
        operation.before(**places, **told)
    with _writing(operation) as work:
        receipt = receipts.earlier(work, key, body) if key else None
        if receipt is not None:
            if operation.secret:
                raise Conflict(receipts.MADE_ONCE)
            return _told(receipt.status, receipt.body, replayed=True)
        answer = operation.run(work, **_admit(operation, work, places), **told)
        kept = _kept(answer)
        if key:
            hidden = {"location": "", "content": None} if operation.secret else kept
            receipts.keep(work, key, body, answer.by, answer.status, hidden)
    if operation.after:
        operation.after(**places, **told)
    if operation.until:
        answer = operation.until(answer, told["query"])
        kept = _kept(answer)
    return _told(answer.status, kept)


def _writing(operation: Operation) -> AbstractContextManager[Work]:
    """Opens the work of a write; a build that is only wanted can be wanted again, so nobody waits for the disk."""
    return house().noting(visitor()) if operation.verb == "build" else house().writing(visitor())


def _admit(operation: Operation, work: Work, places: dict) -> dict:
    """Returns the arguments of the operation, the design among them, if the visitor may do this at all."""
    g.hidden = g.get("hidden") or operation.operator or bool(operation.scope)
    if operation.operator:
        work.need_operator()
    if operation.scope:
        need_scope(work, operation.scope)
    if not operation.verb:
        return places
    rest = {name: value for name, value in places.items() if name not in ("owner", "name")}
    design: Design = find_design(work, places["owner"], places["name"], operation.verb)
    return {"design": design} | rest


def _kept(answer: Answer) -> dict:
    return {"location": answer.location, "content": _plain(answer.content)}


def _told(status: int, kept: dict, replayed: bool = False) -> Response:
    """Returns the answer of a write."""
    body = b"" if status == 204 else json.dumps(kept["content"]).encode()
    answer = Response(body, status=status, headers={"Cache-Control": "no-store"})
    if status == 204:
        del answer.headers["Content-Type"]
    else:
        answer.content_type = JSON
    if kept["location"]:
        answer.headers["Location"] = kept["location"]
    if replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _shown(operation: Operation, answer: Answer, query: object) -> Response:
    """Returns the answer of a read, with what caches and pages need."""
    if isinstance(answer.content, Response):
        return answer.content
    body = json.dumps(_plain(answer.content)).encode()
    shown = Response(body, status=answer.status, content_type=JSON, headers=READ_HEADERS)
    if operation.paged and answer.total is not None:
        shown.headers.update(Listed(cast(Page, query), answer.total).headers())
    shown.set_etag(hashlib.sha256(body + shown.headers.get("Link", "").encode()).hexdigest()[:32])
    return cast(Response, shown.make_conditional(request))


def _plain(content: object) -> object:
    if isinstance(content, BaseModel):
        return content.model_dump(mode="json")
    if isinstance(content, Sequence):
        return [_plain(each) for each in content]
    return content
