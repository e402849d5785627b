"""Git over HTTP: who asks, what they may, and the streams handed to `git/transport.py`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, g, request

from opendesign.actions.ask_again import still, way
from opendesign.actions.create_design import create_design
from opendesign.actions.enter import recognise_basic
from opendesign.actions.find_public import find_public
from opendesign.actions.house import NOBODY, House, Visitor, Work
from opendesign.actions.measure_storage import need_room
from opendesign.actions.note_fetch import note_fetch
from opendesign.actions.pause import need_running, paused
from opendesign.actions.receive import receive as report
from opendesign.core.errors import Forbidden, Later, NoRoom, NotFound, Refusal, Suspended, Unfinished
from opendesign.git.bodies import Body
from opendesign.git.fetching import Answer
from opendesign.git.limits import GitLimits
from opendesign.git.pushing import Pusher
from opendesign.git.transport import Service, advertise, receive, upload
from opendesign.records.design import Design, design_by_path
from opendesign.web.metrics import count_git
from opendesign.web.visit import house, public_url, request_id

Seen = TypeVar("Seen")

git = Blueprint("git", __name__)
pages = git
NO_ROOM = "its owner's limit (setting OPENDESIGN_QUOTA_MB, or a quota of their own)"
SERVICES = {"git-upload-pack": "see", "git-receive-pack": "push"}
NEVER = {
    "Expires": "Fri, 01 Jan 1980 00:00:00 GMT",
    "Pragma": "no-cache",
    "Cache-Control": "no-cache, max-age=0, must-revalidate",
}
CHALLENGE = {"WWW-Authenticate": 'Basic realm="OpenDesign: your name, and a token or your password", charset="UTF-8"'}


@git.errorhandler(Refusal)
def refuse(refusal: Refusal) -> Response:
    """Says why not in plain text, which git shows to its user."""
    response = Response(refusal.message + "\n", refusal.status, NEVER, mimetype="text/plain")
    if isinstance(refusal, Later):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def credentials(rooms: House) -> Visitor:
    """Returns who sent Basic credentials; nobody when there are none, 401 when they are wrong.

    Raises Suspended and Unfinished where they are right and open nothing: asked for others, git would not show why.
    """
    sent = request.authorization
    if sent is None or sent.type != "basic":
        return NOBODY
    try:
        found = recognise_basic(rooms, sent.username or "", sent.password or "", request.remote_addr or "")
        g.git_person = found.person_id
        return replace(found, address=request.remote_addr or "", request=request_id())
    except (Suspended, Unfinished):
        raise
    except Forbidden as refusal:
        abort(challenge(refusal.message))


def challenge(words: str) -> Response:
    """Asks git for a name and a token."""
    return Response(words + "\n", 401, NEVER | CHALLENGE, mimetype="text/plain")


def reach(owner: str, name: str, verb: str) -> tuple[Visitor, int, str]:
    """Returns (who asks, design's number, its repository's key), or refuses."""
    visitor = credentials(house())
    if verb == "see" and visitor is NOBODY and (public := find_public(house(), owner, name)):
        return visitor, *public
    return visitor, *found(visitor, owner, name, verb, roomy if verb == "push" else place)


def place(_work: Work, design: Design) -> tuple[int, str]:
    """Returns the number of a design and the key of its repository."""
    return design.id, design.key


def roomy(work: Work, design: Design) -> tuple[int, str]:
    """Returns the same of a design whose owner has room for more; raises NoRoom."""
    need_room(work, design.owner)
    return place(work, design)


def found(visitor: Visitor, owner: str, name: str, verb: str, look: Callable[[Work, Design], Seen]) -> Seen:
    """Returns what `look` sees of a design, or refuses.

    A stranger is asked for credentials before being told anything about what is not public. A push by its owner to a
    design that does not exist creates it, private until its owner says otherwise.
    """
    rooms = house()
    if verb == "push":
        need_running(rooms)
    with rooms.reading(visitor) as work:
        try:
            return look(work, work.need(verb, design_by_path(work.session, owner, name)))
        except (NotFound, Forbidden):
            if work.person is None:
                abort(challenge("Say who you are: your name, and a token as the password."))
            if verb != "push" or owner != work.person.name or exists(work, owner, name):
                raise
    with rooms.writing(visitor) as work:
        return look(work, create_design(work, name, visibility="private"))


def exists(work: Work, owner: str, name: str) -> bool:
    """Tells whether there is such a design, seen or not."""
    try:
        return isinstance(design_by_path(work.session, owner, name), Design)
    except NotFound:
        return False


@git.get("/<owner>/<name>.git/info/refs")
def refs(owner: str, name: str) -> Response:
    """Advertises what there is; the first request of every clone, fetch and push."""
    service = request.args.get("service", "")
    if service not in SERVICES:
        return Response("Only smart HTTP is spoken here; use git 1.6.6 or newer.\n", 403, mimetype="text/plain")
    _, _, key = reach(owner, name, SERVICES[service])
    store = house().store
    return advertised(store.path(key), service, store.limits)


def advertised(path: Path, service: str, limits: GitLimits) -> Response:
    """What there is in the repository at `path` for `service`."""
    what: Service = "upload-pack" if service == "git-upload-pack" else "receive-pack"
    body = advertise(path, what, request.headers.get("Git-Protocol"), limits)
    return Response(body, headers=NEVER, content_type=f"application/x-{service}-advertisement")


@git.post("/<owner>/<name>.git/git-upload-pack")
def fetch(owner: str, name: str) -> Response:
    """Answers a clone or fetch."""
    expect("git-upload-pack")
    rooms, seen = house(), house().database.version()
    visitor, design, key = reach(owner, name, "see")
    again = still(rooms, visitor, "see", design, seen)
    protocol = request.headers.get("Git-Protocol")
    answer = upload(rooms.store.path(key), Metered("fetch"), gzipped(), protocol, rooms.store.limits, again)
    known = visitor.person_id is not None and answer.brings and paused(rooms) is None
    return stream(answer, "git-upload-pack", partial(note_fetch, rooms, visitor, design) if known else None)


@git.post("/<owner>/<name>.git/git-receive-pack")
def push(owner: str, name: str) -> Response:
    """Takes a push; when git has finished, the records are synced and the pusher told where to look."""
    expect("git-receive-pack")
    rooms, seen = house(), house().database.version()
    visitor = credentials(rooms)
    known = found(visitor, owner, name, "push", way)
    after = telling(rooms, visitor, known.design, public_url())
    again = still(rooms, visitor, "push", known.design, seen, known.guards)
    who = Pusher(known.name, known.email, request.remote_addr or "")
    body = Body(Metered("push"), gzipped(), Room(known.room).spend)
    path, limits, guards = rooms.store.path(known.key), rooms.store.limits, known.guards
    return stream(
        receive(path, body, who, after, guards.protect, limits, guards.held, guards.locked, again), "git-receive-pack"
    )


def telling(rooms: House, visitor: Visitor, design: int, address: str) -> Callable[[], list[str]]:
    """Returns what is called once refs may have moved."""
    return lambda: report(rooms, visitor, design, address)


def expect(service: str) -> None:
    """Refuses a body of another type."""
    if request.content_type != f"application/x-{service}-request":
        abort(Response(f"The body must be application/x-{service}-request.\n", 415, mimetype="text/plain"))


def gzipped() -> bool:
    """Tells whether the body is compressed."""
    return request.headers.get("Content-Encoding", "") in ("gzip", "x-gzip")


def stream(answer: Answer, service: str, after: Callable[[], None] | None = None) -> Response:
    """Sends an answer as it comes; one that lies in a file goes by the server's own fast way.

    `after` is called once all is sent and closed.
    """
    headers, what = dict(NEVER), "push" if service == "git-receive-pack" else "fetch"
    wrapper = request.environ.get("wsgi.file_wrapper")
    body: Any = Sent(answer, what)
    if answer.file is not None:
        count_git(what, "out", answer.size or 0)
        headers["Content-Length"] = str(answer.size)
        body = wrapper(answer.file, 1 << 20) if wrapper else answer
    if after is not None:
        body.close = then(body.close, after)
    kind = f"application/x-{service}-result"
    return Response(body, headers=headers, content_type=kind, direct_passthrough=True)


class Metered:
    """The body of a request, counted as it comes."""

    def __init__(self, service: str):
        self.service, self.stream = service, request.stream

    def read(self, size: int = -1, /) -> bytes:
        """Returns the next bytes."""
        piece = self.stream.read(size)
        count_git(self.service, "in", len(piece))
        return piece


class Room:
    """How many bytes of a push still fit, as git keeps them; None: any."""

    def __init__(self, left: int | None):
        self.left = left

    def spend(self, size: int) -> None:
        """Takes so many of them; raises NoRoom where there are fewer."""
        if self.left is not None:
            self.left -= size
            if self.left < 0:
                raise NoRoom(f"This push has no room in {NO_ROOM}.")


class Sent:
    """An answer, counted as it goes."""

    def __init__(self, answer: Answer, service: str):
        self.answer, self.service = answer, service
        self.close = answer.close

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.answer:
            count_git(self.service, "out", len(piece))
            yield piece


def then(close: Callable[[], None], after: Callable[[], None]) -> Callable[[], None]:
    """Returns what closes an answer and, the first time, does something more."""
    waiting = [after]

    def closing() -> None:
        close()
        if waiting:
            waiting.pop()()

    return closing


@git.route("/<owner>/<name>.git")
@git.route("/<owner>/<name>.git/")
def page(owner: str, name: str) -> Response:
    """Sends a browser that followed a clone address to the design's page."""
    return Response(status=302, headers={"Location": f"/{owner}/{name}"})
