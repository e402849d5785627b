"""What is written to somebody about a proposal: who did what, the parts that change, and pictures of the difference."""

from datetime import datetime, timedelta

from opendesign.actions.compare import PartComparison
from opendesign.actions.house import Work, ground
from opendesign.actions.merge import Review, review
from opendesign.core.access import Actor, may
from opendesign.core.announcement import (
    MOST_PARTS,
    Announcement,
    PartTold,
    Written,
    write_announcement,
)
from opendesign.core.errors import NotFound
from opendesign.core.language import Say
from opendesign.records.base import now
from opendesign.records.person import Person
from opendesign.records.proposal import Proposal

PATIENCE = timedelta(minutes=3)  # how long a letter waits for its pictures
PICTURE = "png"


def announce(
    work: Work, proposal: Proposal, to: Person, event: str, by: Person | None, words: str = "", say: Say = str
) -> Written | None:
    """Returns the letter to a person about what has happened to a proposal; None to whoever may not see the design.

    `event` is one of core/news.py, `words` what `by` said. Reads only: a picture that is not made is left out,
    and the letter says so.
    """
    design = proposal.design
    if not may(Actor(to.id, to.admin), "see", ground(design)):
        return None
    found = _reviewed(work, proposal)
    parts = _parts(work, found) if found else []
    told = Announcement(
        event,
        by.shown_name if by else "",
        proposal.title,
        design.path,
        proposal.number,
        f"{work.house.settings.address}/{design.path}/proposals/{proposal.number}",
        words,
        parts,
        len(found.change.changed) - len(parts) if found else 0,
        found is not None and found.change.waiting,
    )
    return write_announcement(told, say)


def awaits_pictures(work: Work, proposal: Proposal, since: datetime) -> bool:
    """Says whether a letter that was wanted then should wait a little more: pictures of it are still being made."""
    if now() - since >= PATIENCE:
        return False
    found = _reviewed(work, proposal)
    return found is not None and found.change.waiting


def _reviewed(work: Work, proposal: Proposal) -> Review | None:
    """Returns what is known of a proposal; None when its target branch or a commit it needs is gone."""
    try:
        return review(work, proposal)
    except NotFound:
        return None


def _parts(work: Work, found: Review) -> list[PartTold]:
    """Returns the first parts that change, each with its picture if it has one: the letter chooses among them."""
    titles = {part.path: part.title for side in (found.before, found.after) for part in side.parts}
    shown = found.change.shown[:MOST_PARTS]
    return [_told(work, part, titles.get(part.path, part.path)) for part in shown]


def _told(work: Work, part: PartComparison, title: str) -> PartTold:
    became = ["mended" if one.fresh and one.became == "kept" else one.became for one in part.promises]
    misses = [(one.name, one.after.by_mm if one.after else None) for one in part.promises]
    kept = [(word, *miss) for word, miss in zip(became, misses, strict=True)]
    row = part.comparison
    picture = work.house.shelf.path(row.key, PICTURE) if row and PICTURE in (row.files or {}) else None
    return PartTold(
        part.path,
        title,
        part.status,
        part.facts,
        part.material_assumed,
        kept,
        picture.read_bytes() if picture and picture.is_file() else None,
    )
