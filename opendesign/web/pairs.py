"""The coopetition map of a family: the design in focus with each relative, by how much they cooperate and compete."""

from collections.abc import Sequence

from flask import Blueprint, render_template
from flask_babel import gettext as _

from opendesign.actions.find_churn import churning
from opendesign.actions.weigh_family import Whole, weigh_whole
from opendesign.actions.weigh_pairs import Pair, open_scales, weigh
from opendesign.core.lineage import coopmap
from opendesign.core.lineage.pair import COMPETING, COOPERATING
from opendesign.core.scatter import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH
from opendesign.web.heading import heading
from opendesign.web.numbers import NumberView, number_view, shown
from opendesign.web.visit import find_design, looking

pages = Blueprint("pairs", __name__)
MOST_DRAWN = 60  # pairs; more would be a cloud, and those with the least in it lie in one corner
MOST_LISTED = 100


@pages.get("/<owner>/<design>/lineage/pairs")
def pairs(owner: str, design: str) -> str:
    """Shows whom a design cooperates and competes with, and the numbers of its family as a whole."""
    work = looking()
    row = find_design(work, owner, design)
    scales = open_scales(work, row)
    found = [weigh(scales, row, each) for key, each in scales.ledger.designs.items() if key != row.id]
    known = sorted((each for each in found if each.word), key=_weight)
    between = [each for each in known if each.coop or each.competition]
    paths = {key: each.path for key, each in scales.ledger.designs.items()}
    listed = sorted(between[:MOST_LISTED], key=_path)
    churned = churning(work, row, {each.relative.id: each.code.value for each in listed}, scales.ledger.designs)
    return render_template(
        "lineage/pairs.html",
        map=_map(between[:MOST_DRAWN]),
        drawn=between[:MOST_DRAWN],
        listed=[(each, words()[each.word], *_values(each)) for each in listed],
        churned=churned,
        corners=words(),
        quiet=len(known) - len(between),
        unread=sum(not each.word and not each.one_team for each in found),
        own=sum(each.one_team for each in found),
        whole=_whole(weigh_whole(scales), row.path, paths),
        size={
            "width": WIDTH,
            "height": HEIGHT,
            "left": LEFT,
            "right": WIDTH - RIGHT,
            "base": HEIGHT - BOTTOM,
            "top": TOP,
        },
        **heading(work, row, "lineage"),
    )


def words() -> dict[str, str]:
    """Returns what two designs are to each other, as people read it."""
    return {"apart": _("apart"), "allies": _("allies"), "rivals": _("rivals"), "coopetitors": _("coopetitors")}


def _weight(pair: Pair) -> tuple[float, str]:
    return -pair.coop - (pair.competition or 0.0), pair.relative.path


def _path(pair: Pair) -> str:
    return pair.relative.path


def _values(pair: Pair) -> tuple[str, str]:
    return shown(pair.coop, "share"), shown(pair.competition or 0.0, "share")


def _map(drawn: Sequence[Pair]) -> coopmap.Map:
    places = [coopmap.Pair(each.relative.path, each.coop, each.competition or 0.0) for each in drawn]
    return coopmap.coopmap(places, COOPERATING, COMPETING)


def _whole(whole: Whole, design: str, paths: dict[int, str]) -> list[NumberView]:
    numbers = (whole.latency.median, whole.latency.slow, whole.latency.left, whole.bus, whole.builds)
    return [number_view(each, design, paths) for each in numbers]
