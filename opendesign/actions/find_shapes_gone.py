"""Finds which shapes that a design took over none of its parts has any longer, and since when."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from opendesign.actions.house import Work
from opendesign.actions.measure_overlap import overlaps_of
from opendesign.core.lineage.form import SAME, is_alike
from opendesign.core.lineage.form import Form as Shape
from opendesign.core.lineage.unit import Unit
from opendesign.records.build import Build, builds_by_key
from opendesign.records.design import Design, parts_of
from opendesign.records.form import Form, forms_at, forms_like, forms_of_change, shape_of
from opendesign.records.revision import Adoption

Ends = Iterator[tuple[int, datetime | None]]
Units = Mapping[str, Sequence[Unit]]


def shapes_gone(
    work: Work,
    adoptions: Sequence[Adoption],
    units: Units,
    moments: Mapping[str, datetime],
) -> Ends:
    """Yields which adoptions of shapes into a design have ended, by number, and when; None where nothing shows when.

    While a part is still to be made, it has the shape that it is last known to have had. `moments` are those at which
    the design's published commits came.
    """
    shapes = _shapes(work, adoptions[0].target_id, moments) if adoptions else {}
    for each in adoptions:
        drawn = [row for row in forms_of_change(work.session, each.target_id, each.sha) if _is_of(each, row)]
        if drawn and not any(_agreeing(work, row, shapes) for row in drawn):
            yield each.id, _left(work, drawn, units, moments)


def is_building(work: Work, design: Design) -> bool:
    """Says whether a part of a design's head is still to be made."""
    return any(build and build.waiting for build in _standing(work, design.id).values())


def _standing(work: Work, design: int) -> dict[str, Build | None]:
    """Returns the builds of the parts of a design's head, by path."""
    parts = parts_of(work.session, [work.session.get_one(Design, design)])[design]
    made = builds_by_key(work.session, {part.build_key for part in parts})
    return {part.path: made.get(part.build_key) for part in parts}


def _shapes(work: Work, design: int, moments: Mapping[str, datetime]) -> dict[str, Shape]:
    """Returns the shapes that the parts of a design's head have, or had last, by their builds."""
    found = {}
    for path, build in _standing(work, design).items():
        if build is None or build.waiting or build.stopped:
            known = [row for row in forms_at(work.session, design, path) if row.told and row.change in moments]
            last = max(known, key=lambda row: (moments[row.change or ""], row.id), default=None)
            key, shape = (last.key, last.told) if last else ("", None)
        else:
            key, shape = build.key, shape_of(build)
        if shape:
            found[key] = shape
    return found


def _is_of(adoption: Adoption, row: Form) -> bool:
    return row.told is not None and f"part:{row.path}" in adoption.evidence


def _agreeing(work: Work, row: Form, shapes: Mapping[str, Shape]) -> set[str]:
    """Returns the builds whose shape agrees with a part's, unless a comparison has shown that they differ."""
    alike = [key for key, shape in shapes.items() if row.told and is_alike(row.told, shape)]
    overlaps = overlaps_of(work, row.key, alike)
    return {key for key in alike if key == row.key or (overlap := overlaps.get(key)) is None or overlap >= SAME}


def _left(work: Work, drawn: Sequence[Form], units: Units, moments: Mapping[str, datetime]) -> datetime | None:
    """Returns when the last of a design's parts with a shape was drawn anew or went; None where that is not seen."""
    found = []
    for row in drawn:
        alike = forms_like(work.session, [row.design_id], row.told) if row.told else []
        keys = _agreeing(work, row, {each.key: each.told for each in alike if each.told})
        had = {(each.path, at) for each in alike if each.key in keys and (at := moments.get(each.change or ""))}
        for path in {path for path, _ in had}:
            last = max(at for where, at in had if where == path)
            came = {each.change or "" for each in forms_at(work.session, row.design_id, path)}
            came |= {sha for sha, some in units.items() if any(unit.path == path for unit in some)}
            later = [moments[sha] for sha in came if sha in moments and moments[sha] > last]
            found += [min(later)] if later else []
    return max(found, default=None)
