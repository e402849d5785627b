"""Addresses of repositories elsewhere: which may be written, and to which machines none of ours may be sent.

A server that fetches what strangers name could be sent to machines that only it can reach (its own ports, the rooms
behind it, a cloud's metadata). So an address is read here by one strict rule, and each number that its name stands for
is judged, before git is told to connect to just these numbers.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from opendesign.core.errors import Invalid

LONGEST = 500
PORTS = {"http": 80, "https": 443}
ADDRESS = re.compile(r"(https?)://([^/?#]*)(/[^?#]*)?", re.IGNORECASE)
NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
PLACE = re.compile(r"(/[A-Za-z0-9._~%+@:,=&-]+)+/?")
UNSEEN = re.compile(r"%([01]|7f|2[5ef]|5c)|%(?![0-9a-f]{2})", re.IGNORECASE)
# What Python's tables call global, or called so until 3.13, and is not: it stands for another address, or for a
# cloud's own machinery (168.63.129.16 answers to Azure's guests only).
CLOSED = tuple(
    ip_network(block)
    for block in (
        *("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"),
        *("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10"),
    )
)


@dataclass(frozen=True)
class Remote:
    """A repository elsewhere: `host` is a name or the canonical form of a number, without brackets."""

    scheme: str
    host: str
    port: int
    place: str

    @property
    def url(self) -> str:
        """The address, written in the one way that git is given."""
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.written_host}{port}{self.place}"

    @property
    def written_host(self) -> str:
        """The host as addresses write it."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def name(self) -> str:
        """What the repository seems to be called."""
        return self.place.rstrip("/").rpartition("/")[2].removesuffix(".git")


def read_remote(text: str) -> Remote:
    """Returns the repository that an http(s) address names; raises Invalid, which never repeats a password."""
    text = text.strip()
    found = ADDRESS.fullmatch(text)
    if not found or len(text) > LONGEST or not text.isascii():
        raise _refused("must be an http or https address, such as https://example.org/ada/case.git")
    scheme, authority, place = found[1].lower(), found[2], found[3] or ""
    if "@" in authority:
        raise _refused("must not hold a name or a password: it would be kept and shown")
    host, port = _authority(authority.lower(), PORTS[scheme])
    if not PLACE.fullmatch(place) or UNSEEN.search(place) or any(step in (".", "..") for step in place.split("/")):
        raise _refused("has no path that names a repository, such as /ada/case.git")
    return Remote(scheme, host, port, place)


def _authority(text: str, port: int) -> tuple[str, int]:
    host, colon, digits = text, "", ""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        colon, digits = rest[:1] if bracket else "]", rest[1:]
    elif ":" in text:
        host, colon, digits = text.partition(":")
    if colon and not (colon == ":" and re.fullmatch(r"[0-9]{1,5}", digits) and 0 < int(digits) < 65536):
        raise _refused("has a port that is none")
    return _host(host.removesuffix("."), bracketed=text.startswith("[")), int(digits) if colon else port


def _host(text: str, bracketed: bool) -> str:
    """Returns the host; a number counts in its usual form only: others read 0177.1 and 2130706433 as 127.0.0.1."""
    if bracketed or NUMBER.fullmatch(text.rpartition(".")[2]):
        try:
            number = ip_address(text)
        except ValueError:
            raise _refused("names a machine by a number that is not written as usual") from None
        if isinstance(number, IPv6Address) != bracketed or "%" in text:
            raise _refused("names a machine by a number that is not written as usual")
        return str(number)
    if not NAME.fullmatch(text):
        raise _refused("names no machine")
    return text


def is_open(number: str) -> bool:
    """Tells whether an IP address belongs to the public internet, and stands for no other address."""
    try:
        address: IPv4Address | IPv6Address = ip_address(number)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    closed = any(address in block for block in CLOSED if block.version == address.version)
    return address.is_global and not (closed or address.is_multicast or address.is_reserved)


def is_named(remote: Remote, hosts: str) -> bool:
    """Tells whether an operator's list of private hosts (`name` or `name:port`, with commas) holds this one."""
    named = {each.strip().lower() for each in hosts.split(",") if each.strip()}
    return bool(named & {remote.host, remote.written_host, f"{remote.written_host}:{remote.port}"})


def _refused(why: str) -> Invalid:
    return Invalid(f"The address of the repository {why}.", [{"name": "url", "message": why}])
