"""Foresees whether an improvement of a relative applies to the head of a design; commits never change, so once each."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from opendesign.actions.apply_change import Change, applied
from opendesign.actions.house import Work
from opendesign.core.errors import NotFound
from opendesign.records.design import Design, heads_of

KEPT = 10_000  # answers of a few bytes; one costs about ten git processes, 60 ms
_known: OrderedDict[tuple[str, str, str], "Outlook"] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Outlook:
    """How a change applies to a branch's head: `clean`, `conflict` in these files, or `same`: nothing would change."""

    state: str
    paths: tuple[str, ...] = ()


def foresee(work: Work, design: Design, home: Design, sha: str) -> Outlook:
    """Returns how a commit of a relative would apply to the default branch of a design; nothing is written.

    Raises NotFound where the design has no such branch, or the commit is gone.
    """
    head = heads_of(work.session, [design]).get(design.id)
    if head is None:
        raise NotFound(f"{design.path} has no commits yet.")
    name = (design.key, head, sha)
    with _lock:
        if name in _known:
            _known.move_to_end(name)
            return _known[name]
    found = applied(work, design, head, change_of(work, home, sha))
    conflicts = tuple(each.path for each in found.conflicts)
    outlook = Outlook("conflict" if conflicts else "clean" if found.changes or found.large else "same", conflicts)
    with _lock:
        _known[name] = outlook
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return outlook


def change_of(work: Work, home: Design, sha: str) -> Change:
    """Returns what a commit of a design did to its first parent."""
    with work.house.store.open(home.key) as repository:
        parents = repository.commit(sha).parents
    return Change(home, parents[0] if parents else None, sha)
