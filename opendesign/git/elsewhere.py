"""Files of Git LFS on other servers: asked for by the batch API, and had from wherever that says.

Every machine on the way is judged as for an import, and connected to by the numbers that were judged.
"""

import http.client
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from opendesign.core.errors import Invalid
from opendesign.core.lfs import Pointer
from opendesign.core.remote import Remote, read_remote
from opendesign.git.bodies import Stream
from opendesign.git.remote import SILENT_SECONDS, Way, find_way

AT_ONCE = 100  # files of one question
ANSWER_BYTES = 4 << 20
HOPS = 4  # addresses that are asked for one file: redirects to a store of objects
MOVED = (301, 302, 303, 307, 308)
JSON = "application/vnd.git-lfs+json"
FIELD = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
VALUE = re.compile(r"[\x20-\x7e]{0,8000}")
QUERY = re.compile(r"[A-Za-z0-9._~%+@:,=&;/?!$'()*-]{0,4000}")
OURS = ("host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "range", "accept-encoding")
FAULTS = (OSError, http.client.HTTPException, ValueError, RecursionError)


def files_at(way: Way, pointers: Sequence[Pointer], deadline: float) -> dict[Pointer, tuple[str, dict[str, str]]]:
    """Returns where the server of a repository says that files can be had: an address, with fields to send along.

    Raises Invalid where it does not speak the batch API, answers with something else, or not before the deadline.
    """
    base = way.remote.url.removesuffix("/")
    base += "/info/lfs" if base.endswith(".git") else ".git/info/lfs"
    place = f"{base.partition('://')[2].partition('/')[2]}/objects/batch"
    found: dict[Pointer, tuple[str, dict[str, str]]] = {}
    for start in range(0, len(pointers), AT_ONCE):
        some = pointers[start : start + AT_ONCE]
        objects = [{"oid": each.oid, "size": each.size} for each in some]
        question = {"operation": "download", "transfers": ["basic"], "objects": objects, "hash_algo": "sha256"}
        found |= _read(_asked(way, f"/{place}", json.dumps(question).encode(), deadline), some)
    return found


def _asked(way: Way, target: str, body: bytes, deadline: float) -> bytes:
    fields = {"Accept": JSON, "Content-Type": JSON}
    try:
        with _connected(way, deadline) as connection:
            connection.request("POST", target, body, fields)
            answer = connection.getresponse()
            content = answer.read(ANSWER_BYTES + 1)
    except FAULTS as fault:
        raise Invalid("its server does not answer for Git LFS") from fault
    if answer.status != 200 or len(content) > ANSWER_BYTES:
        raise Invalid(f"its server does not offer them by Git LFS (status {answer.status})")
    return content


def _read(content: bytes, wanted: Sequence[Pointer]) -> dict[Pointer, tuple[str, dict[str, str]]]:
    try:
        listed = json.loads(content)["objects"]
        named = {each["oid"]: each["actions"]["download"] for each in listed if "download" in each.get("actions", {})}
        return {
            each: (str(named[each.oid]["href"]), _fields(named[each.oid].get("header") or {}))
            for each in wanted
            if each.oid in named
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise Invalid("its server answers otherwise than Git LFS has it") from fault


def _fields(given: Mapping[str, object]) -> dict[str, str]:
    """What may be sent along of what a stranger's server asks for."""
    fields = {str(name): str(value) for name, value in given.items()}
    good = {n: v for n, v in fields.items() if FIELD.fullmatch(n) and VALUE.fullmatch(v) and n.lower() not in OURS}
    return good if len(good) <= 20 else {}


@contextmanager
def had(
    href: str, fields: Mapping[str, str], named_by: Remote, private_hosts: str, deadline: float
) -> Iterator[Stream]:
    """The bytes of a file at an address that a server has named, cut off at the deadline; raises Invalid.

    A redirect is followed, judged like the first address, with none of the fields, and never from https to http.
    """
    before = named_by
    for _ in range(HOPS):
        address, _, query = href.partition("?")
        remote = read_remote(address)
        if not QUERY.fullmatch(query) or (before.scheme, remote.scheme) == ("https", "http"):
            raise Invalid("The address of a file is none that is followed.")
        way = find_way(remote, private_hosts)
        with _connected(way, deadline) as connection:
            target = remote.place + (f"?{query}" if query else "")
            connection.request("GET", target, headers={"Accept-Encoding": "identity", **fields})
            answer = connection.getresponse()
            if answer.status == 200:
                yield answer
                return
            if answer.status not in MOVED:
                raise Invalid(f"A file is not given out (status {answer.status}).")
            href, fields, before = answer.headers.get("Location", ""), {}, remote
    raise Invalid("A file moves on and on.")


@contextmanager
def _connected(way: Way, deadline: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to one of the judged numbers; its name is not looked up again.

    It is cut at a moment of `time.monotonic`, whatever has come by then: a byte a minute would keep it open for ever.
    """
    remote = way.remote
    plain = _reached(way)
    with plain.dup() as line:
        cut = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, (line,))
        cut.daemon = True
        cut.start()
        try:
            with _sealed(plain, remote) as spoken:
                connection = http.client.HTTPConnection(remote.written_host, remote.port, timeout=SILENT_SECONDS)
                connection.sock = spoken
                yield connection
        finally:
            cut.cancel()


def _reached(way: Way) -> socket.socket:
    fault: OSError = OSError("no number")
    for number in way.numbers:
        try:
            return socket.create_connection((number, way.remote.port), timeout=SILENT_SECONDS)
        except OSError as trouble:
            fault = trouble
    raise fault


def _sealed(plain: socket.socket, remote: Remote) -> socket.socket:
    if remote.scheme != "https":
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=remote.host)


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it may have ended a moment ago
        line.shutdown(socket.SHUT_RDWR)
