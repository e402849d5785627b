"""The way to a repository elsewhere: its name is looked up once, judged, and git connects to what was judged."""

import base64
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from opendesign.core.errors import Invalid
from opendesign.core.remote import Remote, is_named, is_open
from opendesign.git import command

Lookup = Callable[[str, int], Sequence[str]]
MOST_NUMBERS = 8
SILENT_SECONDS = 60
"""How long a server may send nothing; git gives up then."""


@dataclass(frozen=True)
class Way:
    """A repository elsewhere, and the numbers of its machine that have been judged."""

    remote: Remote
    numbers: tuple[str, ...]


def look_up(host: str, port: int) -> Sequence[str]:
    """The numbers that a name stands for at this moment; raises OSError when it stands for none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def find_way(remote: Remote, private_hosts: str = "", lookup: Lookup = look_up) -> Way:
    """The way to a repository; raises Invalid for a name nobody knows and for a machine that is not public.

    One number that is not public closes the way: who owns the name chooses which of them answers. Both are refused in
    the same words, so that nobody finds out which names there are within. A host that the operator names in
    `private_hosts` may be anywhere.
    """
    try:
        numbers = tuple(lookup(remote.host, remote.port))[:MOST_NUMBERS]
    except (OSError, UnicodeError):
        numbers = ()
    if not numbers or not (is_named(remote, private_hosts) or all(map(is_open, numbers))):
        raise Invalid(
            f"{remote.host} is no machine on the public internet; nothing is fetched from there or pushed to it. "
            "An operator can allow it (setting OPENDESIGN_PRIVATE_HOSTS).",
            [{"name": "url", "message": "is not on the public internet"}],
        )
    return Way(remote, numbers)


def environment(path: Path, way: Way, name: str = "", secret: str = "") -> dict[str, str]:
    """The whole environment of a git process that may go this way and no other.

    The name is not looked up again, a redirect is not followed, other transports run nothing; the secret stands
    neither in the command nor in a file.
    """
    numbers = ",".join(f"[{number}]" if ":" in number else number for number in way.numbers)
    settings = {
        "http.curloptResolve": f"{way.remote.written_host}:{way.remote.port}:{numbers}",
        "http.followRedirects": "false",
        "http.lowSpeedLimit": "1",
        "http.lowSpeedTime": str(SILENT_SECONDS),
        "http.proxy": "",
        "credential.helper": "",
        "fetch.recurseSubmodules": "false",
        "push.recurseSubmodules": "no",
        "transfer.bundleURI": "false",
        "fetch.fsckObjects": "true",
        "core.packedGitLimit": "512m",
        "core.packedGitWindowSize": "32m",
    }
    if secret:
        words = base64.b64encode(f"{name or 'git'}:{secret}".encode()).decode()
        settings["http.extraHeader"] = f"Authorization: Basic {words}"
    told = {"GIT_CONFIG_COUNT": str(len(settings)), "GIT_ALLOW_PROTOCOL": way.remote.scheme}
    for place, (key, value) in enumerate(settings.items()):
        told |= {f"GIT_CONFIG_KEY_{place}": key, f"GIT_CONFIG_VALUE_{place}": value}
    return command.environment(path) | told
