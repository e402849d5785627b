"""Finds on which build a point that somebody comments on lies, and where such points are in what is proposed now."""

from collections.abc import Sequence
from contextlib import suppress

from opendesign.actions.compare import Change3D
from opendesign.actions.house import Work
from opendesign.actions.merge import review, want_review
from opendesign.actions.pin import Pin, pinned_build, pins_of, want_pins
from opendesign.core.errors import NotFound
from opendesign.records.build import Build
from opendesign.records.proposal import Comment, Proposal


def build_under(work: Work, proposal: Proposal, path: str, key: str | None = None) -> Build | None:
    """Returns the build of a proposed part that a point lies on: the one somebody saw, else the newest, then wanted.

    None where the path is no part of what is proposed. Raises Invalid for a build of another part.
    """
    change = None
    if not key:
        with suppress(NotFound):
            change = (want_review if proposal.state == "open" else review)(work, proposal).change
    return pinned_build(work, path, key, change)


def find_pins(work: Work, proposal: Proposal, comments: Sequence[Comment]) -> dict[int, Pin]:
    """Returns where each comment with a point is in what is proposed now, by the comment's number; reads only."""
    placed = [each for each in comments if each.point]
    return pins_of(work, _change(work, proposal), placed) if placed else {}


def want_found(work: Work, proposal: Proposal) -> None:
    """Wants what is lacking to say where the points of an open proposal are."""
    if proposal.state == "open":
        with suppress(NotFound):
            want_pins(work, pins_of(work, want_review(work, proposal).change, proposal.comments))


def _change(work: Work, proposal: Proposal) -> Change3D | None:
    try:
        return review(work, proposal).change
    except NotFound:
        return None
