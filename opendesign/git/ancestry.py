"""The graph of commits below some others, read in one process."""

from collections.abc import Collection

from opendesign.git import names
from opendesign.git.repository import Repository


def graph(repo: Repository, tips: Collection[str]) -> list[tuple[str, list[str]]]:
    """Returns every commit that these contain with its parents, children before parents; ids that are gone count for
    nothing.
    """
    if not tips:
        return []
    feed = "".join(f"{names.check_sha(sha)}\n" for sha in sorted(set(tips))).encode()
    said = repo.run("rev-list", "--topo-order", "--parents", "--ignore-missing", "--stdin", feed=feed)
    return [(words[0], words[1:]) for words in map(str.split, said.decode().splitlines())]
