"""Foresees whether an improvement of a relative applies to the head of a design; commits never change, so once each."""

from dataclasses import dataclass

from opendesign.actions.apply_change import Change, applied
from opendesign.actions.house import Work
from opendesign.core.errors import NotFound, TooLarge
from opendesign.core.remembered import Remembered
from opendesign.records.design import Design, heads_of

KEPT = 10_000  # answers of a few bytes; one costs about ten git processes, 60 ms
_outlooks: Remembered[tuple[str, str, str], "Outlook"] = Remembered(KEPT)


@dataclass(frozen=True)
class Outlook:
    """How a change applies to a branch's head: `clean`, `conflict` in these files, or `same`: nothing would change.

    `unknown` where it cannot be tried.
    """

    state: str
    paths: tuple[str, ...] = ()


UNKNOWN = Outlook("unknown")


def foresee(work: Work, design: Design, home: Design, sha: str) -> Outlook:
    """Returns how a commit of a relative would apply to the default branch of a design; nothing is written.

    It is not known of a design without such a branch, of a commit that is gone, and of what is too large to be tried.
    """
    head = heads_of(work.session, [design]).get(design.id)
    if head is None:
        return UNKNOWN
    try:
        return _outlooks.find((design.key, head, sha), lambda: _outlook(work, design, head, change_of(work, home, sha)))
    except (NotFound, TooLarge):
        return UNKNOWN


def _outlook(work: Work, design: Design, head: str, change: Change) -> Outlook:
    found = applied(work, design, head, change)
    conflicts = tuple(each.path for each in found.conflicts)
    return Outlook("conflict" if conflicts else "clean" if found.changes or found.large else "same", conflicts)


def change_of(work: Work, home: Design, sha: str) -> Change:
    """Returns what a commit of a design did to its first parent."""
    with work.house.store.open(home.key) as repository:
        parents = repository.commit(sha).parents
    return Change(home, parents[0] if parents else None, sha)
