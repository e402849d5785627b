"""What is true of a shelf in a bucket alone; what is true of both kinds is in test_shelf.py."""

import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from service import free_port

import opendesign
from opendesign.cad import bucket_shelf
from opendesign.cad.bucket_shelf import SEAL, BucketShelf, named
from opendesign.cad.shelves import open_shelf
from opendesign.core.errors import Away, NotFound
from opendesign.core.settings import Settings

KEY = "ab" + "0" * 62
OTHER = "cd" + "1" * 62


@pytest.fixture
def url(store_of_files, tmp_path):
    return store_of_files.below(tmp_path.name.replace("_", "-"))


def machine(folder, url: str) -> BucketShelf:
    """The shelf as a machine of its own has it."""
    folder.mkdir(exist_ok=True)
    return open_shelf(Settings(data=str(folder), shelf_url=url, shelf_cache=str(folder / "copies")))


def without_store(shelf: BucketShelf, tmp_path) -> BucketShelf:
    """The same machine while nothing listens at the address of the store."""
    dead = f"s3://made?endpoint=http://127.0.0.1:{free_port()}"
    return open_shelf(Settings(data=str(tmp_path), shelf_url=dead, shelf_cache=str(shelf.copies.folder)))


def test_what_one_machine_puts_another_reads_and_keeps(url, tmp_path):
    one, other = machine(tmp_path / "one", url), machine(tmp_path / "other", url)
    one.put(KEY, {"step": b"ISO" * 1000, "png": b"picture"})
    assert other.has(KEY, "step") and not other.place(KEY).exists(), "asking fetches nothing"
    copy = other.path(KEY, "step")
    assert copy.read_bytes() == b"ISO" * 1000 and copy.is_relative_to(tmp_path / "other")
    assert other.served(KEY, "step", ("gzip",))[1] == "gzip"
    alone = without_store(other, tmp_path)
    assert alone.path(KEY, "step") == copy and alone.has(KEY, "step")
    for ask in (alone.path, alone.has):
        with pytest.raises(Away) as away:
            ask(KEY, "png")
        assert away.value.status == 503 and away.value.retry_after


def test_nothing_is_seen_of_a_set_before_all_of_it_is_there(url, tmp_path):
    shelf = machine(tmp_path, url)
    shelf.bucket.put(named(KEY, "step"), b"ISO")  # and then its maker was killed
    assert shelf.names(KEY) == {} and not shelf.has(KEY, "step") and list(shelf.everything()) == []
    assert shelf.lacking({KEY: {"step": 3}}) == {KEY}
    with pytest.raises(NotFound):
        shelf.path(KEY, "step")
    assert list(shelf.older(0)) == [] and list(shelf.older(9e9)) == [KEY], "it is cleared away in time"
    shelf.put(KEY, {"step": b"ISO"})
    assert shelf.names(KEY) == {"step": 3}


def test_what_is_deleted_is_first_not_seen_and_then_gone(url, tmp_path):
    shelf = machine(tmp_path, url)
    shelf.put(KEY, {"step": b"ISO", "png": b"picture"})
    assert next(each.name for each in shelf.bucket.below("")) == named(KEY, SEAL)
    shelf.delete(KEY)
    assert list(shelf.bucket.below("")) == [] and not shelf.place(KEY).exists()


def test_what_many_lack_is_found_by_one_listing(url, tmp_path, monkeypatch):
    shelf = machine(tmp_path, url)
    shelf.put(KEY, {"step": b"ISO"})
    wanted = {KEY: {"step": 3}, OTHER: {"step": 3}}
    assert shelf.lacking(wanted) == {OTHER}
    monkeypatch.setattr(bucket_shelf, "MANY", 1)
    assert shelf.lacking(wanted) == {OTHER} and shelf.lacking({**wanted, KEY: {"step": 4}}) == {KEY, OTHER}


def test_whoever_goes_through_everything_leaves_no_copies(url, tmp_path):
    machine(tmp_path / "one", url).put(KEY, {"step": b"ISO"})
    other = machine(tmp_path / "other", url)
    with other.borrowed(KEY, "step") as path:
        assert path.read_bytes() == b"ISO"
    assert not path.exists() and not other.place(KEY).exists()


def test_a_proof_leaves_nothing(url, tmp_path):
    shelf = machine(tmp_path, url)
    shelf.prove()
    assert list(shelf.bucket.below("")) == [] and [path for path in shelf.root.rglob("*") if path.is_file()] == []
    with pytest.raises(Away):
        without_store(shelf, tmp_path).prove()


@pytest.mark.parametrize("status, asked", [(503, 2), (403, 2), (500, 4)])
def test_a_store_that_refuses_is_away_and_one_that_is_down_is_left_alone_for_a_while(tmp_path, status, asked):
    seen = []

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        shelf = machine(tmp_path, f"s3://made?endpoint=http://127.0.0.1:{server.server_port}")
        for _ in range(2):
            with pytest.raises(Away, match="Nothing is lost"):
                shelf.names(KEY)
        server.shutdown()
    assert len(seen) == asked, "503 is tried twice and then not for some seconds, 403 once each time"


def test_a_shelf_in_a_folder_pays_nothing_for_buckets():
    for path in Path(opendesign.__file__).parent.rglob("*.py"):
        if path.name != "bucket_shelf.py":
            assert not re.search(r"^(from|import) opendesign\.cad\.bucket", path.read_text(), re.MULTILINE), path
    check = "import sys, opendesign.cad.shelves; sys.exit(any('boto' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
