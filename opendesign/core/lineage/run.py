"""Runs: the commits a design made in a row, which others may take as one."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

LONGEST = 60  # commits of one run: what goes on for longer is a way of its own, and nobody squashes it


@dataclass(frozen=True)
class Run:
    """The commits of a run, the newest first, and the one they set out from: what lies between is their change."""

    base: str
    commits: tuple[str, ...]


def run_of(tip: str, parents: Mapping[str, Sequence[str]], own: Container[str]) -> Run | None:
    """Returns the run that ends with a commit, given what each follows along first parents.

    It set out from the newest commit that is not the design's own: where it left its relatives, or what it merged
    of theirs since. None where it is too long to tell, or one commit that says the same by itself.
    """
    sha, base, commits = tip, "", list[str]()
    for _ in range(LONGEST):
        if sha not in own:
            told = len(commits) > 1 or (base and commits)
            return Run(base or sha, tuple(commits)) if told else None
        if not parents.get(sha):
            return None
        first, *more = parents[sha]
        if more:
            base = base or next((each for each in more if each not in own), "")
        else:
            commits.append(sha)
        sha = first
    return None
