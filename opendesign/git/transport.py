"""Git's smart HTTP protocol: the questions of clients in, the answers of git out, streamed both ways.

Web edges call `advertise`, `upload` and `receive` once they know who asks and what they may. No hook is run but our
own, where files are locked; a client that goes away takes its git process with it.
"""

import re
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from opendesign.core.errors import NotFound
from opendesign.git import command, processes
from opendesign.git.answers import Shelf
from opendesign.git.bodies import Body, Stream
from opendesign.git.fetching import Answer, Fetch, KeptAnswer
from opendesign.git.files_of_refs import count_refs
from opendesign.git.limits import GitLimits
from opendesign.git.orders import hold, judge, read_orders
from opendesign.git.pktlines import FLUSH, line
from opendesign.git.pushing import Push, Pusher, Refused, refuse, report

Service = Literal["upload-pack", "receive-pack"]
PROTOCOL = re.compile(r"[a-z0-9=:,._-]{1,200}")
V2 = b"000eversion 2"
LINE_BYTES = 100  # of a request, in which version 2 names its command
NONE_YET = GitLimits()
NONE_HELD: Mapping[str, str] = MappingProxyType({})


def unasked() -> None:
    """Nobody is asked again."""


def advertise(path: Path, service: Service, protocol: str | None, limits: GitLimits = NONE_YET) -> bytes:
    """The answer to `info/refs?service=git-…`: what there is, and what the server can do. Raises NotFound."""
    env = _environment(path, protocol)
    if service == "receive-pack":
        return _advertised(path, service, env, limits)
    shelf = Shelf(path, limits)
    place = shelf.place(b"advertise", env.get("GIT_PROTOCOL"))
    if kept := shelf.find(place):
        with kept:
            return kept.read()
    body = _advertised(path, service, env, limits)
    draft = shelf.draft()
    draft.write_bytes(body)
    shelf.keep(draft, place)
    return body


def _advertised(path: Path, service: Service, env: dict[str, str], limits: GitLimits) -> bytes:
    ask = (service, "--stateless-rpc", "--http-backend-info-refs", "--", str(path))
    body = command.run(path, *ask, env=env, seconds=limits.git_seconds)
    return body if body.startswith(V2) else line(b"# service=git-%b\n" % service.encode()) + FLUSH + body


def upload(
    path: Path,
    body_stream: Stream,
    gzip: bool,
    protocol: str | None,
    limits: GitLimits = NONE_YET,
    still: Callable[[], None] = unasked,
) -> Answer:
    """The answer to a fetch: bytes to iterate over and close, or an open `file` to send.

    `still` is called once the request is there, which may be long after it began: it raises for who may no longer.
    Raises TooLarge for a request past `request_bytes` (inflated), Invalid for a damaged one, NotFound.
    """
    request = Body(body_stream, gzip).whole(limits)
    still()
    env = _environment(path, protocol)
    shelf = Shelf(path, limits)
    place = shelf.place(request, env.get("GIT_PROTOCOL"))
    answer: Answer
    if kept := shelf.find(place):
        answer = KeptAnswer(kept, place)
    else:
        answer = _fetch(path, request, env, shelf, place)
    answer.brings = b"command=ls-refs" not in request[:LINE_BYTES]
    return answer


def _fetch(path: Path, request: bytes, env: dict[str, str], shelf: Shelf, place: Path) -> Fetch:
    with tempfile.TemporaryFile() as source:
        source.write(request)
        source.seek(0)
        process = processes.start(path, "upload-pack", "--stateless-rpc", stdin=source, env=env)
    return Fetch(process, shelf, place)


def receive(
    path: Path,
    body: Body,
    who: Pusher,
    after: Callable[[], list[str]],
    protect: Collection[str] = (),
    limits: GitLimits = NONE_YET,
    held: Mapping[str, str] = NONE_HELD,
    locked: Mapping[str, str] = NONE_HELD,
    still: Callable[[], None] = unasked,
) -> Answer:
    """The answer to a push: bytes to iterate over and close, during which git takes the push in.

    When git has finished and refs may have moved, `after` is called once, also when the client has gone; its
    lines reach the pusher as "remote: …". Refs in `protect` are neither deleted nor moved back; refs outside
    refs/heads and refs/tags are refused. Those in `held` stay as they are, each for its reason, whatever becomes
    of the others of a push that is not atomic. Files in `locked`, each with who has locked it, stay as they are on
    every branch. What is refused is said in git's own report, so that the pusher
    reads it. `still` is called before git is given anything, and again whenever the client let us wait: it raises
    where all this holds no longer. Raises NotFound, Invalid for a body that is no push, TooLarge for an endless list
    of refs.
    """
    orders = read_orders(body, limits)
    still()
    env = _environment(path, None)
    if not orders.orders:
        return Answer()
    present = count_refs(path) if any(order.creates for order in orders.orders) else 0
    if faults := judge(orders, set(protect) - held.keys(), present, limits):
        return refuse(orders, faults, body, limits)
    kept = hold(orders, held)
    if len(kept) == len(orders.orders):
        return Refused(report(orders, kept, []), body, limits)
    return Push(path, env | who.environment(), orders, body, after, protect, kept, limits, locked, still)


def _environment(path: Path, protocol: str | None) -> dict[str, str]:
    if not (path / "HEAD").is_file():
        raise NotFound("This design has no repository.")
    env = command.environment(path)
    if protocol and PROTOCOL.fullmatch(protocol):
        env["GIT_PROTOCOL"] = protocol
    return env
