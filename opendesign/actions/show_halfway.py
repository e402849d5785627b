"""Shows the files that git could merge only halfway, as texts to be finished by hand."""

from dataclasses import dataclass

from opendesign.actions.house import Work
from opendesign.actions.undecided import Undecided
from opendesign.core.encoding import READABLE, decode
from opendesign.core.errors import NotFound, TooLarge
from opendesign.git.settling import DECIDABLE


@dataclass(frozen=True)
class Halfway:
    """A file in conflict line by line, as git leaves it: both versions stand between marks."""

    path: str
    text: str


def show_halfway(work: Work, found: Undecided) -> list[Halfway]:
    """Returns every file of a review that people can finish here: texts in UTF-8 of at most READABLE bytes."""
    trial = found.trial
    if trial.tree is not None or not trial.marked:
        return []
    files = []
    with work.house.store.open(found.design.key) as repository:
        for conflict in [each for each in trial.conflicts if not each.rivals and each.kind in DECIDABLE]:
            try:
                text = decode(repository.read(trial.marked, conflict.path, READABLE))
            except (NotFound, TooLarge):
                continue
            if text is not None and "\0" not in text:
                files.append(Halfway(conflict.path, text))
    return files
