"""Refs read from git's files are what git says they are, whoever packs, moves and deletes them meanwhile."""

from threading import Event, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendesign.git import command, files_of_refs
from opendesign.git.answers import refs_state
from opendesign.git.files_of_refs import count_refs, stands
from opendesign.git.store import Store

NAMES = st.sampled_from(["a", "b", "deep/er", "deep/est", "v1.0", "ação", "x+y", "feature/über"])
DEEDS = st.lists(st.tuples(st.sampled_from(["branch", "tag", "note", "drop", "untag", "pack"]), NAMES), max_size=12)


def told(path) -> dict[str, str]:
    said = command.run(path, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags").decode()
    return dict(line.split(" ") for line in said.splitlines())


@pytest.fixture(scope="module")
def shas(begun):
    return command.run(begun, "rev-list", "main").decode().split()


@given(deeds=DEEDS, data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_files_say_is_what_git_says(begun, shas, deeds, data, tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("refs"))
    store.create("1")
    path = store.path("1")
    objects = command.environment(path, [begun / "objects"]) | {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    words = {
        "branch": lambda name, sha: ("update-ref", f"refs/heads/{name}", sha),
        "tag": lambda name, sha: ("update-ref", f"refs/tags/{name}", sha),
        "note": lambda name, sha: ("tag", "-f", "-a", "-m", "x", name, sha),
        "drop": lambda name, sha: ("update-ref", "-d", f"refs/heads/{name}"),
        "untag": lambda name, sha: ("update-ref", "-d", f"refs/tags/{name}"),
        "pack": lambda name, sha: ("pack-refs", "--all"),
    }
    for kind, name in deeds:
        command.run(path, *words[kind](name, data.draw(st.sampled_from(shas))), env=objects, good=(0, 1, 128))
    found = stands(path)
    assert found == told(path) and list(found) == sorted(found, key=str.encode)
    assert count_refs(path) == len(found)


@pytest.mark.parametrize(
    ("name", "text"),
    [("heads/other", "ref: refs/heads/main\n"), ("heads/torn", "12ab"), ("heads/.hidden", None), ("tags/a..b", None)],
)
def test_what_only_git_can_tell_git_is_asked(store, design, name, text):
    path = store.path(design)
    tip = told(path)["refs/heads/main"]
    (path / "refs" / name).write_text(text or f"{tip}\n")
    assert stands(path) is None
    if text and text.startswith("ref:"):
        with store.open(design) as repo:
            assert repo.refs() == {"refs/heads/main": tip, "refs/heads/other": tip}


def test_locks_and_what_does_not_belong_there_are_no_refs(store, design):
    path = store.path(design)
    before = told(path)
    (path / "refs/heads/main.lock").write_text("")
    with open(path / "packed-refs", "a") as file:
        file.write("# pack-refs with: peeled fully-peeled sorted \n" + f"{'0' * 39}1 refs/proposals/1/head\n")
    assert stands(path) == before


def test_a_ref_that_stays_is_seen_while_others_pack_move_and_make_way(store, design):
    path, over, misses = store.path(design), Event(), []
    tips = command.run(path, "rev-list", "main").decode().split()

    def look() -> None:
        while not over.is_set():
            try:
                found, _ = stands(path), refs_state(path)
            except OSError as error:
                misses.append(error)
                continue
            if found is None or found.get("refs/heads/main") not in tips or "refs/tags/kept" not in found:
                misses.append(found)

    command.run(path, "update-ref", "refs/tags/kept", tips[0])
    reader = Thread(target=look)
    reader.start()
    for turn in range(40):
        command.run(path, "update-ref", "refs/heads/main", tips[turn % 2])
        command.run(path, "pack-refs", "--all")
        for name in ("way", "way/below"):
            command.run(path, "update-ref", f"refs/heads/{name}", tips[0])
            command.run(path, "update-ref", "-d", f"refs/heads/{name}")
    over.set()
    reader.join()
    assert not misses


def test_a_ref_that_made_way_for_one_below_its_name_is_passed_over(store, design, monkeypatch):
    path = store.path(design)
    tip = told(path)["refs/heads/main"]
    listed = [b"refs/heads/main", b"refs/heads/way", b"refs/heads/main/below"]
    (path / "refs/heads/way").mkdir()
    monkeypatch.setattr(files_of_refs, "_loose", lambda _root: listed)
    assert stands(path) == {"refs/heads/main": tip}
