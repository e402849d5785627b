"""Finds who made the lines of whole files that a family has copied from a design of another, which all may see."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence

from opendesign.actions.find_origins import counted, find_origins
from opendesign.actions.house import Work
from opendesign.core.errors import NotFound, TooLarge
from opendesign.core.lineage.credit import bare
from opendesign.git.blame import SECONDS, blame
from opendesign.records.blob import copied_paths, foreign_copies
from opendesign.records.design import Design, designs_by_id

MOST = 50  # copies that are looked up for one revision; what comes after stays whoever's who copied it


def find_lenders(
    work: Work, family: Mapping[int, Design], shas: Collection[str]
) -> dict[tuple[str, str], tuple[str, int]]:
    """Returns, by commit of a family that brought a file and by bare line, the commit elsewhere that the line is from,
    and the number of its design.

    There a line goes to whoever made it first, as it does here.
    """
    until = time.monotonic() + SECONDS
    copies = sorted(foreign_copies(work.session, family, shas), key=lambda each: (each.at, each.id))
    sources = designs_by_id(work.session, {each.source_id for each in copies})
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for each in copies[:MOST]:
        source = sources[each.source_id]
        if source.visibility == "public" and each.source_sha and time.monotonic() < until:
            paths = copied_paths(work.session, each.sha, each.source_sha)
            for text, sha in _lines(work, source, each.source_sha, paths):
                found.setdefault((each.sha, text), (sha, source.id))
    return found


def _lines(work: Work, source: Design, sha: str, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yields the bare lines of files of a revision, each with the commit it is credited to."""
    try:
        with work.house.store.open(source.key) as repository:
            files, _left_out = blame(repository, sha, paths)
    except (NotFound, TooLarge):
        return
    lines = [(path, line) for path, some in files.items() for line in some]
    origins = find_origins(work, source, counted(work, source), {line.sha for _, line in lines}, ())
    for path, line in lines:
        if text := bare(path, line.text):
            yield text, origins.of(line.sha, text)
