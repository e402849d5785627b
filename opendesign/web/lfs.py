"""Git LFS over HTTP: which files a client is to send or may have, and the files themselves.

As its specification has it: https://github.com/git-lfs/git-lfs/tree/main/docs/api
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from flask import Blueprint, Response, abort, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from opendesign.actions.enter import need_current
from opendesign.actions.house import Visitor
from opendesign.actions.offer_files import awaited_files, known_files, offered_files
from opendesign.actions.take_file import confirm_file, take_file
from opendesign.core.build import SANDBOX
from opendesign.core.errors import Away, Conflict, Forbidden, Invalid, Later, NotFound, Refusal, TooLarge
from opendesign.core.lfs import Pointer, check_pointer
from opendesign.records.lfs import large_files
from opendesign.web.git import NEVER, challenge, reach
from opendesign.web.streaming import streamed
from opendesign.web.visit import find_design, house, public_url

lfs = Blueprint("lfs", __name__)
pages = lfs
BASE = "/<owner>/<name>.git/info/lfs"
JSON = "application/vnd.git-lfs+json"
VERBS = {"upload": "push", "download": "see"}
MOST = 1000  # files of one request; git-lfs asks for 100
PASS_SECONDS = 3600  # how long an answer lets its client send or have a file
BEARER = "Bearer "


class Pass(NamedTuple):
    """What the client of an answer may do without saying again who it is: one thing, with one file of one design."""

    operation: str
    design: int
    oid: str
    size: int
    person: int | None
    scopes: list[str] | None
    proof: str

    def signed(self) -> str:
        """Returns the pass as text that only this service can have written."""
        return _signer().dumps(self)


@lfs.errorhandler(Refusal)
def refuse(refusal: Refusal) -> Response:
    """Says why not as git-lfs shows it to its user."""
    response = told({"message": refusal.message}, refusal.status)
    if isinstance(refusal, Later):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


@lfs.errorhandler(HTTPException)
def fail(error: HTTPException) -> Response:
    """Says in the same way what Flask refuses."""
    if isinstance(error.response, Response):
        return error.response
    return told({"message": error.description or error.name}, error.code or 500)


def told(content: Mapping[str, object], status: int = 200) -> Response:
    """Returns an answer of the API."""
    return Response(json.dumps(content), status, NEVER, content_type=JSON)


def asked() -> dict:
    """Returns what a client sends; raises Invalid for what is no JSON object."""
    try:
        content = json.loads(request.get_data() or b"{}")
    except (ValueError, RecursionError):
        raise Invalid("The body is not JSON.") from None
    if not isinstance(content, dict):
        raise Invalid("The body must be a JSON object.")
    return content


@lfs.post(f"{BASE}/objects/batch")
def batch(owner: str, name: str) -> Response:
    """Says of each file whether and where it is to be sent, or can be had."""
    body = asked()
    operation = body.get("operation")
    if operation not in VERBS:
        raise Invalid("“operation” must be upload or download.")
    visitor, number, _ = reach(owner, name, VERBS[operation])
    if body.get("hash_algo", "sha256") != "sha256":
        raise Conflict("Files are named by their SHA-256 here; “hash_algo” must be sha256.")
    if "basic" not in (body.get("transfers") or ["basic"]):
        raise Invalid("Only the transfer “basic” is spoken here.")
    named, answers = _named(body.get("objects"))
    faults = _faults(owner, name, operation, visitor, named)
    for each in named:
        answer = {"oid": each.oid, "size": each.size}
        if (fault := faults.get(each)) is not None:
            answer["error"] = {"code": fault.status, "message": fault.message}
        elif each in faults:
            answer |= {"authenticated": True, "actions": _actions(owner, name, operation, visitor, number, each)}
        answers.append(answer)
    return told({"transfer": "basic", "objects": answers, "hash_algo": "sha256"})


def _faults(
    owner: str, name: str, operation: str, visitor: Visitor, named: list[Pointer]
) -> Mapping[Pointer, Refusal | None]:
    """Returns the files that something is to be done about, each with the reason why it cannot be."""
    if operation == "download":
        with house().reading(visitor) as work:
            return offered_files(work, find_design(work, owner, name), named)
    with house().reading(visitor) as work:
        known = known_files(work, find_design(work, owner, name, VERBS[operation]), named)
    here: set[Pointer] = set()
    with suppress(Away):  # whoever is asked for them is told when to come again; git-lfs does so then, not before
        here = house().store.lfs.here(known)
    with house().writing(visitor) as work:
        return awaited_files(work, find_design(work, owner, name, VERBS[operation]), named, here)


def _named(objects: object) -> tuple[list[Pointer], list[dict]]:
    """Returns the files that are meant, and the answers to what means none."""
    if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
        raise Invalid("“objects” must be a list of objects with “oid” and “size”.")
    if len(objects) > MOST:
        raise TooLarge(f"A request may name {MOST} files, not {len(objects)}.")
    named, answers, most = [], [], house().settings.lfs_file_bytes
    for each in objects:
        try:
            named.append(check_pointer(each.get("oid"), each.get("size"), most))
        except Refusal as refusal:
            error = {"code": refusal.status, "message": refusal.message}
            answers.append({"oid": each.get("oid"), "size": each.get("size"), "error": error})
    return list(dict.fromkeys(named)), answers


def _actions(owner: str, name: str, operation: str, visitor: Visitor, number: int, pointer: Pointer) -> dict:
    """Returns where a file goes to, or comes from, each address with a pass for it."""
    base = f"{public_url()}/{owner}/{name}.git/info/lfs"
    scopes = sorted(visitor.scopes) if visitor.scopes is not None else None
    signed = Pass(operation, number, pointer.oid, pointer.size, visitor.person_id, scopes, visitor.proof).signed()
    more = {"header": {"Authorization": f"{BEARER}{signed}"}, "expires_in": PASS_SECONDS}
    actions = {operation: {"href": f"{base}/objects/{pointer.oid}", **more}}
    if operation == "upload":
        actions["verify"] = {"href": f"{base}/verify", **more}
    return actions


@lfs.put(f"{BASE}/objects/<oid>")
def upload(owner: str, name: str, oid: str) -> Response:
    """Takes a file."""
    visitor, number, size = admitted(owner, name, "upload", oid)
    if request.content_length is not None and request.content_length != size:
        raise Invalid(f"{size} bytes were announced, and {request.content_length} are sent.")
    take_file(house(), visitor, number, Pointer(oid, size), request.stream)
    return Response(status=200, headers=NEVER)


@lfs.get(f"{BASE}/objects/<oid>")
def download(owner: str, name: str, oid: str) -> Response:
    """Sends a file, or the part of it that is asked for, as bytes that no browser shows."""
    visitor, _, size = admitted(owner, name, "download", oid)
    check_pointer(oid, size, size)
    with house().reading(visitor) as work:
        design = find_design(work, owner, name)
        for fault in offered_files(work, design, [Pointer(oid, size)]).values():
            if fault:
                raise fault
    answer = streamed(house().store.lfs.opened(Pointer(oid, size)), size, "application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=oid)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.set_etag(oid)
    answer.cache_control.private, answer.cache_control.no_cache = True, True
    answer.make_conditional(request, accept_ranges=True, complete_length=size)
    return answer


@lfs.post(f"{BASE}/verify")
def verify(owner: str, name: str) -> Response:
    """Says whether a file that was sent has arrived."""
    body = asked()
    pointer = check_pointer(body.get("oid"), body.get("size"), house().settings.lfs_file_bytes)
    visitor, _, _ = admitted(owner, name, "upload", pointer.oid)
    with house().reading(visitor) as work:
        confirm_file(work, find_design(work, owner, name, "push"), pointer)
    return told({})


def admitted(owner: str, name: str, operation: str, oid: str) -> tuple[Visitor, int, int]:
    """Returns who acts, on which design, and the file's size: by a pass, or by name and password as git does.

    Whether what its bearer showed still holds, and what they may do, is asked again. Raises Forbidden for a pass for
    something else, Invalid for an unknown size.
    """
    # A client that sends `http.extraHeader` too says both; servers put a comma between.
    said = [each.strip() for each in request.headers.get("Authorization", "").split(",")]
    sent = next((each for each in said if each.startswith(BEARER)), "")
    if not sent:
        visitor, number, _ = reach(owner, name, VERBS[operation])
        return visitor, number, _size(number, oid, operation)
    try:
        given = Pass(*_signer().loads(sent.removeprefix(BEARER), max_age=PASS_SECONDS))
    except (BadData, TypeError):
        abort(challenge("This pass is none, or has ended; ask for the file again."))
    scopes = frozenset(given.scopes) if given.scopes is not None else None
    visitor = Visitor(given.person, scopes, request.remote_addr or "", proof=given.proof)
    with house().reading(visitor) as work:
        try:
            need_current(work, visitor)
        except Forbidden as refusal:
            abort(challenge(refusal.message))
        design = find_design(work, owner, name, VERBS[operation])
    if (given.operation, given.design, given.oid) != (operation, design.id, oid):
        raise Forbidden("This pass is for something else; ask for the file first.")
    return visitor, design.id, given.size


def _size(number: int, oid: str, operation: str) -> int:
    """Returns the size of a file without a pass: what is announced, or what is known."""
    if operation == "upload":
        if request.content_length is None:
            raise Invalid("Say in Content-Length how many bytes come.")
        return request.content_length
    with house().reading() as work:
        size = large_files(work.session, number, [oid]).get(oid)
    if size is None:
        raise NotFound(f"This design has no file {oid[:12]}….")
    return size


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="lfs")
