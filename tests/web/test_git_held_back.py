"""Mallory begins to fetch or to push, holds the rest of the request back, and sends it when it should be too late."""

import base64
import gzip
import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import delete
from werkzeug.test import EnvironBuilder, run_wsgi_app

from opendesign.actions.change_design import change_design, delete_design
from opendesign.actions.suspend import suspend
from opendesign.git import command, pushing
from opendesign.git.pktlines import FLUSH, line
from opendesign.records.design import Member, design_by_path
from opendesign.records.person import person_by_name
from opendesign.records.switch import READ_ONLY, Switch
from opendesign.records.verdict import BranchRule
from tests.web.conftest import PASSWORD, Site

names = itertools.count()
NOTHING = b"0" * 40
LISTING = line(b"command=ls-refs\n") + line(b"object-format=sha1") + b"0001" + line(b"ref-prefix refs/heads/\n") + FLUSH


class HeldBack(io.RawIOBase):
    """A body that comes to its end only after something has happened: `after` so many bytes."""

    def __init__(self, body: bytes, happens: Callable[[], object], after: int = 0):
        self.pieces = [body[:after], body[after:]] if after else [b"", body]
        self.happens = happens

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if not self.pieces[0] and len(self.pieces) > 1:
            self.pieces.pop(0)
            self.happens()
        size = min(len(buffer), len(self.pieces[0]))
        buffer[:size], self.pieces[0] = self.pieces[0][:size], self.pieces[0][size:]
        return size


@dataclass
class Trap:
    """A design of Ada's that Mallory may write to, and a commit that is not in it."""

    site: Site
    address: str
    tip: str
    made: bytes

    def ask(self, question: str, body: HeldBack | bytes, who: str | None = "mallory", **more: str) -> tuple[str, bytes]:
        """Sends a request and returns the status and the answer."""
        kind = f"application/x-{question}-request"
        headers = {"Git-Protocol": "version=2"} if question == "git-upload-pack" else {}
        if who:
            headers["Authorization"] = "Basic " + base64.b64encode(f"{who}:{PASSWORD}".encode()).decode()
        asked = EnvironBuilder(f"{self.address}.git/{question}", method="POST", content_type=kind, headers=headers)
        stream = io.BytesIO(body) if isinstance(body, bytes) else body
        environ = asked.get_environ() | {"wsgi.input": stream, "wsgi.input_terminated": True, **more}
        answer, status, _ = run_wsgi_app(self.site.app, environ, buffered=True)
        return status, b"".join(answer)

    @property
    def orders(self) -> bytes:
        return line(b"%b %b refs/heads/owned\0report-status side-band-64k" % (NOTHING, self.tip.encode())) + FLUSH

    def change(self, **facts: str) -> None:
        with self.site.house.writing(self.site.visitor("ada")) as work:
            change_design(work, self.design(work), **facts)

    def design(self, work):
        return design_by_path(work.session, *self.address.strip("/").split("/"))

    def branches(self) -> set[str]:
        with self.site.house.reading() as work, self.site.house.store.open(self.design(work).key) as repository:
            return set(repository.refs())


def pack_of(site: Site, address: str) -> bytes:
    """All objects of a design, none of them compressed."""
    with site.house.reading() as work:
        path = site.house.store.path(design_by_path(work.session, *address.strip("/").split("/")).key)
    words = ("-c", "pack.compression=0", "pack-objects", "--no-reuse-object", "--stdout", "--revs", "-q")
    return command.run(path, *words, feed=f"{site.head(address)}\n".encode())


@pytest.fixture
def trap(site, monkeypatch) -> Trap:
    monkeypatch.setattr(pushing, "TRUSTED_SECONDS", 0)
    site.visitor("mallory")
    with site.house.writing() as work:
        again = person_by_name(work.session, "mallory")
        again.suspended_at, again.suspended_for = None, ""
    own = site.design("mallory", f"own-{next(names)}", {"README.md": "# Own\n" + "words " * 400})
    tip = site.head(own)
    trap = Trap(site, site.design("ada", f"lamp-{next(names)}", {"README.md": "# Lamp\n"}), tip, pack_of(site, own))
    with site.house.writing(site.visitor("ada")) as work:
        person = person_by_name(work.session, "mallory")
        work.session.add(Member(design=trap.design(work), person=person, role="writer"))
    return trap


def test_nothing_held_back_is_taken(trap):
    assert b"ok refs/heads/owned" in trap.ask("git-receive-pack", trap.orders + trap.made)[1]
    assert b"refs/heads/main" in trap.ask("git-upload-pack", LISTING, who=None)[1]


@pytest.mark.parametrize("who", ["mallory", None])
def test_a_fetch_that_waits_until_the_design_is_closed_gets_nothing(trap, who):
    def closes() -> None:
        trap.change(visibility="private")
        with trap.site.house.writing(trap.site.visitor("ada")) as work:
            work.session.execute(delete(Member).where(Member.design_id == trap.design(work).id))

    status, said = trap.ask("git-upload-pack", HeldBack(LISTING, closes), who)
    assert status.startswith("404") and b"refs/heads" not in said


@pytest.mark.parametrize("question", ["git-upload-pack", "git-receive-pack"])
def test_whoever_waits_until_the_design_is_gone_reaches_no_other(trap, question):
    address = trap.address.strip("/")

    def goes() -> None:
        with trap.site.house.writing(trap.site.visitor("ada")) as work:
            delete_design(work, trap.design(work), address)
        trap.address = trap.site.design("alice", f"secret-{next(names)}", {"plans.py": "1"}, visibility="private")

    trapped = trap.orders + trap.made if question == "git-receive-pack" else LISTING
    _, said = trap.ask(question, HeldBack(trapped, goes))
    assert b"refs/heads/main" not in said and b"ok refs" not in said and b"alice" not in said
    assert trap.branches() == {"refs/heads/main"}


def suspended(trap: Trap, work) -> None:
    work.person = person_by_name(work.session, "ada")
    work.person.admin = True
    suspend(work, person_by_name(work.session, "mallory"), "Sells others' work.")
    work.person.admin = False


def sent_away(trap: Trap, work) -> None:
    work.session.execute(delete(Member).where(Member.design_id == trap.design(work).id))


def read_only(trap: Trap, work) -> None:
    work.session.add(Switch(name=READ_ONLY, reason="Moving."))


def guarded(trap: Trap, work) -> None:
    work.session.add(BranchRule(design_id=trap.design(work).id, branch="owned", approvals=1))


@pytest.mark.parametrize("held", ["orders", "pack"])
@pytest.mark.parametrize("happens", [suspended, sent_away, read_only, guarded])
def test_a_push_that_waits_until_it_may_no_longer_moves_nothing(trap, happens, held):
    def act() -> None:
        with trap.site.house.writing() as work:
            happens(trap, work)

    body = trap.orders + trap.made
    after = {"orders": 0, "pack": len(body) - 10}[held]
    try:
        status, said = trap.ask("git-receive-pack", HeldBack(body, act, after))
    finally:
        with trap.site.house.writing() as work:
            work.session.execute(delete(Switch))
    assert b"ok refs/heads/owned" not in said, status
    assert trap.branches() == {"refs/heads/main"}


def test_a_password_that_was_changed_meanwhile_opens_nothing(trap):
    def act() -> None:
        with trap.site.house.writing() as work:
            person = person_by_name(work.session, "mallory")
            trap.kept, person.password = person.password, "another"

    said = trap.ask("git-receive-pack", HeldBack(trap.orders + trap.made, act))[1]
    with trap.site.house.writing() as work:
        person_by_name(work.session, "mallory").password = trap.kept
    assert b"ok refs" not in said and trap.branches() == {"refs/heads/main"}


def test_what_a_compressed_body_grows_to_is_what_counts(trap):
    zeros = trap.site.design("mallory", f"zeros-{next(names)}", {"zeros.txt": bytes(1_500_000)})
    trap.tip, trap.made = trap.site.head(zeros), pack_of(trap.site, zeros)
    body = gzip.compress(trap.orders + trap.made, 9)
    assert len(body) < 10_000 < 1_500_000 < len(trap.made)
    with trap.site.house.writing() as work:
        person_by_name(work.session, "ada").quota_mb = 1
    said = trap.ask("git-receive-pack", body, HTTP_CONTENT_ENCODING="gzip")[1]
    with trap.site.house.writing() as work:
        person_by_name(work.session, "ada").quota_mb = None
    assert b"no room" in said and trap.branches() == {"refs/heads/main"}
    assert b"ok refs/heads/owned" in trap.ask("git-receive-pack", body, HTTP_CONTENT_ENCODING="gzip")[1]
