"""Git through the whole service, as people meet it: who asks, what they may, and the records that follow."""

import base64
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path

from service import Service, Visitor

from bench.git_clients import Client
from bench.git_rows import ABSENT, Ground, against
from bench.git_servers import Server, instant, rival, rival_programs
from bench.row import Row, interleaved, median
from opendesign.git import command
from tests.git.served import git

KEY, MEGABYTES = "3mb", 3


def git_service(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """A clone, a fetch that finds nothing new and pushes, each against git's own server, which asks nobody."""
    if rival_programs() is None:
        yield Row("service-clone", None, 1, note=ABSENT)
        return
    ground = Ground(folder / "ground")
    source = ground.store.path(ground.large(MEGABYTES))
    git("config", f"http.{service.url}/.extraHeader", f"Authorization: Basic {_secret(person)}", cwd=source)
    ours = Server(lambda key: f"{service.url}/bench/{key}.git", service.process.pid)
    person.post("/designs", {"name": KEY, "title": KEY, "licence": "CERN-OHL-W-2.0"})
    git("push", "-q", ours.url(KEY), "main", cwd=source)
    stored = max((service.data / "repos").glob("*.git"), key=lambda path: int(path.stem))
    with ExitStack() as held:
        same = held.enter_context(rival(stored.parent, folder / "rival"))
        theirs = Server(lambda _key: same.url(stored.stem), same.pid)
        clients = Client(ours, folder), Client(theirs, folder)
        yield against("service-clone", 1.0, 7, *(partial(client.clone, KEY) for client in clients))
        nobody = held.enter_context(instant(ours.url(KEY)))
        yield _fetches(clients, Client(nobody, folder))
        other = held.enter_context(rival(ground.store.root, folder / "other"))
        takers = _fresh_here(person, ours), _fresh_there(ground, other)
        yield against("service-push", 1.0, 9, *(_commits(url(), source) for url in takers), "a commit to a new branch")
        wholes = [partial(_whole, url, source) for url in takers]
        yield against("service-push-3mb", 1.0, 5, *wholes, "all of a new design, whose 60 parts were built before")


def _fetches(clients: tuple[Client, Client], third: Client) -> Row:
    """A fetch that finds nothing new; with a server that needs no time one sees how much of it is the client's own."""
    for client in clients:
        client.prepare(KEY)
    shutil.copytree(clients[0].folder / KEY, third.folder / KEY)
    git("config", "remote.origin.url", third.url(KEY), cwd=third.folder / KEY)
    ours, theirs, least = map(median, interleaved(21, *(partial(client.fetch, KEY) for client in (*clients, third))))
    note = f"{ours:.1f} against {theirs:.1f} ms; with a server that needs no time {least / theirs:.2f} ×"
    return Row("service-noop-fetch", ours / theirs, 0.6, note=note)


def _secret(person: Visitor) -> str:
    return base64.b64encode(f"{person.name}:{person.token}".encode()).decode()


def _fresh_here(person: Visitor, server: Server) -> Callable[[], str]:
    """Where the next new design of ours is: its first push makes it."""
    numbers = count()
    return lambda: server.url(f"new{next(numbers)}")


def _fresh_there(ground: Ground, server: Server) -> Callable[[], str]:
    """Where the next empty repository of git's own server is."""

    def url() -> str:
        key = f"new{next(ground.fresh)}"
        ground.store.create(key)
        command.run(ground.store.path(key), "config", "http.receivepack", "true")
        return server.url(key)

    return url


def _whole(url: Callable[[], str], source: Path) -> None:
    git("push", "-q", url(), "main", cwd=source)


def _commits(url: str, source: Path) -> Callable[[], None]:
    """An act that pushes one commit to a repository that has all of `source`."""
    git("push", "-q", url, "main", cwd=source)
    numbers = count()

    def push() -> None:
        number = next(numbers)
        made = git("commit-tree", "-p", "main", "-m", f"{url} {number}", "main^{tree}", cwd=source).strip()
        git("push", "-q", url, f"{made}:refs/heads/b{number}", cwd=source)

    return push
