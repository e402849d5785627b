"""Machines that share records, a queue, a shelf and a folder of data, and people who ask their webs in turn."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import httpx
from apart import Apart
from service import Service


class Machines(Service):
    """A service on several machines; `url` is the last one's web."""

    def __init__(self, data: Path, names: Sequence[str], **settings: str):
        self.data = data
        self.machines = [
            Apart(
                data,
                **settings,
                OPENDESIGN_RUN=str(data.parent / name / "run"),
                OPENDESIGN_SHELF_CACHE=str(data.parent / name / "cache"),
            )
            for name in names
        ]
        self.url, self.log = self.machines[-1].url, self.machines[-1].log
        self.turns = itertools.count()

    @property
    def http(self) -> "Turns":
        """A client for each who asks, that begins with another web each time."""
        first = next(self.turns) % len(self.machines)
        return Turns([*self.machines[first:], *self.machines[:first]])

    def house(self):
        """The house as the last machine opens it."""
        return self.machines[-1].house()

    def end(self) -> None:
        """Kills whatever runs."""
        for machine in self.machines:
            machine.kill(*machine.running)


class Turns:
    """Asks one web after the other until one can be reached, as a proxy before them does."""

    def __init__(self, machines: Sequence[Apart]):
        self.machines = list(machines)

    def __enter__(self) -> "Turns":
        return self

    def __exit__(self, *_) -> None:
        pass

    def request(self, method: str, path: str, **more) -> httpx.Response:
        """Asks; what a web was sent is not sent to another."""
        for left, machine in reversed(list(enumerate(reversed(self.machines)))):
            try:
                with machine.http as http:
                    return http.request(method, path, **more)
            except httpx.ConnectError:
                if not left:
                    raise
        raise AssertionError("there is no machine")
