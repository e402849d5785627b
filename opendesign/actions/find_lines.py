"""Finds whose the lines of a revision are: whom git blames, without who only put them back, or who had them first."""

import time
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from opendesign.actions.find_origins import find_origins, put_back
from opendesign.actions.house import Work
from opendesign.core.lineage.credit import bare
from opendesign.git.blame import SECONDS, Line, blame
from opendesign.git.repository import Repository
from opendesign.records.design import Design
from opendesign.records.proposal import Proposal, merged_within

PUT_BACK = 3  # reverts of reverts that are followed


class Told(NamedTuple):
    """A line that says something: its file, as git blames it, the commit it is credited to, and its text, bare."""

    path: str
    line: Line
    origin: str
    text: str


class Lines(NamedTuple):
    """The lines of a revision, the proposals that were merged within it, and files that were not read."""

    told: list[Told]
    merged: list[Proposal]
    left_out: list[str]


def find_lines(work: Work, design: Design, family: Mapping[int, Design], sha: str, wanted: Collection[str]) -> Lines:
    """Returns the lines of these files of a revision, each with the commit of the family that it is credited to.

    Raises what `blame` does.
    """
    with work.house.store.open(design.key) as repository:
        files, left_out = blame(repository, sha, wanted)
        history = repository.history(sha)
        blamed = [(path, line) for path, some in files.items() for line in some]
        lines = _first_brought(work, repository, blamed, history)
    merged = merged_within(work.session, family, history)
    origins = find_origins(work, design, family, {line.sha for _, line in lines}, merged)
    told = [
        Told(path, line, origins.of(line.sha, text), text) for path, line in lines if (text := bare(path, line.text))
    ]
    return Lines(told, merged, left_out)


def _first_brought(
    work: Work, repository: Repository, lines: Iterable[tuple[str, Line]], history: Collection[str]
) -> list[tuple[str, Line]]:
    """Returns the lines with those that a commit only puts back given to who had brought them."""
    until = time.monotonic() + SECONDS
    lines = list(lines)
    for _ in range(PUT_BACK):
        before = put_back(work, repository, {line.sha for _, line in lines}, history, until)
        if not before:
            break
        lines = [
            (path, line._replace(sha=before.get(line.sha, {}).get(bare(path, line.text), line.sha)))
            for path, line in lines
        ]
    return lines
