"""Comments pinned to points of parts, as the pages show them: where they are now, and what they were put on."""

from collections.abc import Sequence
from itertools import count

from flask_babel import format_decimal
from flask_babel import gettext as _

from opendesign.actions.find_pins import want_found
from opendesign.actions.house import Work
from opendesign.actions.merge import Review
from opendesign.actions.pin import Pin, lacks, pins_of
from opendesign.core.pin import is_point
from opendesign.records.proposal import Proposal, proposal_by_id
from opendesign.web.cards import part_address
from opendesign.web.differences import scale
from opendesign.web.visit import writing


def pin_view(proposal: Proposal, found: Pin) -> dict[str, object]:
    """Returns a pin as the macro `threads.comment` wants it; `point` and `normal` are what the viewer draws it at."""
    said, face, place = found.comment, found.face, found.place
    parts = len(found.build.shapes) if found.build else 1
    shown = place.state in ("here", "moved")
    return {
        "state": place.state,
        "words": _words(found),
        "at": at(place.point),
        "shape": face.shape if face and parts > 1 else "",
        "point": _written(place.point) if shown else "",
        "normal": _written(place.normal) if shown and place.normal else "",
        "view": said.view or "",
        "sha": said.sha,
        "href": part_address(proposal.design, said.path or "", said.sha) if said.sha else "",
        "still": f"/builds/{said.build_key}/files/png" if place.state == "outdated" and said.build_key else "",
    }


def at(point: Sequence[float]) -> str:
    """Returns a point in words, in the visitor's units; dashes for one that was kept though it is none."""
    factor, unit = scale("mm", 1)
    each = ["–"] * 3
    if is_point(point):
        each = [format_decimal(round(value * factor, 2 if unit == "in" else 1) + 0.0) for value in point]
    return " ".join(f"{axis} {value}" for axis, value in zip("xyz", each, strict=True)) + f" {unit}"


def numbered(said: list[dict[str, object]]) -> list[dict[str, object]]:
    """Returns comments with a number for each point, as the viewer shows it."""
    number = count(1)
    return [{**view, "number": next(number) if view["pin"] else None} for view in said]


def want_lacking(work: Work, proposal: Proposal, found: Review | None) -> bool:
    """Has the points of an open proposal looked for that nobody has looked for; tells whether there are any."""
    if found is None or proposal.state != "open":
        return False
    if not lacks(work, pins_of(work, found.change, proposal.comments)):
        return False
    key = proposal.id
    with writing() as work:
        if again := proposal_by_id(work.session, key):
            want_found(work, again)
    return True


def _words(found: Pin) -> str:
    if found.state == "moved":
        factor, unit = scale("mm", 1)
        far = format_decimal(round(found.place.moved * factor, 3 if unit == "in" else 1))
        return _("moved %(distance)s with its face", distance=f"{far} {unit}")
    if found.state == "outdated":
        return _("The face it was put on is gone.")
    if found.state == "unknown":
        return _("It is being looked for on the newest build.") if found.waiting else _("The part does not build now.")
    return ""


def _written(point: Sequence[float]) -> str:
    return ",".join(f"{value:.6g}" for value in point)
