"""Reading a repository: names, commits, folders, files and differences."""

from datetime import UTC, datetime

import pytest

from opendesign.core.errors import NotFound, TooLarge
from opendesign.git import command
from opendesign.git.limits import GitLimits
from opendesign.git.merging import commit_merge, try_merge
from opendesign.git.store import Store
from opendesign.git.writing import create_branch
from tests.git.conftest import ANA


def test_refs_show_branches_and_peeled_tags_and_hide_the_rest(store, design):
    with store.open(design) as repo:
        tip = repo.resolve("main")
        create_branch(repo, "wide/lid", tip)
        env = command.environment(repo.path) | {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
        command.run(repo.path, "tag", "-a", "-m", "first", "v1", tip, env=env)
        command.run(repo.path, "tag", "-a", "-m", "a tag of a tag", "v1.1", "v1", env=env)
        command.run(repo.path, "tag", "readme", f"{tip}:README.md")
        command.run(repo.path, "update-ref", "refs/proposals/1/head", tip)
        assert repo.refs() == dict.fromkeys(
            ("refs/heads/main", "refs/heads/wide/lid", "refs/tags/v1", "refs/tags/v1.1"), tip
        )
        assert repo.head_branch() == "main"
        repo.set_head("wide/lid")
        assert repo.head_branch() == "wide/lid"
        with pytest.raises(NotFound):
            repo.set_head("absent")


def test_resolve_finds_branches_tags_and_ids(store, design):
    with store.open(design) as repo:
        tip = repo.resolve("main")
        assert repo.resolve(tip) == repo.resolve(tip[:7]) == repo.resolve("refs/heads/main") == tip


@pytest.mark.parametrize(
    "name",
    [
        "-x",
        "--output=/tmp/x",
        "main..main",
        "main@{1}",
        "@{-1}",
        "@",
        ":/Start",
        "main^",
        "main~1",
        "HEAD:README.md",
        "",
        "a b",
        "main\nmain",
        "\x00",
        "../main",
        "refs/proposals/1/head",
        "f" * 40,
        "abc",
        "main:README.md",
        "�",
    ],
)
def test_resolve_refuses_what_is_not_a_plain_name(store, design, name):
    with store.open(design) as repo, pytest.raises(NotFound):
        repo.resolve(name)


def test_a_commit_tells_who_when_and_what(store, design):
    with store.open(design) as repo:
        last, middle, first = repo.log(repo.resolve("main"))
        assert (middle.subject, middle.parents, middle.author) == ("Add a base", (first.sha,), ANA)
        assert middle.body == "It holds the lid.\n\nCo-authored-by: Ben <b@c>"
        assert middle.trailers == [("Co-authored-by", "Ben <b@c>")]
        assert middle.author.at == datetime(2024, 5, 1, 12, tzinfo=UTC)
        assert repo.commit(last.sha) == last
        assert first.parents == ()
        with pytest.raises(NotFound):
            repo.commit(last.tree)


def test_log_count_and_new_commits(store, design):
    with store.open(design) as repo:
        tip = repo.resolve("main")
        last, middle, first = repo.log(tip)
        assert repo.log(tip, path="README.md") == [last, first]
        assert repo.log(tip, skip=1, limit=1) == [middle]
        assert repo.log(tip, without=[middle.sha]) == [last]
        assert (repo.count(tip), repo.count(tip, without=[first.sha])) == (3, 2)
        assert repo.new_commits([tip], []) == [first, middle, last]
        assert repo.new_commits([tip], [first.sha, "0" * 39 + "1"]) == [middle, last]
        assert repo.new_commits([], []) == []


def test_parents_are_told_along_the_first_of_what_is_there(store, design):
    with store.open(design) as repo:
        last, middle, first = repo.log(repo.resolve("main"))
        assert repo.parents([last.sha], 2) == {last.sha: (middle.sha,), middle.sha: (first.sha,)}
        whole = {last.sha: (middle.sha,), middle.sha: (first.sha,), first.sha: ()}
        assert repo.parents([last.sha, "0" * 39 + "1"], 2) == whole
        assert repo.parents(["0" * 39 + "1"], 2) == {}


def test_trees_and_files(store, design):
    with store.open(design) as repo:
        tip = repo.resolve("main")
        assert [(entry.kind, entry.path) for entry in repo.tree(tip)] == [
            ("tree", "parts"),
            ("blob", "README.md"),
        ]
        assert [entry.path for entry in repo.tree(tip, "parts/")] == ["parts/base.py", "parts/lid.py"]
        assert {entry.path: entry.size for entry in repo.files(tip)} == {
            "README.md": 8,
            "parts/base.py": 11,
            "parts/lid.py": 22,
        }
        assert repo.files(repo.tree_id(tip)) == repo.files(tip)
        for absent in ("no", "README.md", "parts/../parts", "./parts", "a\nb", "a\0b"):
            with pytest.raises(NotFound):
                repo.tree(tip, absent)


def test_reading_files(store, design):
    with store.open(design) as repo:
        tip = repo.resolve("main")
        assert repo.read(tip, "README.md") == repo.read(repo.tree_id(tip), "README.md") == b"# A box\n"
        shas = {entry.sha: entry.size for entry in repo.files(tip)}
        assert {sha: len(content) for sha, content in repo.read_blobs(list(shas)).items()} == shas
        with pytest.raises(TooLarge, match="8 bytes"):
            repo.read(tip, "README.md", limit=7)
        for absent in ("parts", "nothing here", "../README.md", "/README.md"):
            with pytest.raises(NotFound):
                repo.read(tip, absent)
        with pytest.raises(NotFound):
            repo.read_blobs(["1" * 40])


def test_whoever_needs_larger_files_says_how_large(tmp_path, store, design):
    small = Store(tmp_path / "repos", GitLimits(read_bytes=10))
    with small.open(design) as repo:
        lid = next(entry.sha for entry in repo.files(repo.resolve("main")) if entry.path == "parts/lid.py")
        with pytest.raises(TooLarge, match="READ_BYTES"):
            repo.read_blobs([lid])
        assert len(repo.read_blobs([lid], 22)[lid]) == 22
        with pytest.raises(TooLarge, match="A file has 22 bytes; at most 21 bytes"):
            repo.read_blobs([lid], 21)


def test_last_commits_name_who_touched_each_entry(store, design, commit):
    with store.open(design) as repo:
        tip = repo.resolve("main")
        last, middle, first = repo.log(tip)
        assert repo.last_commits(tip) == {"README.md": last, "parts": middle}
        assert repo.last_commits(tip, "parts") == {"lid.py": first, "base.py": middle}
    odd = commit("1", {"f" * 40: b"x", "été/ñ.py": b"y"}, "Odd names")
    with store.open(design) as repo:
        assert {name: one.sha for name, one in repo.last_commits(odd).items()} == {
            "f" * 40: odd,
            "été": odd,
            "README.md": last.sha,
            "parts": middle.sha,
        }


def test_relations_between_commits(store, design, commit):
    with store.open(design) as repo:
        main = repo.resolve("main")
        first = repo.log(main)[-1].sha
        create_branch(repo, "side", first)
    side = commit("1", {"side.py": b"1"}, branch="side")
    with store.open(design) as repo:
        assert repo.merge_base(main, side) == first
        assert repo.is_ancestor(first, side) and not repo.is_ancestor(side, main)
        assert repo.ahead_behind(main, side) == (2, 1)


def test_objects_of_another_design_are_readable_only_when_asked_for(store, design):
    store.copy("1", "2")
    with store.open("2") as repo:
        tip = repo.resolve("main")
    with store.open("1") as repo:
        assert repo.merge_base(tip, tip) == tip
    store.create("3")
    with store.open("3") as repo, pytest.raises(NotFound):
        repo.commit(tip)
    with store.open("3", also=["2"]) as repo:
        assert repo.commit(tip).sha == tip
        assert repo.read(tip, "README.md") == b"# A box\n"
        assert repo.last_commits(tip)["README.md"].sha == tip


def test_the_first_line_says_what_each_step_changed(store, design, commit):
    with store.open(design) as repo:
        start = repo.resolve("main")
        create_branch(repo, "side", start)
    side = commit(design, {"side é.txt": b"1"}, "Side", branch="side")
    own = commit(design, {"own.txt": b"1"}, "Own")
    with store.open(design) as repo:
        merged = commit_merge(repo, "main", own, try_merge(repo, own, side), (own, side), "Merge", ANA, ANA)
    gone = commit(design, {"own.txt": None, "side é.txt": b"2"}, "Clear")
    with store.open(design) as repo:
        line = repo.first_line(gone, 100)
        assert [sha for sha, _ in line[:4]] == [gone, merged, own, start] and side not in dict(line)
        assert [changes for _, changes in line[:3]] == [
            {"own.txt": "D", "side é.txt": "M"},
            {"side é.txt": "A"},
            {"own.txt": "A"},
        ]
        assert len(repo.first_line(gone, 2)) == 2


def test_of_several_commits_it_says_which_a_branch_holds(store, design, commit):
    with store.open(design) as repo:
        tip = repo.resolve("main")
        before = repo.commit(tip).parents[0]
    apart = commit(design, {"a": b"1"}, branch="apart")
    with store.open(design) as repo:
        assert repo.held([tip, before, apart], tip) == {tip, before}
        assert repo.held([], tip) == set()
