"""The smallest web server over the git ring: `/<store>/<key>.git/…` without any question who asks.

Started by gunicorn in the tests and in the bench; the folder of all stores and the limits come from the environment.
"""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import parse_qs

from opendesign.core.errors import Refusal, TooLarge
from opendesign.git import transport
from opendesign.git.bodies import Body
from opendesign.git.limits import GitLimits
from opendesign.git.pushing import Pusher
from opendesign.git.store import Store

ROOT = Path(os.environ["GIT_RING_ROOT"])
LIMITS = GitLimits(**json.loads(os.environ.get("GIT_RING_LIMITS", "{}")))
SERVICES = ("git-upload-pack", "git-receive-pack")
PROTECTED = ("refs/heads/main",)
HELD = {"refs/heads/ruled": "ruled takes proposals only"}


def app(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Answers the three questions of smart HTTP."""
    place, _, rest = environ["PATH_INFO"].strip("/").partition(".git/")
    folder, _, key = place.rpartition("/")
    try:
        path = Store(ROOT / folder, LIMITS).path(key)
        if rest == "info/refs":
            return refs(path, environ, start_response)
        return rpc(path, rest, environ, start_response)
    except Refusal as refusal:
        status = "413 Content Too Large" if isinstance(refusal, TooLarge) else "400 Bad Request"
        start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
        return [refusal.message.encode()]


def refs(path: Path, environ: dict, start_response: Callable) -> Iterable[bytes]:
    """What there is to fetch, or what may be pushed to."""
    service = parse_qs(environ["QUERY_STRING"])["service"][0]
    assert service in SERVICES
    body = transport.advertise(path, service.removeprefix("git-"), environ.get("HTTP_GIT_PROTOCOL"), limits=LIMITS)
    start_response("200 OK", headers(f"application/x-{service}-advertisement"))
    return [body]


def rpc(path: Path, service: str, environ: dict, start_response: Callable) -> Iterable[bytes]:
    """A fetch or a push."""
    assert service in SERVICES
    stream = environ["wsgi.input"]
    gzip = environ.get("HTTP_CONTENT_ENCODING") in ("gzip", "x-gzip")
    result = headers(f"application/x-{service}-result")
    if service == "git-upload-pack":
        answer = transport.upload(path, stream, gzip, environ.get("HTTP_GIT_PROTOCOL"), limits=LIMITS)
        if answer.file:
            start_response("200 OK", [*result, ("Content-Length", str(answer.size))])
            return environ["wsgi.file_wrapper"](answer.file, 1 << 20)
    else:
        who = Pusher("Ana", "ana@example.org", environ.get("REMOTE_ADDR", ""))
        answer = transport.receive(path, Body(stream, gzip), who, lambda: after(path), PROTECTED, LIMITS, HELD)
    start_response("200 OK", result)
    return answer


def after(path: Path) -> list[str]:
    """Leaves a trace of having been called, and greets the pusher."""
    with open(path / "after", "a") as trace:
        trace.write("moved\n")
    return ["Look at https://example.org/designs/1", "Three parts will be built."]


def headers(kind: str) -> list[tuple[str, str]]:
    """Headers that every answer to git has."""
    return [("Content-Type", kind), ("Cache-Control", "no-cache")]
