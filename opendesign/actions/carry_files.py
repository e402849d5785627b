"""Files of Git LFS go where the commits go that name them: into forks, proposals, merges and adoptions."""

from collections.abc import Sequence

from opendesign.actions.house import Work
from opendesign.git.lfs import pointers_in
from opendesign.records.design import Design, known_refs
from opendesign.records.lfs import add_files, has_large_files, large_files


def bring(work: Work, source: Design, target: Design, sha: str, ref: str) -> None:
    """Makes a commit of `source` part of `target`, held by the internal `ref`, with the large files it names.

    Only what `source` has comes along: naming a file is no proof of having it. Raises what `Store.bring` does.
    """
    work.house.store.bring(source.key, target.key, sha, ref)
    carry_files(work, source, target, [sha])


def carry_files(work: Work, source: Design, target: Design, tips: Sequence[str]) -> None:
    """Gives `target` the large files of `source` that commits up to these tips name, which `target` has by now."""
    if source.id == target.id or not has_large_files(work.session, source):
        return
    known = list(known_refs(work.session, target).values())
    with work.house.store.open(target.key) as repository:
        named = pointers_in(repository, tips, known)
    sizes = large_files(work.session, source.id, [each.oid for each in named])
    had = [each for each in named if sizes.get(each.oid) == each.size]
    add_files(work.session, target, had, False, work.person)
