"""The way to a repository elsewhere: looked up once, judged, and git goes there and nowhere else."""

from dataclasses import replace
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from remotes import served

from opendesign.core.errors import Invalid, TooLarge
from opendesign.core.remote import Remote, is_open, read_remote
from opendesign.git.command import run
from opendesign.git.importing import bring, import_folder, look, measure
from opendesign.git.progress import Progress, Stopped, read_progress
from opendesign.git.remote import Way, environment, find_way
from opendesign.git.store import Store

FORGE = read_remote("https://forge.example/ada/case.git")
NUMBERS = st.lists(st.ip_addresses().map(str), min_size=1, max_size=8)


def go_on(_: Progress) -> bool:
    return True


@pytest.fixture
def way(url: str) -> Way:
    """To a design on the live server, under a name that no machine in the world has."""
    remote = read_remote(url)
    return Way(replace(remote, host="forge.invalid"), ("127.0.0.1",))


@pytest.fixture
def empty(store: Store):
    """An empty repository."""
    store.create("2")
    return store.path("2")


@given(NUMBERS)
def test_a_name_is_looked_up_once_and_one_number_within_closes_the_way(numbers: list[str]):
    asked = []

    def lookup(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return numbers if len(asked) == 1 else ["127.0.0.1"]

    try:
        found = find_way(FORGE, lookup=lookup)
    except Invalid:
        assert not all(map(is_open, numbers))
    else:
        assert found.numbers == tuple(numbers) and all(map(is_open, numbers))
    assert asked == [("forge.example", 443)]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "localhost"])
def test_machines_within_are_refused_unless_the_operator_names_them(host: str):
    remote = Remote("http", host, 8000, "/x")
    with pytest.raises(Invalid, match="public internet"):
        find_way(remote, "other.example")
    assert find_way(remote, f"other.example, {remote.written_host}:8000").remote == remote


def test_git_goes_to_the_number_that_was_judged_and_asks_nobody_for_the_name(way, store, empty):
    seen = look(empty, way, store.limits, go_on)
    told: list[Progress] = []
    assert bring(empty, way, seen, store.limits, lambda progress: told.append(progress) or True)
    assert seen.head == "main" and told[-1].percent == 100
    with store.open("1") as theirs, store.open("2") as ours:
        assert ours.refs() == theirs.refs() != {}
    assert not bring(empty, way, seen, store.limits, lambda _: pytest.fail("nothing has moved"))


def test_a_fetch_that_is_stopped_moves_nothing(way, store, empty):
    with pytest.raises(Stopped):
        bring(empty, way, look(empty, way, store.limits, go_on), store.limits, lambda _: False)
    with store.open("2") as ours:
        assert ours.refs() == {}


def to(address: str) -> Way:
    """The way to an application on this machine that stands for a repository."""
    return Way(read_remote(f"{address}/case.git"), ("127.0.0.1",))


def test_a_server_that_never_answers_is_left_when_somebody_says_so(store, empty):
    gone = Event()

    def silent(environ, start_response):
        gone.wait(60)
        start_response("404 Not Found", [])
        return []

    with served(silent) as address, pytest.raises(Stopped):
        try:
            look(empty, to(address), store.limits, lambda _: False)
        finally:
            gone.set()


def test_a_server_cannot_send_git_to_another_one(store, empty):
    """By a redirect, or as a plain folder that says where more objects lie."""
    asked: list[str] = []

    def within(environ, start_response):
        asked.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b""]

    def folder(environ, start_response):
        place, answer = environ["PATH_INFO"], b""
        if place.endswith("/info/refs"):
            answer = b"1234567890123456789012345678901234567890\trefs/heads/main\n"
        if place.endswith(("http-alternates", "/alternates")):
            answer = f"{inner}/x/objects\n".encode()
        start_response("200 OK" if answer else "404 Not Found", [("Content-Type", "text/plain")])
        return [answer]

    def away(environ, start_response):
        start_response("302 Found", [("Location", f"{inner}{environ['PATH_INFO']}?{environ['QUERY_STRING']}")])
        return [b""]

    with served(within) as inner:
        with served(folder) as address, pytest.raises(Invalid):
            way = to(address)
            bring(empty, way, look(empty, way, store.limits, go_on), store.limits, go_on)
        with served(away) as address, pytest.raises(Invalid, match="it has moved"):
            look(empty, to(address), store.limits, go_on)
    assert asked == []


def test_a_mirror_has_what_there_is_and_no_more(way, store, empty, commit):
    commit("1", {"a.md": b"a"}, branch="new/name")
    bring(empty, way, look(empty, way, store.limits, go_on), store.limits, go_on)
    run(store.path("1"), "update-ref", "-d", "refs/heads/new/name")
    commit("1", {"b.md": b"b"}, branch="new")
    assert bring(empty, way, look(empty, way, store.limits, go_on), store.limits, go_on)
    with store.open("1") as theirs, store.open("2") as ours:
        assert ours.refs() == theirs.refs() and "refs/heads/new" in ours.refs()


def test_what_a_push_may_not_bring_no_fetch_brings(way, store, empty):
    limits = replace(store.limits, file_bytes=10)
    with pytest.raises(TooLarge, match="OPENDESIGN_FILE_BYTES"):
        bring(empty, way, look(empty, way, limits, go_on), limits, go_on)
    with pytest.raises(TooLarge, match="OPENDESIGN_PUSH_OBJECTS"):
        measure(empty, replace(store.limits, push_objects=3))
    with store.open("2") as ours:
        assert ours.refs() == {}


def test_a_mirror_is_measured_without_what_its_family_has(store, design, empty, commit):
    import_folder(empty, store.path(design))
    small = replace(store.limits, push_objects=20)
    measure(empty, small)
    store.fork("2", "3")
    commit("3", {f"{number}.md": str(number).encode() for number in range(40)})
    store.gc("3")
    store.gc_pools()
    measure(empty, small)
    with pytest.raises(TooLarge, match="OPENDESIGN_PUSH_OBJECTS"):
        measure(store.path("3"), small)  # what a repository has itself counts, be it packed or loose
    commit("2", {f"{number}.txt": b"own %d" % number for number in range(19)})
    with pytest.raises(TooLarge, match="OPENDESIGN_PUSH_OBJECTS"):
        measure(empty, small)
    store.gc("2")
    with pytest.raises(TooLarge, match="OPENDESIGN_PUSH_OBJECTS"):
        measure(empty, small)


def test_a_secret_stands_in_the_environment_alone(way, empty):
    env = environment(empty, way, "ada", "hunter2")
    assert "hunter2" not in str(env)  # as Basic credentials are sent
    assert env["GIT_ALLOW_PROTOCOL"] == "http"
    assert run(empty, "config", "http.extraHeader", env=env) == b"Authorization: Basic YWRhOmh1bnRlcjI=\n"
    assert run(empty, "config", "http.followRedirects", env=env) == b"false\n"


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("remote: Counting objects:  50% (2/4)", Progress("counting", 50, 7)),
        ("Receiving objects:  45% (9/20), 1.50 MiB | 1.00 MiB/s", Progress("receiving", 45, 3 << 19)),
        ("Receiving objects: 100% (9/9), 329 bytes | 329.00 KiB/s, done.", Progress("receiving", 100, 329)),
        ("Resolving deltas: 100% (1/1), done.", Progress("checking", 100, 7)),
        ("remote: Inventing numbers: 100% (1/1)", Progress("looking", 1, 7)),
        ("Receiving objects: 999999% (9/9)", Progress("receiving", 100, 7)),
    ],
)
def test_gits_own_progress_is_read(line: str, after: Progress):
    assert read_progress(line, Progress("looking", 1, 7)) == after
