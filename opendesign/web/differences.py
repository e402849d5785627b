"""What the pages show of two trees side by side: each part's geometry, facts and parameters, and one sentence."""

from collections.abc import Mapping
from functools import cache
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import ngettext

from opendesign.actions.compare import Change3D, PartComparison
from opendesign.core.comparison import Fact
from opendesign.core.shapes import Change
from opendesign.core.snapshot import Snapshot
from opendesign.core.text import slug
from opendesign.core.value import written
from opendesign.records.build import Build
from opendesign.web.cards import still
from opendesign.web.language import tag, units
from opendesign.web.promises import promise_views

INCH = 25.4
HOUR = 60  # minutes
MOST_SHAPES = 60


def part_views(
    change: Change3D, before: Snapshot, after: Snapshot, address: str, opened: int, pictures: str = ""
) -> list[dict[str, object]]:
    """Returns the changed parts that are shown as `compare/_part.html` wants them, those changed themselves first.

    `address` answers with one part's fragment for `?part=`; the first `opened` are shown unfolded. `pictures` is the
    start of an address that draws what of a contract is missed.
    """
    titles = {part.path: part.title for snapshot in (before, after) for part in snapshot.parts}
    views = [_view(part, titles.get(part.path, part.path), address) for part in change.shown]
    for number, (part, view) in enumerate(zip(change.shown, views, strict=True)):
        view |= promise_views(part.promises, part.path, pictures)
        view["open"] = number < opened
        view["previous"] = views[number - 1] if number else None
        view["next"] = views[number + 1] if number + 1 < len(views) else None
        view["indirect"] = view["status"] == "changed" and view["path"] not in change.edited
    return views


def rest_of(change: Change3D, address: str = "") -> tuple[int, str]:
    """Returns how many more parts differ than are shown, and where the next are; `address` begins with them all."""
    following = f"{address}{'&' if '?' in address else '?'}from={change.start + change.most}"
    return change.rest, following if address else ""


def _view(part: PartComparison, title: str, address: str) -> dict[str, object]:
    sides = [(part.pair.before, part.before), (part.pair.after, part.after)]
    done, steps = progress_of(part)
    waiting = part.state in ("wanted", "making") or any(b and b.state in ("wanted", "making") for _p, b in sides)
    measured = all(build and build.state == "made" for path, build in sides if path)
    facts = [fact_row(fact) for fact in part.facts]
    row, shapes = part.comparison, part.shapes
    differing = [change for change in shapes if change.status != "unchanged"]
    return {
        "id": f"part-{slug(part.path)}",
        "path": part.path,
        "old_path": part.pair.before if part.pair.before != part.path else None,
        "title": title,
        "status": "moved" if part.status == "renamed" else part.status,
        "waiting": waiting,
        "done": done,
        "steps": steps,
        "poll": f"{address}{'&' if '?' in address else '?'}{urlencode({'part': part.path, 'done': done})}",
        "error": part.error if part.state == "failed" else None,
        "builds": any(b and b.state == "failed" for _p, b in sides),
        "visible": all(_viewer(build) for path, build in sides if path),
        "viewers": [_viewer(build) for _path, build in sides],
        "build": part.after.key if part.after else "",
        "marks": [_mark(change) for change in shapes],
        "stills": [still(build) for _path, build in sides],
        "after_still": still(part.after),
        "overlay": f"/comparisons/{row.key}/files/overlay" if row and "overlay" in (row.files or {}) else None,
        "overlay_still": f"/comparisons/{row.key}/files/png" if row and "png" in (row.files or {}) else None,
        "material": _material(part.volumes),
        "method": part.method,
        "approximate": part.approximate,
        "shapes": [_shape_view(change) for change in differing[:MOST_SHAPES]],
        "more_shapes": max(0, len(differing) - MOST_SHAPES),
        "same_shapes": len(shapes) - len(differing),
        "notes": _notes(part) if measured else [],
        "volume": next((row for fact, row in zip(part.facts, facts, strict=True) if fact.name == "volume"), None),
        "changed_facts": [row for fact, row in zip(part.facts, facts, strict=True) if fact.differs and measured],
        "same_facts": [row for fact, row in zip(part.facts, facts, strict=True) if not fact.differs and measured],
        "parameters": [(c.name, _shown(c.before), _shown(c.after), c.unit, c.status) for c in part.parameters],
    }


def _shape_view(change: Change) -> dict[str, object]:
    """Returns a shape as the tree shows it: how deep it lies, its names, and what became of its volume."""
    name = change.name.rpartition("/")[2]
    sides = [side["volume_mm3"] if side else None for side in (change.before, change.after)]
    volume = fact_row(Fact("volume", "mm³", sides[0], sides[1], None))
    old = change.before["name"] if change.before and change.before["name"] != change.name else None
    return {
        "name": name,
        "within": change.name[: -len(name)],
        "old_name": old,
        "status": change.status,
        "volume": volume,
    }


def _mark(change: Change) -> list[str]:
    """Returns what the stage shows of a shape: its name, what became of it and, where it is another, its old name."""
    old = change.before["name"] if change.before else change.name
    return [change.name, change.status] + ([old] if old != change.name else [])


def _notes(part: PartComparison) -> list[str]:
    """Returns what to know of the measures that are estimates."""
    names = {fact.name for fact in part.facts}
    notes = []
    if "mass" in names and part.material_assumed:
        notes.append(_("No known material is named for it: mass and filament count with PLA, 1.24 g/cm³."))
    if "filament" in names:
        notes.append(_("Filament is estimated without slicing: a slicer may say a twentieth less or a third more."))
    if "print" in names:
        notes.append(
            _("Print time is rough: a slicer may say a fifth less or half more, and a fast printer takes a third.")
        )
    if "wall" in names:
        notes.append(_("Walls are measured at some places; there may be thinner ones."))
    if part.overlapping:
        notes.append(_("Some of its bodies lie in one another: what they share is added, removed or kept only once."))
    return notes


def progress_of(part: PartComparison) -> tuple[int, int]:
    """Returns how many of a part's steps are done, and how many there are: each build, then the difference."""
    builds = [b for path, b in ((part.pair.before, part.before), (part.pair.after, part.after)) if path]
    ended = sum(1 for build in builds if build and build.state in ("made", "failed"))
    if part.comparison and part.comparison.state in ("made", "failed"):
        ended += 1
    return ended, len(builds) + 1


def _material(volumes: Mapping[str, float]) -> list[tuple[str, float, str, int]]:
    """Returns (kind, volume, unit, digits) of what was added, removed and kept, all in one unit."""
    if not volumes:
        return []
    factor, unit = scale("mm³", max(volumes.values()))
    digits = {"cm³": 2, "in³": 3}.get(unit, 1)
    return [(kind, volumes[kind] * factor, unit, digits) for kind in ("added", "removed", "common") if kind in volumes]


def _viewer(build: Build | None) -> str | None:
    return f"/builds/{build.key}/files/viewer" if build and build.state == "made" else None


def _shown(value: object) -> str | None:
    if isinstance(value, float):
        return f"{value:.10g}"
    return None if value is None else written(value)


def fact_row(fact: Fact) -> dict[str, object]:
    """Returns a fact as the macro `facts.comparison` wants it, in the visitor's units."""
    before, after, unit, digits = fact.before, fact.after, fact.unit, 2 if fact.unit else 0
    if fact.name == "valid":
        words = [None if side is None else _("valid") if side else _("not valid") for side in (before, after)]
        return {"label": _("Geometry"), "before": words[0], "after": words[1]}
    factor, unit = scale(unit, max(abs(before or 0), abs(after or 0)))
    before, after = (value * factor if value is not None and unit else value for value in (before, after))
    digits = 3 if unit.startswith("in") else digits
    return {"label": _label(fact.name), "before": before, "after": after, "unit": unit, "digits": digits}


def shown_units(unit: str) -> dict[str, float]:
    """Returns the units in which a measure may be shown, each with its size in the unit it is kept in."""
    larger = {"mm": {"in": INCH}, "mm²": {"cm²": 1e2, "in²": INCH**2}, "mm³": {"cm³": 1e3, "in³": INCH**3}}
    larger["min"] = {"h": HOUR}
    return {unit: 1.0, **larger.get(unit, {})}


def scale(unit: str, largest: float) -> tuple[float, str]:
    """Returns the factor and unit in which a measure of this size is read."""
    if units() == "inch":
        return {
            "mm": (1 / INCH, "in"),
            "mm²": (1 / INCH**2, "in²"),
            "mm³": (1 / INCH**3, "in³"),
        }.get(unit, (1.0, unit))
    if unit == "min" and largest >= HOUR:
        return 1 / HOUR, "h"
    if unit == "mm³" and largest >= 1000:
        return 1e-3, "cm³"
    if unit == "mm²" and largest >= 1000:
        return 1e-2, "cm²"
    return 1.0, unit


def _label(name: str) -> str:
    what, _space, axis = name.partition(" ")
    return f"{_labels(tag()).get(what, what)} {axis.upper()}".strip()


@cache
def _labels(_language: str) -> dict[str, str]:
    """Returns what measures are called in the language of this request."""
    return {
        "volume": _("Volume"),
        "area": _("Surface"),
        "size": _("Size"),
        "centre": _("Centre of mass"),
        "solids": _("Solids"),
        "faces": _("Faces"),
        "mass": _("Mass, solid"),
        "filament": _("Filament, estimated"),
        "print": _("Print time, rough"),
        "wall": _("Thinnest wall, sampled"),
        "overhang": _("Overhang above 45°"),
    }


def sentence(change: Change3D, files: int, commits: int | None = None) -> str:
    """Returns what a comparison comes to: parts, parameters, files, commits."""
    counts = {status: sum(part.status == status for part in change.parts) for status in ("added", "removed")}
    other = len(change.changed) - sum(counts.values())
    total = len({part.pair.before for part in change.parts} - {None})
    said: list[str] = []
    if other:
        said.append(
            ngettext("%(num)s of %(total)s parts changes", "%(num)s of %(total)s parts change", other, total=total)
        )
    if counts["added"]:
        said.append(ngettext("%(num)s part is new", "%(num)s parts are new", counts["added"]))
    if counts["removed"]:
        said.append(ngettext("%(num)s part goes", "%(num)s parts go", counts["removed"]))
    if not said:
        said.append(_("No part changes its shape"))
    parameters = {(c.path, c.name) for part in change.changed for c in part.parameters}
    if parameters:
        said.append(ngettext("%(num)s parameter", "%(num)s parameters", len(parameters)))
    said.append(ngettext("%(num)s file", "%(num)s files", files))
    if commits is not None:
        said.append(ngettext("%(num)s commit", "%(num)s commits", commits))
    return ", ".join(said) + "."


def one_part(views: list[dict[str, object]], path: str, done: str) -> dict[str, object] | None:
    """Returns the view of a part that a fragment asks for; None while nothing new is known of it."""
    for view in views:
        if view["path"] == path:
            return view if str(view["done"]) != done or not view["waiting"] else None
    return None
