"""Clones and fetches by real clients from a live server."""

import gzip
import http.client
import os
import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from opendesign.git.answers import Shelf, trim
from opendesign.git.limits import GitLimits
from opendesign.git.pktlines import FLUSH, line
from tests.git.packs import fill
from tests.git.served import eventually, git, processes_in, save

LS_REFS = line(b"command=ls-refs\n") + b"0001" + line(b"peel\n") + FLUSH


def ask(url: str, body: bytes, **headers: str) -> bytes:
    kind = {"Content-Type": "application/x-git-upload-pack-request", "Git-Protocol": "version=2"}
    request = urllib.request.Request(f"{url}/git-upload-pack", data=body, headers=kind | headers)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_clone_and_fetch_in_every_protocol(url, store, design, commit, tmp_path, version):
    work = tmp_path / "work"
    speak = ("-c", f"protocol.version={version}")
    for _ in range(2):
        git(*speak, "clone", "-q", url, str(work))
        assert (work / "README.md").read_bytes() == b"# A box\n"
        assert git("fsck", "--strict", cwd=work) == ""
        work.rename(tmp_path / f"w{_}")
    work = tmp_path / "w1"
    assert git(*speak, "fetch", cwd=work) == ""
    tip = commit(design, {"new.py": b"1"})
    git(*speak, "pull", "-q", "--ff-only", cwd=work)
    assert git("rev-parse", "HEAD", cwd=work).strip() == tip


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_shallow_and_partial_clones(url, design, tmp_path, version):
    speak = ("-c", f"protocol.version={version}")
    git(*speak, "clone", "-q", "--depth=1", url, str(tmp_path / "shallow"))
    assert git("rev-list", "--count", "HEAD", cwd=tmp_path / "shallow").strip() == "1"
    git(*speak, "fetch", "-q", "--unshallow", cwd=tmp_path / "shallow")
    assert git("rev-list", "--count", "HEAD", cwd=tmp_path / "shallow").strip() == "3"
    git(*speak, "clone", "-q", "--filter=blob:none", "--no-checkout", url, str(tmp_path / "partial"))
    missing = git("rev-list", "--objects", "--missing=print", "HEAD", cwd=tmp_path / "partial")
    assert "?" in missing
    git(*speak, "checkout", "-q", "main", cwd=tmp_path / "partial")
    assert (tmp_path / "partial" / "README.md").exists()


def test_an_empty_design_can_be_cloned(url, store, tmp_path):
    store.create("2", "trunk")
    git("clone", "-q", url.replace("1.git", "2.git"), str(tmp_path / "empty"))
    assert git("symbolic-ref", "HEAD", cwd=tmp_path / "empty").strip() == "refs/heads/trunk"


def test_internal_refs_are_not_shown(url, store, design, tmp_path, commit):
    store.copy("1", "2")
    sha = commit("2", {"x": b"1"})
    store.bring("2", "1", sha, "refs/proposals/1/head")
    for version in ("0", "2"):
        assert "proposals" not in git("-c", f"protocol.version={version}", "ls-remote", url)


def test_answers_are_kept_until_a_ref_moves(url, store, design, commit):
    shelf = Shelf(store.path(design), GitLimits())
    first = ask(url, LS_REFS)
    kept = list(shelf.folder.iterdir())
    assert len(kept) == 1 and kept[0].read_bytes() == first
    kept[0].write_bytes(b"kept")
    assert ask(url, LS_REFS) == b"kept"
    tip = commit(design, {"new.py": b"1"})
    assert tip.encode() in ask(url, LS_REFS)
    assert len(list(shelf.folder.iterdir())) == 1
    store.delete(design)
    assert not shelf.folder.exists()


def test_gzip_bodies_are_inflated_up_to_a_limit(url, design):
    assert ask(url, gzip.compress(LS_REFS), **{"Content-Encoding": "gzip"}) == ask(url, LS_REFS)
    bomb = gzip.compress(b"0" * (64 << 20))
    for body, status, word in (
        (bomb, 413, "OPENDESIGN_REQUEST_BYTES"),
        (b"\x1f\x8bx" * 9, 400, "damaged"),
        (bomb[:99], 400, "early"),
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            ask(url, body, **{"Content-Encoding": "gzip"})
        assert refused.value.code == status and word in refused.value.read().decode()


def test_a_body_in_chunks_is_read_to_its_end(url, design):
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc)
    kind = {"Transfer-Encoding": "chunked", "Git-Protocol": "version=2"}
    for body, headers in ((LS_REFS, kind), (gzip.compress(LS_REFS), kind | {"Content-Encoding": "gzip"})):
        pieces = [body[at : at + 7] for at in range(0, len(body), 7)]
        connection.request("POST", f"{place.path}/git-upload-pack", iter(pieces), headers, encode_chunked=True)
        assert connection.getresponse().read() == ask(url, LS_REFS)
    connection.close()


@pytest.mark.parametrize("service", ["git-upload-pack", "git-receive-pack"])
def test_whoever_waits_for_leave_to_send_is_told_to_go_on(url, design, service):
    place = urlsplit(url)
    body = LS_REFS if service == "git-upload-pack" else FLUSH
    head = f"POST {place.path}/{service} HTTP/1.1\r\nHost: {place.netloc}\r\nExpect: 100-continue\r\n"
    head += f"Git-Protocol: version=2\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((place.hostname, place.port), timeout=60) as wire, wire.makefile("rb") as answer:
        wire.sendall(head.encode())
        assert answer.readline() == b"HTTP/1.1 100 Continue\r\n" and answer.readline() == b"\r\n"
        wire.sendall(body)
        assert answer.readline() == b"HTTP/1.1 200 OK\r\n"


def test_eight_clone_at_once_and_all_have_everything(url, store, design, commit, tmp_path):
    for step in range(2):  # nobody has asked yet; then a ref has moved
        tip = commit(design, {"new.py": str(step).encode()})
        works = [tmp_path / f"{step}.{number}" for number in range(8)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda work: git("clone", "-q", url, str(work)), works))
        for work in works:
            assert git("rev-parse", "HEAD", cwd=work).strip() == tip
    assert git("fsck", "--strict", cwd=works[-1]) == ""


def test_what_is_not_there_is_refused(url):
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(url.replace("1.git", "99.git") + "/info/refs?service=git-upload-pack")


def test_a_client_that_goes_away_ends_its_git(url, store, tmp_path):
    store.create("3")
    fill(store.path("3"), megabytes=45)
    want = git("ls-remote", url.replace("1.git", "3.git"), "refs/heads/main").split()[0]
    fetch = line(b"command=fetch") + b"0001" + line(b"want " + want.encode()) + line(b"done") + FLUSH
    request = urllib.request.Request(
        url.replace("1.git", "3.git") + "/git-upload-pack", data=fetch, headers={"Git-Protocol": "version=2"}
    )
    answer = urllib.request.urlopen(request)
    answer.read(1000)
    assert processes_in(store.path("3"))
    answer.close()
    eventually(lambda: not processes_in(store.path("3")))
    eventually(lambda: not list((store.root / "answers" / "3.git").glob(".*.new")))


def test_the_room_for_answers_is_bounded(tmp_path):
    for number in range(10):
        (tmp_path / f"{number}").write_bytes(bytes(10_000))
        os.utime(tmp_path / f"{number}", (number, number))
    trim(tmp_path, 35_000)
    assert {file.name for file in tmp_path.iterdir()} == {"7", "8", "9"}


def test_a_fetch_while_forks_and_upkeep_go_on(url, store, design, tmp_path):
    store.fork("1", "4")
    store.gc("1")
    store.gc_pools()
    git("clone", "-q", url, str(tmp_path / "a"))
    git("clone", "-q", url.replace("1.git", "4.git"), str(tmp_path / "b"))
    save(tmp_path / "b", "x", b"1")
    git("push", "-q", cwd=tmp_path / "b")
    git("fetch", "-q", url.replace("1.git", "4.git"), cwd=tmp_path / "a")
