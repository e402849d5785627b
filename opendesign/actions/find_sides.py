"""Finds what `main...ada/laptop-case:wider` compares: two revisions of one design, or of two of a family."""

from dataclasses import dataclass

from opendesign.actions.find_revision import Place, find_revision
from opendesign.actions.house import Work
from opendesign.core.errors import Invalid, NotFound
from opendesign.records.design import Design, family_of


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a revision of a design."""

    design: Design
    place: Place

    def name_in(self, focus: Design) -> str:
        """Returns how the side is written on the pages of a design."""
        return self.place.ref if self.design.id == focus.id else f"{self.design.path}:{self.place.ref}"


def find_sides(work: Work, design: Design, span: str) -> tuple[Side, Side]:
    """Returns both sides of `a...b`; each is a ref of the design, or `owner:ref` (`owner/name:ref`) of a relative.

    Raises Invalid for another form, NotFound for what is not there or may not be seen.
    """
    before, dots, after = span.partition("...")
    if not dots:
        message = "must be two revisions with three dots between them, such as main...thicker"
        raise Invalid(f"The comparison {message}.", [{"name": "range", "message": message}])
    return find_side(work, design, before), find_side(work, design, after)


def find_side(work: Work, design: Design, text: str) -> Side:
    """Returns the revision that `ref`, `owner:ref` or `owner/name:ref` means; no ref means the default branch."""
    whose, colon, ref = text.rpartition(":")
    meant = _relative(work, design, whose) if colon else design
    return Side(meant, find_revision(work, meant, ref))


def _relative(work: Work, design: Design, whose: str) -> Design:
    """Returns the design of the family that `owner` or `owner/name` means, the oldest of an owner's first."""
    for member in family_of(work.session, design):
        if whose in (member.owner.name, member.path) and work.may("see", member):
            return member
    raise NotFound(f"No design of “{whose[:130]}” is in the family of {design.path}.")
