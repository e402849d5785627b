"""Finds who made the lines of whole files that a family has copied from a design of another, which all may see."""

import time
from collections.abc import Collection, Mapping
from typing import NamedTuple

from opendesign.actions.find_lines import find_lines
from opendesign.actions.find_origins import counted
from opendesign.actions.house import Work
from opendesign.core.errors import NotFound, TooLarge
from opendesign.git.blame import SECONDS
from opendesign.records.blob import copied_paths, foreign_copies
from opendesign.records.design import Design, designs_by_id
from opendesign.records.revision import Adoption

MOST = 50  # copies that are looked up for one revision; what comes after stays whoever's who copied it


class Lenders(NamedTuple):
    """`of`: by commit of a family that brought a file and by bare line, the commit elsewhere that the line is from,
    and the number of its design; `passed`: the commits of which a copy was not looked up."""

    of: dict[tuple[str, str], tuple[str, int]]
    passed: set[str]


def find_lenders(work: Work, family: Mapping[int, Design], shas: Collection[str]) -> Lenders:
    """Returns where lines are from that commits of a family brought with files copied from public designs of others.

    There a line goes to whoever made it first, as it does here.
    """
    until = time.monotonic() + SECONDS
    copies = sorted(foreign_copies(work.session, family, shas), key=lambda each: (each.at, each.id))
    sources = designs_by_id(work.session, {each.source_id for each in copies})
    public = [each for each in copies if each.source_sha and sources[each.source_id].visibility == "public"]
    found = Lenders({}, {each.sha for each in public[MOST:]})
    for each in public[:MOST]:
        if time.monotonic() > until or not _look_up(work, sources[each.source_id], each, found):
            found.passed.add(each.sha)
    return found


def _look_up(work: Work, source: Design, copy: Adoption, found: Lenders) -> bool:
    """Adds where the lines of a copy are from; False where there are too many, or they are gone."""
    sha = copy.source_sha or ""
    try:
        lines = find_lines(work, source, counted(work, source), sha, copied_paths(work.session, copy.sha, sha))
    except (NotFound, TooLarge):
        return False
    for each in lines.told:
        found.of.setdefault((copy.sha, each.text), (each.origin, source.id))
    return not lines.left_out
