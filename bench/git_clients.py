"""Clients of the servers that are compared, and what a server's memory does meanwhile."""

import http.client
import shutil
import subprocess
from collections.abc import Callable
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from bench.git_servers import Server
from opendesign.git.pktlines import FLUSH, line
from tests.git.served import git

DELIMITER = b"0001"
MEGABYTE = 1 << 20


class Client:
    """A git client of one server, with its clones in `folder`."""

    numbers = count()

    def __init__(self, server: Server, folder: Path):
        self.url = server.url
        self.folder = folder / f"client{next(self.numbers)}"

    def clone(self, key: str) -> None:
        """A bare clone, thrown away."""
        target = self.folder / "clone"
        git("clone", "-q", "--bare", self.url(key), str(target))
        shutil.rmtree(target)

    def prepare(self, key: str) -> None:
        """A clone to fetch into."""
        git("clone", "-q", "--bare", self.url(key), str(self.folder / key))

    def fetch(self, key: str) -> None:
        """A fetch that finds nothing new."""
        git("fetch", "-q", "origin", cwd=self.folder / key)

    def transfer(self, key: str, body: bytes) -> None:
        """The request of a clone, with its answer thrown away: the server's part alone."""
        place = urlsplit(self.url(key))
        connection = http.client.HTTPConnection(place.netloc)
        kind = {"Content-Type": "application/x-git-upload-pack-request", "Git-Protocol": "version=2"}
        connection.request("POST", f"{place.path}/git-upload-pack", body, kind)
        answer = connection.getresponse()
        assert answer.status == 200
        while answer.read(MEGABYTE):
            continue
        connection.close()

    def pushing(self, key: str, source: Path) -> Callable[[], None]:
        """An act that pushes a commit of one file to a design that has all of `source` first."""
        work = self.folder / f"work-{key}"
        git("clone", "-q", "--no-checkout", str(source), str(work))
        git("push", "-q", self.url(key), "HEAD:main", cwd=work)
        numbers = count()

        def push() -> None:
            number = next(numbers)
            made = git("commit-tree", "-p", "HEAD", "-m", f"Change {number}", "HEAD^{tree}", cwd=work).strip()
            git("push", "-q", self.url(key), f"{made}:refs/heads/b{number}", cwd=work)

        return push


def fetch_body(url: str) -> bytes:
    """The request by which a clone asks for everything."""
    tip = git("ls-remote", url, "refs/heads/main").split()[0]
    wants = [line(f"want {tip}\n".encode()), line(b"ofs-delta\n"), line(b"no-progress\n"), line(b"done\n")]
    return line(b"command=fetch\n") + DELIMITER + b"".join(wants) + FLUSH


def peak_growth(pid: int, act: Callable[[], object]) -> float:
    """By how many megabytes the Python processes of a server grow at most, together, while `act` runs."""
    pids = [pid, *_children(pid)]
    before = {one: _memory(one, "VmRSS") for one in pids}
    for one in pids:
        Path(f"/proc/{one}/clear_refs").write_text("5")
    act()
    return sum(_memory(one, "VmHWM") - before[one] for one in pids) / 1024


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(word) for word in listed.split()]


def _memory(pid: int, field: str) -> int:
    """Kilobytes, as the kernel counts them."""
    facts = Path(f"/proc/{pid}/status").read_text().split("\n")
    return next(int(fact.split()[1]) for fact in facts if fact.startswith(field))
