"""Git over HTTP before real repositories: what is told of an answer; and that none ever loses or lends what it has."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from remote import Clone, clone, listening

from opendesign.actions.change_design import change_design, delete_design, forget_job
from opendesign.actions.fork import fork
from opendesign.actions.suspend import suspend, unsuspend
from opendesign.actions.take_down import put_back, take_down
from opendesign.cli.commands import main
from opendesign.cli.wires import Wires
from opendesign.git import command, skeleton
from opendesign.records.design import design_by_path
from opendesign.records.person import person_by_name
from tests.web.conftest import PASSWORD, Site

POOL = re.compile(r"\.\./\.\./pools/[\w-]+\.git/objects\n")


@pytest.mark.parametrize("service", ["git-upload-pack", "git-receive-pack"])
def test_no_cache_keeps_an_answer_however_old_it_is(site, service):
    design = site.design("ada", service)
    answer = site.app.test_client().get(f"{design}.git/info/refs?service={service}", auth=("ada", PASSWORD))
    assert answer.status_code == 200
    assert "no-cache" in answer.headers["Cache-Control"] and answer.headers["Pragma"] == "no-cache"


def test_git_shows_whoever_is_suspended_why_and_asks_for_no_password(site, tmp_path):
    site.visitor("olga")
    address = site.design("mallory", "lamp", visibility="private")
    with site.house.writing() as work:
        person_by_name(work.session, "olga").admin = True
    with listening(site.app) as where:
        made = clone(where, address, "mallory", PASSWORD, tmp_path / "mallory")
        tip = made.commit(note="more\n")
        with site.house.writing(site.visitor("olga")) as work:
            suspend(work, person_by_name(work.session, "mallory"), "Sells others’ work.")
        for told in (made.refused("HEAD:main"), made.git("fetch", check=False).stderr):
            assert "remote: This account is suspended: Sells others’ work." in told
            assert "403" in told and "Password" not in told
        made.git("remote", "set-url", "origin", f"http://mallory:wrong@{where}{address}.git")
        assert "suspended" not in made.refused("HEAD:main")
        with site.house.writing(site.visitor("olga")) as work:
            unsuspend(work, person_by_name(work.session, "mallory"))
        made.git("remote", "set-url", "origin", f"http://mallory:{quote(PASSWORD)}@{where}{address}.git")
        made.git("push", "-q", "origin", "HEAD:main")
    assert site.head(address) == tip


@dataclass
class Family:
    """The designs of a test: what each has to hold, and what nobody else may have in reach."""

    site: Site
    where: str
    folder: Path
    tips: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def path(self, address: str) -> Path:
        """The repository of a design."""
        with self.site.house.reading() as work:
            return self.site.house.store.path(design_by_path(work.session, *address.strip("/").split("/")).key)

    def push(self, address: str) -> None:
        """The owner clones the design and pushes a commit."""
        owner = address.split("/")[1]
        made = clone(self.where, address, owner, PASSWORD, self.folder / f"{owner}{len(self.tips)}")
        self.tips[address] = made.commit(note=f"by {owner}\n")
        made.git("push", "-q", "origin", "HEAD:main")

    def hide(self, address: str) -> None:
        """The owner makes the design private and commits to it what only they may have."""
        owner = address.split("/")[1]
        self.act(owner, address, change_design, visibility="private")
        self.tips[address] = self.site.commit(owner, address, {"patent.md": f"secret of {owner}\n"})
        self.secrets[self.tips[address]] = address

    def act(self, who: str, address: str, action, *words: str, **changes: str):
        """Somebody does something to a design; returns what comes of it."""
        with self.site.house.writing(self.site.visitor(who)) as work:
            return action(work, design_by_path(work.session, *address.strip("/").split("/")), *words, **changes)

    def fork(self, who: str, address: str) -> str:
        """Somebody forks a design; returns the fork's address."""
        made = f"/{self.act(who, address, fork).path}"
        self.tips[made] = self.tips[address]
        return made

    def collect(self) -> None:
        """What `opendesign gc` does to repositories."""
        store = self.site.house.store
        for address in self.tips:
            store.gc(self.path(address).stem)
        store.gc_pools()

    def check(self) -> None:
        """Every repository, with the pool it draws on, is whole, holds its tip, and reaches no secret of another."""
        for address, tip in self.tips.items():
            path = self.path(address)
            command.run(path, "fsck", "--full", "--strict", "--no-dangling")
            alternates = path / skeleton.ALTERNATES
            assert not alternates.exists() or POOL.fullmatch(alternates.read_text())
            names = ["refs/heads/main", *(sha for sha, place in self.secrets.items() if place != address)]
            asked = "".join(f"{name}\n" for name in names).encode()
            told = command.run(path, "cat-file", "--batch-check=%(objectname)", feed=asked).decode().splitlines()
            assert told == [tip, *(f"{sha} missing" for sha in names[1:])], address

    def rename(self, who: str, address: str, name: str) -> str:
        """Somebody renames a design; returns its new address."""
        made = f"/{self.act(who, address, change_design, name=name).path}"
        self.tips[made] = self.tips.pop(address)
        self.secrets = {sha: made if place == address else place for sha, place in self.secrets.items()}
        return made

    def delete(self, who: str, address: str) -> None:
        """Somebody deletes a design, and the worker frees its space."""
        key = self.path(address).stem
        self.act(who, address, delete_design, address.strip("/"))
        forget_job(self.site.house, key)
        del self.tips[address]
        self.secrets = {sha: "" if place == address else place for sha, place in self.secrets.items()}


@pytest.fixture
def kin(site, tmp_path):
    """A family that begins with ada's lamp; olga runs the service."""
    site.visitor("olga")
    with site.house.writing() as work:
        person_by_name(work.session, "olga").admin = True
    for name in ("bob", "cleo", "dan"):
        site.visitor(name)
    lamp = site.design("ada", "lamp")
    with listening(site.app) as where:
        yield Family(site, where, tmp_path, {lamp: site.head(lamp)})


def in_turn(kin: Family):
    """What happens to families of designs, a step at a time; forks are told apart by their owners."""
    yield kin.fork("bob", "/ada/lamp")
    yield kin.push("/bob/lamp")
    yield kin.collect()
    yield kin.fork("cleo", "/bob/lamp")
    yield kin.hide("/cleo/lamp")
    yield kin.collect()
    yield kin.rename("ada", "/ada/lamp", "light")
    yield kin.fork("dan", "/ada/light")
    yield kin.hide("/ada/light")
    yield kin.delete("bob", "/bob/lamp")
    yield kin.collect()
    yield kin.secrets.pop(kin.tips["/ada/light"])
    yield kin.act("ada", "/ada/light", change_design, visibility="public")
    yield kin.fork("bob", "/ada/light")
    yield kin.act("olga", "/ada/light", take_down, "It is somebody else's.")
    yield kin.collect()
    yield kin.act("olga", "/ada/light", put_back)
    yield kin.delete("ada", "/ada/light")
    yield kin.collect()
    yield kin.push("/dan/light")


def test_every_repository_is_whole_after_every_step_and_lends_no_secret(kin, tmp_path):
    for _ in in_turn(kin):
        kin.check()
    assert sorted(kin.tips) == ["/bob/light", "/cleo/lamp", "/dan/light"]
    secret = next(iter(kin.secrets))
    mallory = Clone(tmp_path / "mallory", "mallory")
    mallory.folder.mkdir()
    mallory.git("init", "-q")
    for address in kin.tips:
        guessed = mallory.git("fetch", "-q", f"http://{kin.where}{address}.git", secret, check=False)
        assert guessed.returncode and ("not our ref" in guessed.stderr or "could not read Username" in guessed.stderr)
    assert "not our ref" in guessed.stderr


def test_an_operator_has_a_family_share_nothing_any_more(site):
    vase = site.design("ada", "vase")
    with site.house.writing(site.visitor("bob")) as work:
        fork(work, design_by_path(work.session, "ada", "vase"))
    wires = Wires(lambda: (site.house.settings, {}), lambda _: site.house, print, print, print)
    told = CliRunner().invoke(main, ["separate", vase], obj=wires)
    assert told.output == "2 designs shared objects; each has its own now.\n"
    assert CliRunner().invoke(main, ["separate", "ada/vase"], obj=wires).output.startswith("0 designs")
    gone = CliRunner().invoke(main, ["separate", "ada/nothing"], obj=wires)
    assert gone.exit_code == 1 and "ada/nothing" in gone.output
