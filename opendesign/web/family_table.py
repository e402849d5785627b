"""The table of a family as a visitor asked for it: searched, sorted, filtered, paged, the unchanged folded away."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from opendesign.actions.trace import Kin, Lineage
from opendesign.core.lineage.measure import Facts
from opendesign.core.lineage.table import GROWING, SORTS, Row, Wish, choose, is_measured
from opendesign.core.printing import DENSITY, USUAL
from opendesign.records.base import now
from opendesign.records.family import Relative
from opendesign.web.differences import scale
from opendesign.web.explore import page_count, page_number, paged

SIZE = 50  # designs on a page
SWITCHES = ("active", "differs", "flow", "unchanged")
Shown = dict[str, object]
Values = tuple[float | None, float | None, float | None, tuple[int, ...]]  # volume, mass, time, trouble
NONE: Values = (None, None, None, ())
Measure = Callable[[Sequence[Relative]], Mapping[int, Facts]]


def table_view(found: Lineage, measure: Measure, built: Counter[int]) -> Shown:
    """Returns one page of the table, its headings as links, and what was asked for.

    `measure` tells the facts of relatives: of all where they decide the order, else of those on the page alone; `built`
    how many verified builds each has.
    """
    asked = _asked()
    material = asked.get("material", USUAL)
    kin = {each.design.id: each for each in found.kin}
    facts = measure([each.design for each in found.kin]) if is_measured(asked.get("sort", "")) else {}
    values = {id(each): _values(each, material) for each in facts.values()}
    rows = [
        _row(number, each, values.get(id(facts.get(each.design.id)), NONE), built[each.design.id])
        for number, each in enumerate(found.kin)
    ]
    listed, folded = choose(rows, wish(asked), now(), found.focus.id)
    pages = page_count(len(listed), SIZE)
    page = min(page_number(), pages)
    shown = [kin[row.key] for row in listed[(page - 1) * SIZE : page * SIZE]]
    facts = facts or measure([each.design for each in shown])
    address = f"/{found.focus.path}/lineage"
    return {
        "rows": [_shown(each, facts[each.design.id], material, built[each.design.id]) for each in shown],
        "total": len(listed),
        "all": len(rows),
        "folded": folded,
        "unfold": _address(address, asked | {"unchanged": "1"}),
        "fold": _address(address, _without(asked, "unchanged")),
        "by_tree": _address(address, _without(asked, "sort")),
        "page": page,
        "pages": pages,
        "href_of": paged(address, asked),
        "address": address,
        "asked": asked,
        "material": material,
        "materials": list(DENSITY),
        "columns": _columns(address, asked, material),
        "tree": "sort" not in asked,
        "has_private": any(row.private for row in rows),
    }


def wish(asked: Mapping[str, str]) -> Wish:
    """Returns what an address asks for."""
    switched = {name: bool(asked.get(name)) for name in SWITCHES}
    return Wish(asked.get("q", ""), asked.get("sort", "tree"), visibility=asked.get("visibility", ""), **switched)


def _asked() -> dict[str, str]:
    """Returns the parameters of the address that say something; others are as if they were not there."""
    sort, material = request.args.get("sort", ""), request.args.get("material", "")
    asked = {"q": request.args.get("q", "").strip()[:200]}
    asked["sort"] = sort if sort.removeprefix("-") in SORTS and sort != "tree" else ""
    asked["visibility"] = each if (each := request.args.get("visibility", "")) in ("public", "private") else ""
    asked["material"] = material if material in DENSITY else ""
    asked |= {name: "1" if request.args.get(name) else "" for name in SWITCHES}
    return {name: value for name, value in asked.items() if value}


def _names(material: str) -> dict[str, str]:
    """Returns what each order is called."""
    return {
        "name": _("Design"),
        "activity": _("Last change"),
        "ahead": _("Ahead"),
        "behind": _("Behind"),
        "took": _("Took"),
        "gave": _("Gave"),
        "mass": _("Mass in %(material)s", material=material),
        "volume": _("Volume"),
        "print": _("Print time, rough"),
        "builds": _("Confirmed builds"),
        "checks": _("Checks"),
    }


def _columns(address: str, asked: dict[str, str], material: str) -> list[Shown]:
    """Returns the headings: each sorts by itself, and turns the order round when it sorts already."""
    sort = asked.get("sort", "")
    shown = []
    for name, words in _names(material).items():
        turned = f"-{name}" if sort == name else name
        grows = (name in GROWING) == (sort == name)
        order = ("ascending" if grows else "descending") if sort.removeprefix("-") == name else ""
        href = _address(address, asked | {"sort": turned})
        shown.append({"name": name, "words": words, "href": href, "order": order, "number": name in _NUMBERS})
    return shown


_NUMBERS = ("ahead", "behind", "took", "gave", "mass", "volume", "print", "builds")


def _values(facts: Facts, material: str) -> Values:
    volume, mass, minutes = (facts.value(name, material) for name in ("volume", "mass", "print"))
    return volume, mass, minutes, facts.trouble


def _row(place: int, kin: Kin, values: Values, builds: int) -> Row:
    design = kin.design
    counts = (kin.changes, kin.ahead, kin.behind, len(kin.taken), len(kin.given))
    private = design.visibility == "private"
    return Row(design.id, place, design.path, design.title, design.moved_at, private, *counts, *values, builds)


def _shown(kin: Kin, facts: Facts, material: str, builds: int) -> Shown:
    volume, mass, minutes = (facts.value(name, material) for name in ("volume", "mass", "print"))
    factor, unit = scale("mm³", volume or 0.0)
    state, words = _checks(facts)
    volume = volume * factor if volume is not None else None
    known = {"mass": mass, "volume": volume, "unit": unit, "hours": minutes and minutes / 60, "builds": builds}
    return {"kin": kin, "state": state, "words": words} | known


def _checks(facts: Facts) -> tuple[str, str]:
    """Returns the state of what is worst about a design's parts and checks, and its words."""
    passed, checks = facts.checks or (0, 0)
    parts = len(facts.parts)
    if facts.failed:
        return "failed", ngettext("%(num)s part fails", "%(num)s parts fail", facts.failed)
    if passed < checks:
        return "failed", ngettext("%(num)s check fails", "%(num)s checks fail", checks - passed)
    if facts.invalid:
        return "warning", ngettext("%(num)s part not valid", "%(num)s parts not valid", facts.invalid)
    if facts.waiting:
        return "waiting", ngettext("%(num)s part to build", "%(num)s parts to build", facts.waiting)
    if checks:
        return "passed", ngettext("%(num)s check passes", "%(num)s checks pass", checks)
    return ("made", ngettext("%(num)s part builds", "%(num)s parts build", parts)) if parts else ("", "")


def _without(asked: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in asked.items() if key != name}


def _address(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(asked)}" if asked else address
