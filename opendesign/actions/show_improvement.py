"""Tells of an improvement: where it was born, where it lives, how it came there, and where it left again."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from opendesign.actions.find_hidden import find_hidden
from opendesign.actions.house import Work
from opendesign.actions.tell_lapses import Lapsed, tell_lapses
from opendesign.actions.trace import signs
from opendesign.core.errors import NotFound
from opendesign.core.lineage.ancestry import contained
from opendesign.core.remembered import Remembered
from opendesign.git.ancestry import graph
from opendesign.records.change import Receipt, changes, receipts
from opendesign.records.design import Design
from opendesign.records.improvement import Improvement, improvement_by_sha
from opendesign.records.kin import family_of
from opendesign.records.revision import Adoption, adoptions_of

WHOLE = re.compile(r"[0-9a-f]{40}")
KEPT = 500  # answers to which forks began with an improvement
_begun = Remembered[tuple[str, frozenset[str]], frozenset[str]](KEPT)


@dataclass(frozen=True)
class Life:
    """An improvement in a design: how it came there and since when, and since when it is there no more, if so.

    `way` is "born", "begun" (the fork began with it), or an adoption's kind; `sha` is where it arrived. What is only
    claimed, or was solved twice, is not `credited`.
    """

    design: Design
    way: str
    at: datetime
    sha: str
    person_id: int | None = None
    evidence: tuple[str, ...] = ()
    share: float = 1.0
    credited: bool = True
    left: Lapsed | None = None

    @property
    def living(self) -> bool:
        """True while it is there, and came by more than a claim or a second solution."""
        return self.left is None and self.credited


@dataclass(frozen=True)
class Told:
    """An improvement as a person may see it: its home, its lives in the designs they see, and those designs."""

    improvement: Improvement
    home: Design
    lives: list[Life]
    by_id: Mapping[int, Design]

    def life_in(self, design: Design) -> Life | None:
        """Returns what became of it in a design; None where it never was."""
        return next((each for each in self.lives if each.design.id == design.id), None)

    @property
    def living(self) -> list[Life]:
        """Where it lives."""
        return [each for each in self.lives if each.living]


def show_improvement(work: Work, design: Design, sha: str) -> Told:
    """Returns an improvement of a design's family with its lives; raises as `find_improvement` does."""
    found, by_id = find_improvement(work, design, sha)
    return Told(found, by_id[found.design_id], _lives(work, found, by_id), by_id)


def find_improvement(work: Work, design: Design, sha: str) -> tuple[Improvement, Mapping[int, Design]]:
    """Returns an improvement of a design's family and the designs of it that may be seen; starts no git process.

    What is in private designs only is one for those who may see them, found for this answer alone.
    Raises NotFound where there is none, or its home may not be seen.
    """
    whole = WHOLE.fullmatch(sha) is not None
    by_id = {each.id: each for each in family_of(work.session, design) if work.may("see", each)} if whole else {}
    found = improvement_by_sha(work.session, design.root, sha) if whole else None
    if found is None and whole:
        found = next(iter(find_hidden(work, design.root, by_id, sha)), None)
    if found is None or found.design_id not in by_id:
        raise NotFound(f"There is no improvement “{sha[:40]}” in the family of {design.path}.")
    return found, by_id


def count_lives(work: Work, design: Design, sha: str) -> int:
    """Returns in how many designs that a person sees an improvement lives; 0 for a commit that is none."""
    try:
        return len(show_improvement(work, design, sha).living)
    except NotFound:
        return 0


def units_of(work: Work, told: Told) -> list[tuple[str, int, bool]]:
    """Returns path, tokens, and whether it was new in the family, of each unit of an improvement."""
    found = changes(work.session, [told.improvement.sha]).get(told.improvement.sha)
    new = set(told.improvement.units)
    return [(unit.path, unit.tokens, unit.id in new) for unit in found.units] if found else []


def _lives(work: Work, found: Improvement, by_id: Mapping[int, Design]) -> list[Life]:
    """Returns where an improvement was or is, its home first, then by time."""
    lapses = tell_lapses(work, by_id, [found.sha]).get(found.sha, {})
    lives = {
        each.design_id: Life(by_id[each.design_id], _way(each, found), each.received_at, found.sha, each.received_by)
        for each in receipts(work.session, by_id, [found.sha]).get(found.sha, [])
    }
    for taken in adoptions_of(work.session, found.sha, list(by_id)):
        lives.setdefault(taken.target_id, _adopted(work, taken, by_id))
    later = [each for each in by_id.values() if each.id not in lives and each.made_at >= found.received_at]
    for each in _begun_with(work, found.sha, later):
        lives[each.id] = Life(each, "begun", each.made_at, each.fork_sha or found.sha)
    ended = [replace(each, left=lapses.get(key)) for key, each in lives.items()]
    return sorted(ended, key=lambda each: (each.way != "born", each.at, each.design.id))


def _begun_with(work: Work, sha: str, forks: Iterable[Design]) -> list[Design]:
    """Returns which of these forks began with a commit: one git process for all, and commits never change."""
    forks = [each for each in forks if each.fork_sha]
    tips = {each.fork_sha or "": each.key for each in forks}
    name = sha, frozenset(tips)
    begun = _begun.get(name)
    if begun is None and tips:
        key, *more = set(tips.values())
        with work.house.store.open(key, also=more) as repository:
            held = contained(graph(repository, tips), [sha])
        begun = _begun.keep(name, frozenset(tip for tip in tips if held.get(tip)))
    return [each for each in forks if each.fork_sha in (begun or ())]


def _way(receipt: Receipt, found: Improvement) -> str:
    return "born" if receipt.design_id == found.design_id else "merge"


def _adopted(work: Work, taken: Adoption, by_id: Mapping[int, Design]) -> Life:
    evidence, share = tuple(signs(work, taken)), taken.share
    came = by_id[taken.target_id], taken.kind, taken.at, taken.sha, taken.person_id
    return Life(*came, evidence, share, taken.credited)
