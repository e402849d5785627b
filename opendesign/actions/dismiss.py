"""Somebody says for a design that an improvement is not for it, or takes that back."""

from opendesign.actions.house import Work
from opendesign.actions.watch_family import waiting
from opendesign.core.errors import NotFound
from opendesign.records.base import now
from opendesign.records.design import Design
from opendesign.records.kin import family_of
from opendesign.records.radar import Dismissal, dismissal_of


def dismiss(work: Work, design: Design, sha: str) -> Dismissal:
    """Has the radar of a design leave an improvement out; raises NotFound for what does not wait there."""
    if known := dismissal_of(work.session, design.id, sha):
        return known
    seen = {each.id: each for each in family_of(work.session, design) if work.may("see", each)}
    if not any(blip.sha == sha for blip in waiting(work, design, seen)):
        raise NotFound(f"No improvement “{sha[:40]}” waits for {design.path}.")
    made = Dismissal(design_id=design.id, sha=sha, person=work.person, at=now())
    work.session.add(made)
    work.session.flush()
    return made


def recall(work: Work, design: Design, sha: str) -> None:
    """Has the radar of a design show a dismissed improvement again; raises NotFound for what was not dismissed."""
    made = dismissal_of(work.session, design.id, sha)
    if made is None:
        raise NotFound(f"{design.path} did not dismiss “{sha[:40]}”.")
    work.session.delete(made)
    work.session.flush()
