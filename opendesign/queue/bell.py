"""Wakes those on this machine who wait: each listens at a FIFO of its own, and every ring puts a byte into it."""

import contextlib
import os
import secrets
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Wait = Callable[[float], None]


class Bell:
    """Rings by name for all processes that share a folder.

    A hint, never a promise: who listens looks at the records too, now and then.
    """

    def __init__(self, folder: Path):
        self.folder = folder

    @contextmanager
    def listening(self, name: str) -> Iterator[Wait]:
        """Yields what waits for the next ring of this name since listening began, or some seconds at most."""
        self.folder.mkdir(parents=True, exist_ok=True)
        token = secrets.token_hex(8)
        draft, place = self.folder / f".{token}", self.folder / f"{name}.{token}"
        os.mkfifo(draft, 0o600)
        # Open before it has its name: whoever rings removes what nobody listens at.
        descriptor = os.open(draft, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            draft.rename(place)
            yield lambda seconds: heard(descriptor, seconds)
        finally:
            os.close(descriptor)
            for path in (draft, place):
                path.unlink(missing_ok=True)

    def ring(self, name: str) -> None:
        """Wakes whoever listens for this name."""
        with contextlib.suppress(FileNotFoundError):
            for entry in os.listdir(self.folder):
                if not entry.startswith("."):
                    self.strike(self.folder / entry, entry.startswith(f"{name}."))

    def strike(self, place: Path, loud: bool) -> None:
        """Puts a byte into a FIFO if it is meant; removes one whose listener was killed."""
        try:
            descriptor = os.open(place, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            place.unlink(missing_ok=True)
            return
        with contextlib.suppress(BlockingIOError):  # full of rings not heard yet
            if loud:
                os.write(descriptor, b"!")
        os.close(descriptor)


def heard(descriptor: int, seconds: float) -> None:
    """Waits for a byte, and takes all that are there."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    if poll.poll(seconds * 1000):
        with contextlib.suppress(BlockingIOError):
            os.read(descriptor, 65536)
