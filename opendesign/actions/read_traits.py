"""Reads what the heads of a family's designs, and the commits they were forked at, make of each part."""

from collections.abc import Sequence

from opendesign.actions.house import House
from opendesign.actions.read_tree import read_snapshot
from opendesign.core.errors import NotFound
from opendesign.core.lineage.trait import traits
from opendesign.core.snapshot import Snapshot
from opendesign.git.command import Failed
from opendesign.records.design import Design, design_by_id, heads_of
from opendesign.records.kin import family_of
from opendesign.records.trait import keep_traits, unread_traits


def read_traits(house: House, key: int) -> None:
    """Keeps the traits of the heads and the fork points of a design's family that were not read yet."""
    with house.reading() as work:
        design = design_by_id(work.session, key)
        family = family_of(work.session, design) if design else []
        places = _places(family, heads_of(work.session, family))
        wanted = {sha: places[sha] for sha in unread_traits(work.session, places)}
    for sha, home in wanted.items():
        found = _read(house, home, sha)
        with house.noting() as work:
            keep_traits(work.session, sha, found)


def _places(family: Sequence[Design], heads: dict[int, str]) -> dict[str, str]:
    """Returns each commit whose traits count, with the repository that has it."""
    begun = {each.fork_sha: each.key for each in family if each.fork_sha}
    return begun | {heads[each.id]: each.key for each in family if each.id in heads}


def _read(house: House, key: str, sha: str) -> dict:
    try:
        with house.store.open(key) as repository:
            snapshot = read_snapshot(repository, sha)
    except (NotFound, Failed):  # rewritten and swept away: it is not looked for again
        return {}
    return traits(snapshot.sources, _models(snapshot))


def _models(snapshot: Snapshot) -> dict[str, str]:
    return {part.path: snapshot.blobs[part.path] for part in snapshot.parts if part.path not in snapshot.sources}
