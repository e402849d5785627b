"""Somebody wants the files of a revision as they are: the sources, without git."""

from pathlib import Path

from opendesign.actions.archive import Archive
from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.core.errors import TooLarge
from opendesign.core.text import slug
from opendesign.records.design import Design

MOST_BYTES = 64 << 20  # of all files that are held in memory while they are sent


def archive_source(work: Work, design: Design, ref: str) -> Archive:
    """Returns every file of a revision; those of Git LFS that were sent are themselves, others the pointers they are.

    Links and submodules are left out. Raises NotFound, TooLarge past 64 MiB beside what Git LFS keeps, or past
    `archive_bytes` with it.
    """
    sha = find_revision(work, design, ref).sha
    large = read_tree(work, design, sha).large
    name = f"{slug(design.name)}-{sha[:7]}-source"
    entries: dict[str, bytes | Path] = {}
    with work.house.store.open(design.key) as repository:
        date = repository.commit(sha).committer.at
        files = [each for each in repository.files(sha) if each.kind == "blob"]
        small = [each for each in files if each.path not in large]
        _need_room(work, sum(each.size for each in small), sum(pointer.size for pointer in large.values()))
        blobs = repository.read_blobs([each.sha for each in small])
    for each in files:
        pointer = large.get(each.path)
        entries[f"{name}/{each.path}"] = work.house.store.lfs.found(pointer) if pointer else blobs[each.sha]
    return Archive(name, date, entries)


def _need_room(work: Work, small: int, large: int) -> None:
    if small > MOST_BYTES or small + large > work.house.limits.archive_bytes:
        raise TooLarge("The files of this revision are too large for one archive; have them with git clone.")
