"""Shows what two sides changed apart: the places of a file both touched, and what both set to other values."""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from opendesign.actions.house import Work
from opendesign.actions.merge import Review
from opendesign.actions.try_proposal import Attempt
from opendesign.core.merging import Rivals
from opendesign.git.differences import FileDiff, Hunk
from opendesign.records.design import Design


@dataclass(frozen=True)
class Clash:
    """A path that cannot be merged: git's word for why, each side's changes there, and rival parameters."""

    path: str
    kind: str
    ours: FileDiff | None
    theirs: FileDiff | None
    rivals: Sequence[Rivals]


_shown: WeakKeyDictionary[Attempt, list[Clash]] = WeakKeyDictionary()  # as long as the attempt itself is kept


def show_conflicts(work: Work, found: Review) -> list[Clash]:
    """Returns every conflict of a review with the two versions: target (ours) and proposal (theirs)."""
    if found.base is None or not found.trial.conflicts:
        return []
    known = _shown.get(found.attempt)
    if known is None:
        known = _shown[found.attempt] = _clashes(work, found.proposal.design, found.attempt, found.base)
    return known


def _clashes(work: Work, design: Design, attempt: Attempt, base: str) -> list[Clash]:
    with work.house.store.open(design.key) as repository:
        ours = {change.path: change for change in repository.diff(base, attempt.ours)}
        theirs = {change.path: change for change in repository.diff(base, attempt.theirs)}
    return [
        Clash(
            conflict.path,
            conflict.kind,
            *_touching(ours.get(conflict.path), theirs.get(conflict.path)),
            conflict.rivals,
        )
        for conflict in attempt.trial.conflicts
    ]


def _touching(ours: FileDiff | None, theirs: FileDiff | None) -> tuple[FileDiff | None, FileDiff | None]:
    """Returns both changes with only the hunks that meet one of the other side."""
    if ours is None or theirs is None:
        return ours, theirs
    return _meeting(ours, theirs), _meeting(theirs, ours)


def _meeting(change: FileDiff, other: FileDiff) -> FileDiff:
    spans = [_span(hunk) for hunk in other.hunks]
    hunks = [hunk for hunk in change.hunks if any(_meet(_span(hunk), span) for span in spans)]
    kept = FileDiff(change.status, change.path, change.old_path, change.binary, hunks or change.hunks)
    kept.additions, kept.deletions, kept.truncated = change.additions, change.deletions, change.truncated
    return kept


def _span(hunk: Hunk) -> tuple[int, int]:
    """Returns the first and last line of the common version that a hunk shows."""
    lines = [old for _kind, old, _new, _text in hunk.lines if old is not None]
    return (lines[0], lines[-1]) if lines else (0, 0)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
