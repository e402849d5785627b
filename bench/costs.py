"""What one more design, revision, build, fork and clone costs: `PYTHONPATH=tests:. python -m bench.costs`.

In bytes and processor time, which say the same on a quiet machine and a busy one. The figures of docs/scaling.md.
"""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from _pytest.outcomes import Skipped
from houses import new_house, settle_in, start
from postgres import Postgres
from service import BOX, Service, Visitor

from bench.spent import memory, own, settled, tree
from opendesign.actions.edit import edit_files
from opendesign.actions.fork import fork
from opendesign.records.database import Database, Session
from opendesign.records.design import design_by_id

DESIGNS, REVISIONS, FORKS, BUILDS, CLONES = 40, 60, 40, 30, 20
PIECES = {"gunicorn": "web", "worker": "worker", "engine": "engine"}


def main() -> None:
    """Measures and prints, one figure a line."""
    with tempfile.TemporaryDirectory(prefix="costs-") as name, ExitStack() as open_now:
        folder, settings = Path(name), {}
        try:
            server = Postgres()
            open_now.callback(server.stop)
            settings["OPENDESIGN_DATABASE_URL"] = server.database("costs")
            settings["OPENDESIGN_QUEUE_URL"] = server.database("queue")
        except Skipped:
            print("PostgreSQL is missing; bytes are SQLite's")
        service = Service(folder / "data", "--no-demo", **settings).wait()
        open_now.callback(service.stop)
        print_held(folder / "held", server.database("held") if settings else "")
        url = settings.get("OPENDESIGN_DATABASE_URL") or f"sqlite:///{service.data}/var/opendesign.db"
        Costs(service, url, folder).print_all()


class Costs:
    """A person who does each thing many times, and what that took."""

    def __init__(self, service: Service, url: str, folder: Path):
        self.service, self.folder = service, folder
        self.database, self.ada = Database(url), service.join("ada")
        self.bob: Visitor = service.join("bob")

    def print_all(self) -> None:
        """Does everything and prints it."""
        self.ada.start_design("box", {"box.py": BOX, "README.md": "# Box\n"}, self.folder / "clone")
        self.ada.built("/designs/ada/box", {"part": "box.py"})
        self.cost("design with one file", DESIGNS, self.design, self.repos)
        self.cost("revision (an edit of a text)", REVISIONS, self.revision, self.repos)
        self.cost("fork", FORKS, self.fork, self.repos)
        self.cost("build of a box, all files", BUILDS, self.build, self.shelf)
        self.cost("clone of that design", CLONES, self.clone, lambda: 0)
        sent = bytes_below(self.folder / "clones" / "0" / ".git" / "objects")
        print(f"{'bytes of objects in a clone':<34}{sent:>12,} B")
        for pid in tree(self.service.process.pid):
            print(f"{'memory: ' + piece(pid):<34}{memory(pid, 'Pss'):>12.0f} MB")

    def cost(self, name: str, times: int, act: Callable[[int], object], kept: Callable[[], int]) -> None:
        """Does something many times and prints what one time takes."""
        pid = self.service.process.pid
        rows, files, time = self.rows(), kept(), settled(pid)
        for number in range(times):
            act(number)
        time = settled(pid) - time
        figures = time / times, (self.rows() - rows) / times, (kept() - files) / times
        print(
            f"{name:<34}{figures[0]:>9.1f} ms {figures[1]:>9,.0f} B of rows {figures[2]:>9,.0f} B of files", flush=True
        )

    def rows(self) -> int:
        """Bytes of the database."""
        if self.database.sqlite:
            return sum(file.stat().st_size for file in (self.service.data / "var").glob("opendesign.db*"))
        with self.database.engine.connect() as connection:
            connection.exec_driver_sql("checkpoint")
            return connection.exec_driver_sql("select pg_database_size(current_database())").scalar() or 0

    def repos(self) -> int:
        """Bytes that repositories take on the disk."""
        return bytes_below(self.service.data / "repos")

    def shelf(self) -> int:
        """Bytes that made files take on the disk."""
        return bytes_below(self.service.data / "var" / "shelf")

    def design(self, number: int) -> None:
        """Starts a design with a file in it."""
        self.ada.post("/designs", {"name": f"d{number}", "title": "D", "licence": "CERN-OHL-W-2.0"})
        self.write("ada", f"d{number}", number)

    def revision(self, number: int) -> None:
        """Edits a file."""
        self.write("ada", "box", number)

    def write(self, owner: str, name: str, number: int) -> None:
        """Commits a text of 200 letters."""
        body = {"content": f"{number:>200}\n", "message": f"Note {number}"}
        answer = self.ada.ask("PUT", f"/designs/{owner}/{name}/files/main/NOTES.md", json=body)
        assert answer.status_code in (200, 201), answer.text

    def fork(self, number: int) -> None:
        """Forks the box."""
        self.bob.post("/designs/ada/box/forks", {"name": f"f{number}"})

    def build(self, number: int) -> None:
        """Has a box built that nobody has had."""
        made = self.ada.built("/designs/ada/box", {"part": "box.py", "parameters": {"WIDTH": 30 + number * 0.5}})
        assert made["state"] == "made", made

    def clone(self, number: int) -> None:
        """Clones the box, as git does."""
        self.ada.git("clone", "-q", f"{self.service.url}/ada/box.git", str(self.folder / "clones" / str(number)))


class Timed(Database):
    """A database that adds up for how long its one writer's lock is held, in milliseconds of processor time."""

    held = 0.0

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """As ever."""
        with super().writing() as session:
            begun = own()
            yield session
        self.held += (own() - begun) * 1000


def print_held(folder: Path, url: str) -> None:
    """Prints for how long an edit and a fork keep all others from writing."""
    house = new_house(folder, database_url=url)
    house = replace(house, database=Timed(house.settings.database))
    ada, bob = settle_in(house, "ada", "bob")
    number = start(house, ada, "box", {"box.py": BOX})

    def edit(turn: int) -> None:
        with house.writing(ada) as work:
            edit_files(work, design_by_id(work.session, number), "main", {"NOTES.md": b"%d" % turn}, f"Note {turn}")

    def forked(turn: int) -> None:
        with house.writing(bob) as work:
            fork(work, design_by_id(work.session, number), f"f{turn}")

    for name, act in (("edit", edit), ("fork", forked)):
        act(-1)
        house.database.held = 0.0
        for turn in range(REVISIONS):
            act(turn)
        print(f"{'writer alone, of an ' + name:<34}{house.database.held / REVISIONS:>9.1f} ms", flush=True)


def bytes_below(folder: Path) -> int:
    """Bytes that the files and folders below a folder take on the disk, each once."""
    return int(subprocess.run(["du", "-s", "-B1", folder], capture_output=True, text=True).stdout.split()[0])


def piece(pid: int) -> str:
    """Which piece of the service a process is of."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    return next(
        (name for word, name in PIECES.items() if any(word in each for each in words)), os.path.basename(words[0])
    )


main()
