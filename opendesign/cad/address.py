"""Opens the engine's Unix socket, for both ends, at a path of any length."""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from opendesign.core.errors import Conflict

LONGEST_QUEUE = 512
LARGEST_MESSAGE = 65536


@contextlib.contextmanager
def short(address: Path) -> Iterator[str]:
    """Yields a name for the path that fits into the 108 bytes of a socket address. Raises OSError."""
    folder = os.open(address.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{address.name}"
    finally:
        os.close(folder)


def connect(address: Path, seconds: float) -> socket.socket:
    """Returns a connection to the engine. Raises OSError if none answers there."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC)
    try:
        connection.settimeout(seconds)
        with short(address) as name:
            connection.connect(name)
    except BaseException:
        connection.close()
        raise
    return connection


def off_file(address: Path) -> Path:
    """Returns the file beside the socket that keeps the engine closed while it is there; it says why."""
    return address.with_suffix(".off")


def listen(address: Path) -> socket.socket:
    """Returns a listening socket that only this user may reach, in place of a dead one.

    Raises Conflict if an engine already listens there, OSError if the place cannot be used.
    """
    address.parent.mkdir(parents=True, exist_ok=True)
    try:
        connect(address, 1).close()
    except (ConnectionRefusedError, FileNotFoundError):
        address.unlink(missing_ok=True)
    else:
        raise Conflict(f"A CAD engine is already running at {address}; stop it, or choose another address.")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC)
    before = os.umask(0o177)
    try:
        with short(address) as name:
            listener.bind(name)
    finally:
        os.umask(before)
    listener.listen(LONGEST_QUEUE)
    listener.setblocking(False)
    return listener
