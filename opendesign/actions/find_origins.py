"""Finds whose a line is: of the commit that git blames for it, or of the one in the family it was first seen in."""

import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from opendesign.actions.house import Work
from opendesign.core.errors import TooLarge
from opendesign.core.lineage.adoption import TELLING_TOKENS
from opendesign.core.lineage.credit import bare
from opendesign.core.lineage.unit import EXPORTS, LEAST_TOKENS, hunks, is_source, unit
from opendesign.git.blame import SECONDS, blame
from opendesign.git.patches import patches
from opendesign.git.repository import Repository
from opendesign.records import change as kept
from opendesign.records.design import Design
from opendesign.records.kin import family_of
from opendesign.records.proposal import Proposal
from opendesign.records.revision import Revision, adoptions_at

MOST_READ = 1000  # commits whose patches are read again for one revision; the rest stays whom git blames
MOST_PUT_BACK = 50  # files whose lines of before are looked up
KEPT = 5_000  # commits whose lines are remembered
MOST_LETTERS = 4_000  # of one of them, 20 MB for all at worst; a longer one is read each time
_known: OrderedDict[str, dict[str, list[str]]] = OrderedDict()
_lock = threading.Lock()


@dataclass
class Origins:
    """What is needed to say where lines were first seen.

    `plus` holds the lines a commit puts in, each with its units; `sources` what a commit has taken, the first received
    first; `born` where each unit was first received, `tokens` its size; `twice` what two have solved by themselves.
    """

    plus: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)
    born: dict[str, Revision] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    twice: set[tuple[str, str]] = field(default_factory=set)

    def of(self, sha: str, text: str) -> str:
        """Returns the commit that a bare line of a commit is credited to.

        By its unit where that was seen before; else, as hunks grow together in a squash, by the line in what is known
        to have been taken with the commit.
        """
        first = self._first(sha, text)
        if first != sha:
            return first
        source = next((each for each in self.sources.get(sha, ()) if text in self.plus.get(each, ())), sha)
        return self._first(source, text)

    def _first(self, sha: str, text: str) -> str:
        names = self.plus.get(sha, {}).get(text, ())
        found = [self.born[name] for name in names if self._counts(sha, name)]
        return min(found, key=lambda each: (each.received_at, each.id)).sha if found else sha

    def _counts(self, sha: str, name: str) -> bool:
        """Says whether a unit is too large for chance, or known to be taken; what both solved is each one's own."""
        birth = self.born.get(name)
        if birth is None or birth.sha == sha or (sha, birth.sha) in self.twice:
            return False
        return self.tokens[name] >= TELLING_TOKENS or birth.sha in self.sources.get(sha, ())


def counted(work: Work, design: Design) -> dict[int, Design]:
    """Returns the designs of a family that decide who was first, by number: public ones, and the design itself.

    So it does not matter who looks, and nobody learns of what is hidden from them.
    """
    return {each.id: each for each in family_of(work.session, design) if each.visibility == "public" or each is design}


def find_origins(
    work: Work, design: Design, family: Mapping[int, Design], shas: Collection[str], merged: Sequence[Proposal]
) -> Origins:
    """Returns where lines of these commits of a design were first seen in its family; `merged` are its proposals."""
    session, found = work.session, Origins()
    squashed = [one for one in merged if one.merge and one.merge.strategy == "squash" and one.merge.sha in shas]
    adoptions = [each for each in adoptions_at(session, family, shas) if each.source_sha]
    keys = {family[each.source_id].key for each in adoptions} | {one.design.key for one in squashed}
    with work.house.store.open(design.key, also=keys - {design.key}) as repository:
        _add_sources(repository, found, squashed)
        for each in adoptions:
            if each.credited and each.kind != "geometry":  # its lines are whoever's who drew it anew
                found.sources.setdefault(each.sha, []).append(each.source_sha or "")
            elif each.kind == "twice":
                found.twice.add((each.sha, each.source_sha or ""))
        involved = {*shas, *(source for sources in found.sources.values() for source in sources)}
        changes = kept.changes(session, involved)
        units = {one.id: one.tokens for each in changes.values() for one in each.units}
        found.tokens = {name: tokens for name, tokens in units.items() if tokens >= LEAST_TOKENS}
        found.born = kept.born(session, family, found.tokens)
        wanted = {sha for sha, each in changes.items() if any(found._counts(sha, one.id) for one in each.units)}
        wanted |= involved - set(shas)
        found.plus |= _put_in_by(repository, sorted(wanted)[:MOST_READ])
    return found


def _put_in_by(repository: Repository, shas: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Returns the lines that commits put in, each with its units; those asked for last are remembered."""
    with _lock:
        found = {sha: _known[sha] for sha in shas if sha in _known}
        for sha in found:
            _known.move_to_end(sha)
    for sha, patch in patches(repository, [sha for sha in shas if sha not in found], EXPORTS):
        found[sha] = _put_in(patch)
        if sum(map(len, found[sha])) <= MOST_LETTERS:
            with _lock:
                _known[sha] = found[sha]
                while len(_known) > KEPT:
                    _known.popitem(last=False)
    return found


def _add_sources(repository: Repository, found: Origins, squashed: Sequence[Proposal]) -> None:
    for proposal in squashed:
        assert proposal.merge is not None
        commits = repository.new_commits([proposal.source_sha], [proposal.merge.base_sha])
        found.sources[proposal.merge.sha] = [each.sha for each in commits if len(each.parents) < 2]


def _put_in(patch: bytes) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {}
    for path, minus, plus in hunks(patch):
        one = unit(path, minus, plus) if is_source(path) else None
        for text in {bare(path, line) for line in plus} - {""} if one else ():
            lines.setdefault(text, []).append(one.id if one else "")
    return lines


def put_back(
    work: Work, repository: Repository, shas: Iterable[str], history: Collection[str], until: float
) -> dict[str, dict[str, str]]:
    """Returns, by commit and bare line, who had brought a line that the commit puts back: a revert writes nothing.

    `history` are the commits that what was taken back can be among. Raises TooLarge past `until`, a monotonic time.
    """
    undone: dict[str, tuple[str, str]] = {}
    changes = kept.changes(work.session, shas)
    names = {one.id for each in changes.values() for one in each.units if one.tokens >= TELLING_TOKENS}
    for name, sha, path in kept.undoing(work.session, names):
        if sha in history:
            undone[name] = sha, path
    found: dict[str, dict[str, str]] = {}
    looked = 0
    for sha in sorted(changes):
        for one in changes[sha].units:
            if one.id in undone and undone[one.id][0] != sha and looked < MOST_PUT_BACK:
                looked += 1
                if time.monotonic() > until:
                    raise TooLarge(f"What was taken back in this revision takes longer than {SECONDS} s to read.")
                found.setdefault(sha, {}).update(_before(repository, *undone[one.id]))
    return found


def _before(repository: Repository, sha: str, path: str) -> dict[str, str]:
    """Returns who had brought each bare line of a file before a commit changed it."""
    parents = repository.commit(sha).parents
    lines = blame(repository, parents[0], [path])[0].get(path, []) if parents else []
    return {text: line.sha for line in lines if (text := bare(path, line.text))}
