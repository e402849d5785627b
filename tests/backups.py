"""What is restored from a backup, and what is told of it; notes that three people share, to be backed up."""

import subprocess
import threading
from contextlib import suppress
from pathlib import Path

from houses import BOX, settle_in, start
from sqlalchemy.exc import OperationalError

from opendesign.actions.edit import edit_files
from opendesign.actions.fork import fork
from opendesign.actions.house import House, Visitor
from opendesign.actions.merge import merge
from opendesign.actions.propose import propose
from opendesign.actions.restore import restore
from opendesign.app import open_house
from opendesign.core.settings import Settings
from opendesign.records.design import all_designs, design_by_id
from opendesign.records.dumping import dump
from opendesign.records.proposal import proposal_by_id

ADA, BIA, CAIO = Visitor(1), Visitor(2), Visitor(3)


def shared_notes(house: House) -> list[int]:
    """The numbers of Ada's notes, of forks of them by Bia and Caio, and of Ada's case."""
    ada, *others = settle_in(house, "ada", "bia", "caio")
    made = [start(house, ada, "notes", {"NOTES.md": "one\n"})]
    for who in others:
        with house.writing(who) as work:
            made.append(fork(work, design_by_id(work.session, made[0])).id)
    return [*made, start(house, ada, "case", {"box.py": BOX})]


def restored(path: Path, folder: Path, url: str = "") -> House:
    """The house that a backup becomes in a new folder."""
    settings = Settings(data=str(folder), database_url=url)
    restore(settings, path)
    return open_house(settings)


def told(house: House, folder: Path) -> dict[str, str]:
    """All records, by table."""
    dump(house.database, folder)
    return {path.stem: path.read_text() for path in folder.iterdir()}


def refs_of(house: House) -> dict[int, dict[str, str]]:
    """The refs of every design, as its repository has them; each repository and pool is whole."""
    found = {}
    for path in (*house.store.root.glob("*.git"), *house.store.pools.folder.glob("*.git")):
        whole = ["git", f"--git-dir={path}", "fsck", "--full", "--strict", "--no-dangling"]
        checked = subprocess.run(whole, capture_output=True, text=True, timeout=60)
        assert checked.returncode == 0, f"{path}: {checked.stdout} {checked.stderr}"
    with house.reading() as work:
        for key in all_designs(work.session):
            with house.store.open(str(key)) as repository:
                found[key] = {sha_ref[1]: sha_ref[0] for sha_ref in _refs(repository)}
    return found


def _refs(repository) -> list[list[str]]:
    lines = repository.run("for-each-ref", "--format=%(objectname) %(refname)").decode().splitlines()
    return [line.split(" ") for line in lines]


class Busy:
    """People and upkeep at work in threads until told to stop; says what was acknowledged."""

    def __init__(self, house: House, family: list[int]):
        self.house, self.family = house, family
        self.acknowledged: list[tuple[int, str]] = []
        self.failed: list[BaseException] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._go, args=(each,)) for each in (self.push, self.come, self.keep)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()
        assert not self.failed, self.failed

    def _go(self, act) -> None:
        try:
            number = 0
            while not self.over.is_set():
                with suppress(OperationalError):  # it waited too long for the writer's lock; nothing was acknowledged
                    act(number := number + 1)
        except BaseException as error:
            self.failed.append(error)

    def push(self, number: int) -> None:
        """Bia and Ada edit; now and then Bia's edit is proposed and merged."""
        notes, bias, *_ = self.family
        for who, design in ((BIA, bias), (ADA, notes)):
            with self.house.writing(who) as work:
                files = {f"{who.person_id}-{number % 5}.md": str(number).encode()}
                sha = edit_files(work, design_by_id(work.session, design), "main", files, f"Edit {number}")
            self.acknowledged.append((design, sha))
        with self.house.writing(BIA) as work:
            designs = [design_by_id(work.session, key) for key in (notes, bias)]
            row = propose(work, *designs, "main").id
        with self.house.writing(ADA) as work:
            made = merge(work, proposal_by_id(work.session, row)).sha
        self.acknowledged.append((notes, made))

    def come(self, number: int) -> None:
        """Forks come."""
        if number < 30:
            with self.house.writing(Visitor(3)) as work:
                made = fork(work, design_by_id(work.session, self.family[number % 2]))
                edit_files(work, made, "main", {"own.md": str(number).encode()}, "Own")
        self.over.wait(0.05)

    def keep(self, number: int) -> None:
        """Upkeep repacks."""
        for design in self.family:
            self.house.store.gc(str(design))
        self.house.store.gc_pools()
