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
    said = repo.run("rev-list", "--max-parents=0", "--ignore-missing", "--format=%T", names.check_sha(sha))
    return {line.removeprefix("commit ") for line in said.decode().splitlines()} - {EMPTY_TREE}


def last_change(repo: Repository, tip: str, paths: Collection[str]) -> str | None:
    """Returns the last commit that a tip contains and that changed one of some files; None where none did."""
    wanted = [names.check_readable(path) for path in sorted(set(paths))]
    feed = "".join(f"{line}\n" for line in (names.check_sha(tip), "--", *wanted)).encode()
    return repo.run("rev-list", "--max-count=1", "--stdin", feed=feed).decode().strip() or None
