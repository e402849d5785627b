"""Shows how credit for a revision is computed: who has which share, and where each line of it came from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from opendesign.actions.find_origins import counted
from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.share_credit import share_credit, shown_names
from opendesign.core.lineage.credit import Credit
from opendesign.records import change as kept
from opendesign.records.design import Design, designs_by_id


class Home(NamedTuple):
    """Where a commit was first received: the design's path, and what its message begins with."""

    design: str
    subject: str


@dataclass
class Told:
    """The credit for one commit, what to call everybody, and where the commits behind it are from."""

    sha: str
    credit: Credit
    names: dict[str, tuple[str, str]]
    homes: dict[str, Home]


def show_credit(work: Work, design: Design, ref: str = "") -> Told:
    """Returns the credit for a revision, by default the newest, with all that is shown beside it. Raises as it does."""
    sha = find_revision(work, design, ref).sha
    credit = share_credit(work, design, sha)
    events = [event for each in credit.shares for event in each.events if event.kind == "lines"]
    shas = {sha for event in events for sha in (event.place, event.origin)}
    beyond = {event.elsewhere for event in events if event.elsewhere}
    names = shown_names(work, design, [each.who for each in credit.shares], shas, beyond)
    homes = {sha: Home(design.path, "") for sha in shas} | _homes(work, counted(work, design), shas)
    for key, lender in designs_by_id(work.session, beyond).items():
        homes |= _homes(work, counted(work, lender), {event.origin for event in events if event.elsewhere == key})
    return Told(sha, credit, names, homes)


def _homes(work: Work, designs: Mapping[int, Design], shas: Collection[str]) -> dict[str, Home]:
    receipts = kept.receipts(work.session, designs, shas)
    return {sha: Home(designs[first.design_id].path, first.subject) for sha, (first, *_) in receipts.items()}
