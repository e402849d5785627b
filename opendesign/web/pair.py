"""Two designs of a family: what they are to each other, in words, a picture, and numbers that show their events."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.house import Work
from opendesign.actions.try_pair import want_weighing
from opendesign.actions.weigh_pair import Close, weigh_pair
from opendesign.actions.weigh_pairs import Pair, Way
from opendesign.core.lineage.number import share
from opendesign.core.lineage.pair import belongs_together
from opendesign.records.design import Design, design_by_path
from opendesign.web.heading import heading
from opendesign.web.numbers import NumberView, number_view
from opendesign.web.visit import brake, find_design, looking, writing

pages = Blueprint("pair", __name__)
PAIR = "/<owner>/<design>/lineage/<relative_owner>/<relative>"
THINNEST, THICKEST = 1.5, 16.0  # of the lines of the picture; dashed where nothing flows
MOST_OWED = 30  # improvements that are listed; the debt counts all


@dataclass(frozen=True)
class Stream:
    """One way between two designs as its section shows it, and how thick it is drawn."""

    source: Design
    target: Design
    way: Way
    width: float
    numbers: list[NumberView]


@pages.get(PAIR)
def pair(owner: str, design: str, relative_owner: str, relative: str) -> str:
    """Shows what a design and a relative are to each other, and how each number comes about."""
    work = looking()
    focus, other = _both(work, owner, design, relative_owner, relative)
    close = weigh_pair(work, focus, other)
    found = close.pair
    paths = {key: each.path for key, each in found.scales.ledger.designs.items()}
    return render_template(
        "lineage/pair.html",
        close=close,
        pair=found,
        relative=other,
        sentence=_sentence(found),
        advice=_advice(close),
        streams=[_stream(focus, other, found.there, paths), _stream(other, focus, found.back, paths)],
        main=[number_view(each, focus.path, paths) for each in (found.cooperation, found.competing)],
        apart=[number_view(each, focus.path, paths) for each in (found.code, found.parameters, close.geometry)],
        together=number_view(close.complementarity, focus.path, paths),
        most_owed=MOST_OWED,
        waiting=close.waiting,
        here=f"/{focus.path}/lineage/{other.path}",
        **heading(work, focus, "lineage"),
    )


@pages.post(f"{PAIR}/weighing")
def weighing(owner: str, design: str, relative_owner: str, relative: str) -> Response:
    """Has the two merged for a try, rebuilt and compared."""
    brake()
    _both(looking(), owner, design, relative_owner, relative, "build")
    with writing() as work:
        focus, other = _both(work, owner, design, relative_owner, relative, "build")
        weigh_pair(work, focus, other)  # who is no relative is told so before anything is wanted
        want_weighing(work, focus, other)
        here = f"/{focus.path}/lineage/{other.path}"
    flash(_("The two are being merged for a try, rebuilt and compared. Nothing is written to either."), "good")
    return redirect(f"{here}#together", 303)


def _both(
    work: Work, owner: str, design: str, relative_owner: str, relative: str, verb: str = "see"
) -> tuple[Design, Design]:
    focus = find_design(work, owner, design, verb)
    return focus, work.need("see", design_by_path(work.session, relative_owner, relative))


def _stream(source: Design, target: Design, way: Way, paths: dict[int, str]) -> Stream:
    flowing = share((way.flow.value or 0.0) + (way.young.value or 0.0), way.offered.value or 0.0)
    width = round(THINNEST + (THICKEST - THINNEST) * flowing, 2) if flowing else 0.0
    numbers = [way.flow, way.young, way.offered, way.latency.median, way.latency.slow, way.latency.left]
    return Stream(source, target, way, width, [number_view(each, target.path, paths) for each in numbers])


def _sentence(pair: Pair) -> str:
    """Returns in words what the two are to each other."""
    if pair.one_team:
        return _("Both are under the same control: one team, so that nothing flows between them.")
    return {
        "apart": _("Little flows between them, and they change different things."),
        "allies": _("They take improvements from each other, and hardly change the same things."),
        "rivals": _("Both change the same things, each in its own way, and hardly take anything from each other."),
        "coopetitors": _("Both change the same things, each in its own way, and take improvements from each other."),
        "": _("What they are to each other is not known yet: the newest parts have not been read."),
    }[pair.word]


def _advice(close: Close) -> str:
    """Returns what the numbers suggest together; empty where they suggest nothing."""
    if close.churn:
        return _("More than half of the code differs while the geometry is the same: text has moved, not the thing.")
    if belongs_together(close.pair.word, close.complementarity.value):
        return _("They compete, and most of what only one of them has would stand in both: merge these two.")
    return ""
