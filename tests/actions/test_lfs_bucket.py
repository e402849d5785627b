"""Files of Git LFS in a bucket: any machine has them, none that was acknowledged is lost, others leave nothing."""

import io
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
from click.testing import CliRunner
from houses import PASSWORD, new_house, settle_in, start
from lfs_client import LfsClient, oid_of, pointer
from s3 import client
from service import free_port

from opendesign.actions.back_up import back_up
from opendesign.actions.open_store import open_store
from opendesign.actions.restore import Reversible, restore
from opendesign.actions.shelve_lfs import shelve_lfs
from opendesign.actions.sweep_files import sweep_files
from opendesign.actions.take_file import take_file
from opendesign.actions.tidy import tidy
from opendesign.app import configure, create_app, engine_options, open_house, serve_engine
from opendesign.cli import commands
from opendesign.core.errors import Away, Invalid, NotFound
from opendesign.core.lfs import Pointer
from opendesign.core.settings import Settings
from opendesign.git import large_bucket
from opendesign.git.lfs import LargeFiles
from opendesign.records.lfs import large_files
from opendesign.worker.jobs import work as take_jobs
from tests.actions.test_restore import rewritten

STEP = b"ISO-10303-21;\n" * 900
LARGE = os.urandom(1 << 20) * 9  # more than one part of a large object
LID = STEP + b"lid"
DYING = """
import os, sys, io, signal
from opendesign.actions.open_store import open_store
from opendesign.core.lfs import Pointer
from opendesign.core.settings import Settings

content = open(sys.argv[3], "rb").read()
when, oid = sys.argv[4:]

class Dying(io.BytesIO):
    def read(self, size=-1):
        if when == "amid" and self.tell() > len(content) * 0.9:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(size)

lfs = open_store(Settings(data=sys.argv[1], shelf_url=sys.argv[2])).lfs
with lfs.arriving(Pointer(oid, len(content)), Dying(content)):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def named(content: bytes) -> Pointer:
    return Pointer(oid_of(content), len(content))


@pytest.fixture
def url(store_of_files, tmp_path):
    return store_of_files.below(tmp_path.name.replace("_", "-"))


@pytest.fixture
def house(url, tmp_path):
    """A house whose files lie in a bucket."""
    made = new_house(tmp_path / "house", shelf_url=url)
    yield made
    made.database.close()


@pytest.fixture
def ada(house):
    return settle_in(house, "ada")[0]


@pytest.fixture
def design(house, ada):
    """A design whose file has not been sent."""
    return start(house, ada, "case", {"case.step": pointer(STEP)})


def send(house, person, design: int, content: bytes) -> None:
    take_file(house, person, design, named(content), io.BytesIO(content))


def machine(house, folder, **settings):
    """Another machine over the same records and repositories."""
    chosen = replace(house.settings, shelf_cache=str(folder), **settings)
    return replace(house, settings=chosen, store=open_store(chosen))


def cut_off(house, folder):
    """A machine with these copies while the store does not answer."""
    return machine(house, folder, shelf_url=f"s3://made?endpoint=http://127.0.0.1:{free_port()}")


def unfinished(house) -> int:
    """How many objects have begun to be sent."""
    found = client(house.store.lfs.bucket.address.endpoint).list_multipart_uploads(Bucket="made")
    return sum(each["Key"].startswith(house.store.lfs.bucket.address.prefix) for each in found.get("Uploads", ()))


def files_on_disk(house) -> list:
    return [path for path in house.store.lfs.root.rglob("*") if path.is_file() and path.name != "held"]


@pytest.mark.parametrize("content", [b"", STEP, LARGE], ids=["nothing", "a part", "several parts"])
def test_what_one_machine_takes_another_has_without_a_shared_disk(house, ada, design, tmp_path, content, monkeypatch):
    send(house, ada, design, content)
    other = machine(house, tmp_path / "other").store.lfs
    assert other.holds(named(content)) and not other.holds(Pointer(oid_of(content), len(content) + 1))
    assert files_on_disk(house) == [] and unfinished(house) == 0
    monkeypatch.setattr(large_bucket, "WINDOW", 1000 if content == STEP else 3 << 20)
    with other.opened(named(content)) as file:
        assert file.read() == content
        for place in (0, 999, 1001, len(content) - 1, len(content)):
            file.seek(place)
            assert file.read(1500) == content[place : place + 1500]
    assert not [path for path in (tmp_path / "other").rglob("*") if path.is_file()], "what is passed on is not copied"
    assert other.found(named(content)).read_bytes() == content
    again = cut_off(house, tmp_path / "other").store.lfs
    assert again.found(named(content)).read_bytes() == again.read(named(content)) == content


@pytest.mark.parametrize("wrong", [LARGE[:-1], LARGE + b"x", LARGE[:-1] + b"\0"], ids=["short", "long", "other"])
def test_wrong_bytes_leave_nothing_in_the_bucket(house, ada, design, wrong):
    with pytest.raises(Exception, match="nothing was kept"):
        take_file(house, ada, design, named(LARGE), io.BytesIO(wrong))
    assert list(house.store.lfs.everything()) == [] and unfinished(house) == 0
    with house.reading() as work:
        assert not large_files(work.session, design, [oid_of(LARGE)])


@pytest.mark.slow
@pytest.mark.parametrize("when", ["amid", "before it is noted"])
def test_whoever_is_killed_has_acknowledged_nothing_and_is_cleaned_up_after(
    house, ada, design, tmp_path, when, monkeypatch
):
    (tmp_path / "large").write_bytes(LARGE)
    words = [str(tmp_path / "house"), house.settings.shelf_url, str(tmp_path / "large"), when, oid_of(LARGE)]
    assert subprocess.run([sys.executable, "-c", DYING, *words], check=False).returncode == -9
    amid = when == "amid"
    assert house.store.lfs.holds(named(LARGE)) != amid and unfinished(house) == amid
    monkeypatch.setattr("opendesign.actions.sweep_files.GRACE_SECONDS", 60)
    assert sweep_files(house) == 0, "it may be about to be noted"
    monkeypatch.setattr("opendesign.actions.sweep_files.GRACE_SECONDS", -60)
    assert sweep_files(house) == (not amid) and unfinished(house) == 0
    send(house, ada, design, LARGE)
    assert sweep_files(house) == 0 and house.store.lfs.read(named(LARGE)) == LARGE


def test_a_sweep_waits_for_what_arrives_and_then_keeps_it(house, ada, design):
    lfs, swept = house.store.lfs, []
    with lfs.arriving(named(STEP), io.BytesIO(STEP)):
        pass
    asked = threading.Event()
    later = int(time.time()) + 1  # stores tell whole seconds: what is there by now is old

    def none_kept(oids):
        asked.set()
        return set()

    sweeper = threading.Thread(target=lambda: swept.append(lfs.sweep(none_kept, later)))
    with lfs.arriving(named(STEP), io.BytesIO(STEP)):
        sweeper.start()
        assert not asked.wait(0.3), "nothing is decided while something arrives"
        while time.time() < later:
            time.sleep(0.02)
        lfs.bucket.put(oid_of(STEP), STEP)  # as another machine does that is sent the same file
    sweeper.join(20)
    assert asked.is_set() and swept == [0] and lfs.read(named(STEP)) == STEP
    assert lfs.sweep(lambda oids: set(oids), time.time() + 60) == 0
    assert lfs.sweep(lambda oids: set(), time.time() + 60) == 1 and not lfs.holds(named(STEP))


def test_without_the_store_whoever_sends_or_fetches_is_told_when_to_come_again(house, ada, design, tmp_path):
    send(house, ada, design, STEP)
    app = create_app(cut_off(house, tmp_path / "empty"))
    adas = LfsClient(app, "ada", PASSWORD)
    answers = [adas.have("/ada/case", STEP)]
    for content in (STEP, LARGE):  # by git-lfs, which comes again for files only
        assert adas.told("/ada/case", "upload", content)["actions"]["upload"]
    answers.append(adas.ask("PUT", "/ada/case", f"objects/{oid_of(LARGE)}", data=LARGE, headers=adas.headers))
    answers.append(app.test_client().get("/ada/case/raw/main/case.step"))
    for answer in answers:
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0, answer.text
        assert "does not answer" in answer.text and "127.0.0.1" not in answer.text
    with house.reading() as work:
        assert large_files(work.session, design, [oid_of(STEP), oid_of(LARGE)]) == {oid_of(STEP): len(STEP)}
    assert (
        LfsClient(create_app(house), "ada", PASSWORD).have("/ada/case", STEP, Range="bytes=14-26").data == STEP[14:27]
    )


def test_what_lies_on_the_disk_is_had_until_it_is_moved_and_after(house, ada, design, tmp_path, monkeypatch):
    lfs, old = house.store.lfs, LargeFiles(house.store.lfs.root)
    for content in (STEP, LARGE):
        with old.arriving(named(content), io.BytesIO(content)):
            assert lfs.read(named(content)) == content and lfs.found(named(content)) == lfs.path(oid_of(content))
    damaged = named(b"whole")
    old.path(damaged.oid).parent.mkdir(exist_ok=True)
    old.path(damaged.oid).write_bytes(b"rotten"[:5])
    with pytest.raises(Away):
        shelve_lfs(cut_off(house, tmp_path / "none").store.lfs)
    lfs.bucket.put(oid_of(STEP), STEP)  # whoever moved it was killed before it left the disk
    assert len(list(lfs.everything())) == 3
    monkeypatch.setenv("DATA", str(tmp_path / "house"))
    monkeypatch.setenv("OPENDESIGN_SHELF_URL", house.settings.shelf_url)
    monkeypatch.setenv("OPENDESIGN_DATABASE_URL", house.settings.database)
    wires = commands.Wires(configure, open_house, take_jobs, serve_engine, engine_options)
    for moved in (2, 0):
        said = CliRunner().invoke(commands.main, ["shelve-lfs"], obj=wires)
        assert said.exit_code == 1 and said.output.startswith(f"{moved} files"), said.output
        assert damaged.oid in said.output and files_on_disk(house) == [old.path(damaged.oid)]
    assert lfs.read(named(STEP)) == STEP and lfs.read(named(LARGE)) == LARGE and not old.holds(named(STEP))


@pytest.mark.parametrize("there_in", ["bucket", "folder"])
def test_a_backup_holds_large_files_wherever_they_lie_and_go(house, ada, design, tmp_path, url, there_in):
    send(house, ada, design, STEP), send(house, ada, design, LID)
    first = back_up(house, tmp_path / "all.zip").manifest
    assert {f"repos/lfs/{oid[:2]}/{oid}" for oid in map(oid_of, (STEP, LID))} <= {each.path for each in first.pieces}
    house.store.lfs.bucket.fetch = lambda *_: pytest.fail("what an earlier backup has is not fetched")
    back_up(house, tmp_path / "more.zip", since=tmp_path / "all.zip")
    other = url.below(f"{tmp_path.name.replace('_', '-')}-there") if there_in == "bucket" else ""
    settings = Settings(data=str(tmp_path / "there"), shelf_url=other)
    restore(settings, tmp_path / "more.zip")
    there = open_store(settings).lfs
    assert there.here([named(STEP), named(LID)]) == {named(STEP), named(LID)} and there.read(named(LID)) == LID
    assert bool(list(LargeFiles(there.root).everything())) == (there_in == "folder")


def test_a_restore_that_fails_leaves_no_large_files(house, ada, design, tmp_path, url):
    send(house, ada, design, STEP)
    back_up(house, tmp_path / "all.zip")
    settings = Settings(data=str(tmp_path / "there"), shelf_url=url.below("failing"))

    def unknown_rows(manifest, contents):
        manifest["pieces"] = [each for each in manifest["pieces"] if each["path"] != "records/design.jsonl"]

    with pytest.raises(Invalid, match="contradict each other"):
        restore(settings, rewritten(tmp_path / "all.zip", tmp_path / "lying.zip", unknown_rows))
    assert list(open_store(settings).lfs.everything()) == []


def test_why_a_restore_failed_is_told_whatever_fails_when_it_is_taken_back(caplog):
    taken_back = []

    def fail():
        raise Away("The store of files does not answer.", 10)

    with pytest.raises(Invalid, match="The records are none"), Reversible() as placed:
        placed.undo(lambda: taken_back.append("first"))
        placed.undo(fail)
        raise Invalid("The records are none.")
    assert taken_back == ["first"] and "does not answer" in caplog.text
    with Reversible() as placed:
        placed.undo(fail)


def test_made_files_and_large_files_keep_out_of_each_others_way(house, ada, design, monkeypatch):
    send(house, ada, design, STEP)
    house.store.lfs.bucket.put("readme.txt", b"An operator's own.")
    made = "ab" + "0" * 62
    house.shelf.put(made, {"step": STEP})
    assert list(house.shelf.everything()) == [made] and [each.oid for each in house.store.lfs.everything()] == [
        oid_of(STEP)
    ]
    for module in ("tidy.KEPT_SECONDS", "sweep_files.GRACE_SECONDS"):
        monkeypatch.setattr(f"opendesign.actions.{module}", -60)
    assert (tidy(house), sweep_files(house)) == (1, 0) and house.store.lfs.holds(named(STEP))
    assert house.store.lfs.bucket.look("readme.txt")
    with pytest.raises(NotFound):
        house.store.lfs.found(named(b"nobody's"))
