"""How changed parts keep the interface contracts of both sides, as pages show it beside the difference."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from urllib.parse import urlencode

from flask_babel import format_decimal
from flask_babel import gettext as _

from opendesign.core.misfit import Misfit
from opendesign.core.promise import Held, Promise, rank

STATES = {"kept": "passed", "mended": "passed", "waiting": "waiting", "unknown": "unknown"}
MOST_TOLD, MOST_DRAWN = 8, 60


def name_of(misfit: Misfit) -> str:
    """Returns what is missed, as people call it."""
    figure = misfit.figure
    if figure.kind == "round" and figure.name.isdecimal():
        return _("hole %(number)s", number=figure.name)
    return _("side %(name)s", name=figure.name) if figure.kind == "side" else figure.name


def told(misfit: Misfit) -> str:
    """Returns what is written in a list: “hole 3 is 0.80 mm off”."""
    if misfit.figure.found is None or misfit.by_mm is None:
        return _("%(what)s is not there", what=name_of(misfit))
    return _("%(what)s is %(by)s mm off", what=name_of(misfit), by=format_decimal(misfit.by_mm, "#,##0.00"))


def label(misfit: Misfit) -> str:
    """Returns what is written beside it in a picture: “hole 3: 0.80 mm”."""
    if misfit.figure.found is None or misfit.by_mm is None:
        return _("%(what)s: not there", what=name_of(misfit))
    return f"{name_of(misfit)}: {format_decimal(misfit.by_mm, '#,##0.00')} mm"


def figures(misfits: Sequence[Misfit]) -> list[dict[str, object]]:
    """Returns what the stage is told to draw."""
    return [{"label": label(one), **asdict(one.figure)} for one in misfits]


def promise_views(promised: Sequence[Promise], path: str, pictures: str) -> dict[str, object]:
    """Returns `promises`, how one part keeps each contract, the worst first, and `figures`: what is drawn in the part.

    `pictures` is an address that ends in what precedes another value of a query; empty where nothing draws them.
    """
    drawn: list[Misfit] = []
    views = []
    for one in sorted(promised, key=lambda one: rank(one.became)):
        after = [*one.after.misfits[: max(0, MOST_DRAWN - len(drawn))]] if one.after else []
        views.append(_view(one, path, pictures, len(drawn), after))
        drawn += after
    return {"promises": views, "figures": figures(drawn)}


def _view(one: Promise, path: str, pictures: str, first: int, drawn: Sequence[Misfit]) -> dict[str, object]:
    clauses = one.after.clauses if one.after else ()
    numbers = {misfit.detail: first + number for number, misfit in enumerate(drawn)}
    words = {misfit.detail: told(misfit) for misfit in drawn}
    seen = {side: bool(held and held.misfits) for side, held in (("before", one.before), ("after", one.after))}
    asked = {"check": one.name, "part": path, "asked": one.asked}
    return {
        "name": one.name,
        "asked": one.asked,
        "became": one.became,
        "state": STATES.get(one.became, "failed"),
        "words": _became(one),
        "sides": [_held(one.before), _held(one.after)],
        "told": [(words.get(clause, clause), numbers.get(clause)) for clause in clauses[:MOST_TOLD]],
        "more": max(0, len(clauses) - MOST_TOLD),
        "pictures": [
            (side, f"{pictures}{urlencode({**asked, 'side': side})}") for side in seen if seen[side] and pictures
        ],
    }


def _became(one: Promise) -> str:
    return {
        "kept": _("Fits") if one.fresh else _("Still fits"),
        "broken": _("No longer fits"),
        "mended": _("Fits now"),
        "missed": _("Does not fit") if one.fresh else _("Does not fit, as before"),
        "gone": _("The part goes"),
        "waiting": _("Waiting"),
        "unknown": _("Not known: the part does not build"),
    }[one.became]


def _held(held: Held | None) -> str:
    if held is None:
        return "–"
    if held.state == "missed" and held.by_mm is not None:
        return _("%(by)s mm off", by=format_decimal(held.by_mm, "#,##0.00"))
    words = {"kept": _("fits"), "missed": _("does not fit"), "waiting": "…"}
    return words.get(held.state, _("not known"))


def summary(views: Iterable[dict]) -> list[dict[str, object]]:
    """Returns for each contract about any of these parts how it is kept, and where it is not, the worst first."""
    found: dict[str, list[tuple[str, dict]]] = {}
    for view in views:
        for one in view["promises"]:
            found.setdefault(one["name"], []).append((view["path"], one))
    lines = []
    for name, each in found.items():
        worst = min(each, key=lambda pair: rank(pair[1]["became"]))[1]
        parts = [(path, one["sides"][1]) for path, one in each if one["became"] == worst["became"]]
        told = parts if worst["state"] == "failed" else []
        lines.append({"name": name, "state": worst["state"], "became": worst["became"], "words": worst["words"]})
        lines[-1]["parts"] = told[:MOST_TOLD]
    return sorted(lines, key=lambda line: rank(line["became"]))
