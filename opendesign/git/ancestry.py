"""The graph of commits below some others, read in one process."""

from collections.abc import Collection

from opendesign.git import names
from opendesign.git.repository import EMPTY_TREE, Repository


def graph(repo: Repository, tips: Collection[str]) -> list[tuple[str, list[str]]]:
    """Returns every commit that these contain with its parents, children before parents; ids that are gone count for
    nothing.
    """
    if not tips:
        return []
    feed = "".join(f"{names.check_sha(sha)}\n" for sha in sorted(set(tips))).encode()
    said = repo.run("rev-list", "--topo-order", "--parents", "--ignore-missing", "--stdin", feed=feed)
    return [(words[0], words[1:]) for words in map(str.split, said.decode().splitlines())]


def roots(repo: Repository, sha: str) -> set[str]:
    """Returns the commits that a commit's history began with and their folders, none for one that is gone."""
    return {word for pair in beginnings(repo, sha) for word in pair} - {EMPTY_TREE}


def beginnings(repo: Repository, sha: str) -> list[tuple[str, str]]:
    """Returns the commits without parents that a commit contains, each with its folder; none for one that is gone."""
    return _with_trees(repo, "--max-parents=0", "--ignore-missing", sha)


def main_line(repo: Repository, tip: str) -> list[tuple[str, str]]:
    """Returns the commits that lead to a tip along first parents and their folders, the first commit first."""
    return _with_trees(repo, "--first-parent", "--reverse", tip)


def _with_trees(repo: Repository, *words: str) -> list[tuple[str, str]]:
    *options, tip = words
    said = repo.run("rev-list", *options, "--format=%H %T", names.check_sha(tip))
    lines = (line.split() for line in said.decode().splitlines())
    return [(sha, tree) for sha, tree in lines if sha != "commit"]


def last_change(repo: Repository, tip: str, paths: Collection[str]) -> str | None:
    """Returns the last commit that a tip contains and that changed one of some files; None where none did."""
    wanted = [names.check_readable(path) for path in sorted(set(paths))]
    feed = "".join(f"{line}\n" for line in (names.check_sha(tip), "--", *wanted)).encode()
    return repo.run("rev-list", "--max-count=1", "--stdin", feed=feed).decode().strip() or None
