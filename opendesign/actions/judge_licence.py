"""Whether the licences let something of a relative into a design: one verdict, wherever it is told."""

from collections.abc import Iterable, Mapping

from opendesign.actions.house import Work
from opendesign.core.encoding import READABLE, decode
from opendesign.core.errors import NotFound, TooLarge
from opendesign.core.manifest import stated_licence
from opendesign.core.remembered import Remembered
from opendesign.core.snapshot import MANIFEST
from opendesign.core.taking import Taking, may_take
from opendesign.git.repository import Repository
from opendesign.records.design import Design, heads_of

KEPT = 20_000  # commits, each with a word
_stated = Remembered[tuple[str, str], str](KEPT)


def judge_licence(work: Work, source: Design, shas: Iterable[str], target: Design, onto: str) -> Taking:
    """Returns what the licences say of taking commits of a relative onto a commit of a design, by all of them.

    Of several the first counts that is not free. What `okh.toml` states at a commit goes before what its design says.
    """
    asked = {(source, sha) for sha in shas}
    stated = _read(work, [*asked, (target, onto)])
    into = stated.get((target.key, onto)) or target.licence
    theirs = sorted({stated.get((each.key, sha)) or each.licence for each, sha in asked} or {source.licence})
    return min((may_take(each, into) for each in theirs), key=lambda each: each.free)


def judge_licences(work: Work, design: Design, taken: Mapping[str, Design]) -> dict[str, Taking]:
    """Returns what the licences say of taking each commit of a relative onto a design's default branch."""
    head = heads_of(work.session, [design]).get(design.id)
    own = [(design, head)] if head else []
    stated = _read(work, [*((source, sha) for sha, source in taken.items()), *own])
    into = stated.get((design.key, head or "")) or design.licence
    return {sha: may_take(stated.get((each.key, sha)) or each.licence, into) for sha, each in taken.items()}


def _read(work: Work, wanted: Iterable[tuple[Design, str]]) -> dict[tuple[str, str], str]:
    """Returns the licences that commits state, by design and commit; what is gone, or in no repository, states none."""
    names = [(design.key, sha) for design, sha in wanted]
    known = {name: found for name in names if (found := _stated.get(name)) is not None}
    missing = [name for name in names if name not in known]
    if missing:
        key, *also = dict.fromkeys(key for key, _sha in missing)
        try:
            with work.house.store.open(key, also) as repository:
                known |= {name: _stated.keep(name, _licence(repository, name[1])) for name in missing}
        except NotFound:  # a design that is being deleted
            return known
    return known


def _licence(repository: Repository, sha: str) -> str:
    try:
        return stated_licence(decode(repository.read(sha, MANIFEST, READABLE)))
    except (NotFound, TooLarge):
        return ""
