"""Wakes those who wait: each listens at a FIFO of its own, and every ring puts a byte into it.

A FIFO ends with its machine; a wire takes rings to others, where whoever has listeners puts them into their FIFOs.
"""

import contextlib
import logging
import os
import secrets
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

log = logging.getLogger(__name__)
Wait = Callable[[float], None]
SOONEST, LATEST = 1.0, 30.0  # seconds before a wire that broke is tried again, twice as long each time


class Wire(Protocol):
    """What takes rings to every machine."""

    def ring(self, name: str) -> None:
        """Sends a ring."""

    def rings(self) -> Iterator[str]:
        """Yields the rings that are sent, for as long as the wire holds."""


class Bell:
    """Rings by name for all processes that share a folder of this machine, and for others over a wire.

    A hint, never a promise: who listens looks at the records too, now and then.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.wire: Wire | None = None
        self._relay: threading.Thread | None = None
        self._lock = threading.Lock()

    @contextmanager
    def listening(self, name: str) -> Iterator[Wait]:
        """Yields what waits for the next ring of this name since listening began, or some seconds at most."""
        self._answer_wire()
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
        self.ring_here(name)
        if self.wire is not None:
            try:
                self.wire.ring(name)
            except Exception as trouble:  # whatever its driver raises; who listens looks for itself
                log.warning("A ring went to this machine alone: %s", trouble)

    def ring_here(self, name: str) -> None:
        """Wakes whoever listens for this name on this machine."""
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

    def _answer_wire(self) -> None:
        """Has a thread pass on what comes over the wire, from the first listener of this process on."""
        with self._lock:
            if self.wire is not None and self._relay is None:
                self._relay = threading.Thread(target=self._pass_on, args=(self.wire,), name="bell", daemon=True)
                self._relay.start()

    def _pass_on(self, wire: Wire) -> None:
        pause = SOONEST
        while True:
            try:
                for name in wire.rings():
                    self.ring_here(name)
                    pause = SOONEST
            except Exception as trouble:  # whatever its driver raises
                if pause == SOONEST:
                    log.warning("No rings of other machines are heard: %s", trouble)
            time.sleep(pause)
            pause = min(2 * pause, LATEST)


def heard(descriptor: int, seconds: float) -> None:
    """Waits for a byte, and takes all that are there."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    if poll.poll(seconds * 1000):
        with contextlib.suppress(BlockingIOError):
            os.read(descriptor, 65536)
