"""Points of parts that comments are pinned to: where they are in what is proposed now."""

from typing import Literal

from pydantic import Field

from opendesign.actions.find_pins import find_pins, want_found
from opendesign.actions.pin import Pin, lacks
from opendesign.api.shape import Page, Sha, Shown, Vector
from opendesign.api.visit import find_design, house, visitor
from opendesign.records.proposal import proposal_of


class PinShown(Shown):
    """Where the point of a comment is in what is proposed now."""

    state: Literal["here", "moved", "outdated", "unknown"] = Field(
        description="moved: with its face; outdated: the face it was put on is gone; unknown: not found yet, ask again."
    )
    point: Vector = Field(description="In mm; where it was put, if it is outdated or unknown.")
    normal: Vector | None = Field(description="The way its face looks.")
    moved_mm: float
    shape: str | None = Field(description="The shape the face belongs to, such as `case/lid` of an assembly.")
    surface: str | None = Field(description="plane, cylinder, cone, sphere, torus or other; null in the air.")
    commit: Sha | None = Field(description="The proposed commit it was put on.")
    build: str | None = Field(description="The key of the build it was put on.")


def pin_shown(found: Pin) -> PinShown:
    """Returns a pin as the API shows it."""
    place, face, said = found.place, found.face, found.comment
    return PinShown.of(
        state=place.state,
        point=place.point,
        normal=place.normal,
        moved_mm=place.moved,
        shape=face.shape if face else None,
        surface=face.kind if face else None,
        commit=said.sha,
        build=said.build_key,
    )


def want_pinned(owner: str, name: str, number: int, query: Page) -> None:
    """Wants what is lacking to say where an open proposal's points are, before they are listed."""
    with house().reading(visitor()) as work:
        proposal = proposal_of(work.session, find_design(work, owner, name), number)
        lacking = proposal.state == "open" and lacks(work, find_pins(work, proposal, query.of(proposal.comments)))
    if lacking:
        with house().writing(visitor()) as work:
            want_found(work, proposal_of(work.session, find_design(work, owner, name), number))
