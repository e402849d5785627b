"""Reads what the designs of a family had first and what lives where, as far as the acting person may see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from opendesign.actions.house import Work
from opendesign.core.lineage.ancestry import Forked, among, contained
from opendesign.core.lineage.flow import Born, Living
from opendesign.core.remembered import Remembered
from opendesign.git.ancestry import graph
from opendesign.records.design import Design
from opendesign.records.improvement import improvements_of, improvements_received
from opendesign.records.kin import family_of
from opendesign.records.lapse import lapsed
from opendesign.records.revision import Adoption, adoptions_among

KEPT = 50  # families whose beginnings are remembered; one costs a git process, and commits never change
_begun = Remembered[tuple[frozenset[str], tuple[str, ...]], dict[str, list[str]]](KEPT)


@dataclass
class Ledger:
    """A family as its numbers need it: the designs that may be seen, what was born in each, what lives in each.

    `forks` is the tree of forks.
    """

    designs: dict[int, Design]
    born: dict[int, list[Born]]
    lives: dict[int, dict[str, Living]]
    adoptions: list[Adoption]
    forks: dict[int, Forked]

    @property
    def known(self) -> dict[str, Born]:
        """Every improvement by its commit."""
        return {each.sha: each for listed in self.born.values() for each in listed}


def read_ledger(work: Work, design: Design) -> Ledger:
    """Returns the ledger of a design's family; what somebody may not see counts in none of its numbers."""
    family = family_of(work.session, design)
    designs = {each.id: each for each in family if work.may("see", each)}
    born: dict[int, list[Born]] = {key: [] for key in designs}
    for row in improvements_of(work.session, design.root):
        if row.design_id in designs:
            paths = tuple(row.paths)
            found = Born(row.sha, row.design_id, row.received_at, row.value, row.subject, paths, row.author_name)
            born[row.design_id].append(found)
    known = [each.sha for listed in born.values() for each in listed]
    adoptions = [each for each in adoptions_among(work.session, list(designs)) if each.credited]
    lives = _lives(work, design, designs, known, adoptions)
    forks = {each.id: Forked(each.parent_id, each.fork_sha, each.made_at) for each in family}
    return Ledger(designs, born, lives, adoptions, forks)


def same_team(one: Design, other: Design) -> bool:
    """Says whether two designs are under the same control: what goes from one hand into the other is no flow."""
    return _owners(one) == _owners(other)


def _owners(design: Design) -> set[int]:
    return {person for person, role in design.roles.items() if role == "owner"}


def _lives(
    work: Work, focus: Design, designs: Mapping[int, Design], known: Sequence[str], adoptions: Iterable[Adoption]
) -> dict[int, dict[str, Living]]:
    """Returns what lives in each design: received as it was, begun with, or taken over in another form."""
    lives: dict[int, dict[str, Living]] = {key: {} for key in designs}
    counted = set(known)
    for each in adoptions:
        if each.source_sha in counted and each.share > 0:
            lives[each.target_id][each.source_sha] = Living(min(1.0, each.share), each.at)
    for key, sha, at in improvements_received(work.session, focus.root, designs):
        if sha in counted:
            before = lives[key].get(sha)
            lives[key][sha] = Living(1.0, min(at, before.since) if before and before.since else at)
    begun = _beginnings(work, focus, designs, known)
    for key, design in designs.items():
        lives[key].update({sha: Living() for sha in begun.get(design.fork_sha or "", ())})
    return _still(work, lives)


def _still(work: Work, lives: dict[int, dict[str, Living]]) -> dict[int, dict[str, Living]]:
    """Returns what still stands: what was taken back, or written over to the last line, lives there no more."""
    gone = lapsed(work.session, lives)
    return {key: {sha: each for sha, each in had.items() if (key, sha) not in gone} for key, had in lives.items()}


def _beginnings(work: Work, focus: Design, designs: Mapping[int, Design], known: Sequence[str]) -> dict[str, list[str]]:
    """Returns which improvements the commits that forks began with contain."""
    tips = {each.fork_sha: each.key for each in designs.values() if each.fork_sha}
    name = frozenset(tips), tuple(known)
    found = _begun.get(name)
    if found is None:
        with work.house.store.open(focus.key, also=set(tips.values()) - {focus.key}) as repository:
            held = contained(graph(repository, tips.keys()), known)
        found = _begun.keep(name, {sha: among(held.get(sha, 0), known) for sha in tips})
    return found
