"""Shows the parts that each way of deciding a proposal's conflicts would give, before anybody decides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.undecided import Undecided
from opendesign.actions.want_build import part_key, want_build
from opendesign.core.merging import SIDES
from opendesign.core.snapshot import Snapshot
from opendesign.git.settling import Decisions, weigh
from opendesign.records.build import Build, builds_by_key

MOST_FILES = 4  # whose outlooks are shown; each costs up to four builds


@dataclass(frozen=True)
class Outlook:
    """What a part becomes when what is in conflict in the file at `path` is decided by `word`.

    `word` is "ours", "theirs", "base" or "own"; the part's build is None while nobody has wanted it.
    """

    path: str
    word: str
    part: str
    snapshot: Snapshot
    build: Build | None


def show_outlooks(work: Work, found: Undecided, own: Decisions) -> list[Outlook]:
    """Returns the outlooks of every file whose parameters are in conflict; with those of one's own where there are any.

    Raises Invalid for values of one's own that do not fit.
    """
    seen = [
        (path, word, part, snapshot)
        for word, snapshot in _ways(work, found, own)
        for path, part in _parts(found, snapshot)
    ]
    keys = {(path, word): part_key(snapshot, part) for path, word, part, snapshot in seen}
    builds = builds_by_key(work.session, keys.values())
    return [Outlook(*each, build=builds.get(keys[each[:2]])) for each in seen]


def want_outlooks(work: Work, found: Undecided, outlooks: list[Outlook]) -> None:
    """Wants the builds of outlooks that nobody has wanted yet."""
    for each in outlooks:
        if each.build is None:
            want_build(work, found.design, each.snapshot, each.part)


def _ways(work: Work, found: Undecided, own: Decisions) -> Iterator[tuple[str, Snapshot]]:
    trial, design = found.trial, found.design
    if trial.tree is not None or not trial.marked or not any(each.rivals for each in trial.conflicts):
        return
    wanted: dict[str, Decisions] = {word: _all(found, word) for word in SIDES} | ({"own": own} if own else {})
    with work.house.store.open(design.key) as repository:
        texts = {word: weigh(repository, trial, decisions).solved for word, decisions in wanted.items()}
    marked = read_tree(work, design, trial.marked)
    for word, solved in texts.items():
        yield word, marked.changed(solved)


def _all(found: Undecided, word: str) -> Mapping[str, Mapping[str, object]]:
    return {each.path: {rival.name: word for rival in each.rivals} for each in found.trial.conflicts if each.rivals}


def _parts(found: Undecided, snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Yields each file with parameters in conflict and the part that shows it: itself, or the first that reads it."""
    for conflict in [each for each in found.trial.conflicts if each.rivals][:MOST_FILES]:
        reading = [part.path for part in snapshot.parts if conflict.path in snapshot.inputs(part.path)]
        if reading:
            yield conflict.path, conflict.path if conflict.path in reading else reading[0]
