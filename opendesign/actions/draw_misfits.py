"""Draws what of a contract is missed over the drawing of the part, made first where it is not there yet."""

from collections.abc import Sequence

from opendesign.actions.export import export
from opendesign.actions.house import House, Visitor
from opendesign.core.misfit import Misfit
from opendesign.core.misfit_picture import drawn_over
from opendesign.records.build import build_by_key


def draw_misfits(house: House, visitor: Visitor, misfits: Sequence[Misfit], labels: Sequence[str], key: str) -> str:
    """Returns an SVG of the misfits, at least one, of one build, with a label for each and the `key` of its lines.

    Raises Unbuildable when the kernel cannot draw the part or the engine is off.
    """
    build = misfits[0].build
    export(house, visitor, build, "svg")
    with house.reading() as work:
        box = (build_by_key(work.session, build).total or {})["bbox_mm"]
    drawing = house.shelf.path(build, "svg").read_text("utf-8", "replace")
    return drawn_over(drawing, box, misfits, labels, key)
