"""The graph of a family as `lineage_graph` and the picture to download draw it: places from core, words from here."""

from datetime import datetime

from flask_babel import format_date, ngettext

from opendesign.actions.trace import Kin, Lineage
from opendesign.core.lineage.graph import ROW, SPAN, Flow, Graph, Lane, Point, Ribbon, Sibling, graph
from opendesign.core.scatter import LETTER, shortened
from opendesign.records.revision import Adoption

LONGEST = 34  # letters of a name in the picture
INDENT, DEEPEST = 14.0, 5  # px a step of the tree, and steps that are shown
DRAWING = 760.0  # px of the lanes in the picture
AXIS = 28.0  # px below the lanes
DOT, LARGEST = 4.0, 10.0  # px radius of a point
Shown = dict[str, object]


def graph_view(found: Lineage, site: str = "") -> Shown:
    """Returns lanes, forks, ribbons, points and ticks with their words and addresses, and the size of the picture.

    `site` stands before every address of a picture that is saved elsewhere.
    """
    flows = {_flow(each): each for each in found.adoptions if each.credited}
    drawn = graph(_siblings(found), list(flows), found.focus.id)
    lanes = [_lane(found, lane) for lane in drawn.lanes]
    wide = max((INDENT * min(int(lane.depth), DEEPEST) for lane in drawn.lanes), default=0.0)
    names = 24 + wide + LETTER * max((len(str(lane["short"])) for lane in lanes), default=0)
    return {
        "lanes": lanes,
        "forks": drawn.forks,
        "ribbons": [_ribbon(found, each, flows[each.flows[-1]]) for each in reversed(drawn.ribbons)],
        "points": [_point(found, each, flows[each.flows[-1]]) for each in drawn.points],
        "ticks": _ticks(drawn),
        "row": ROW,
        "span": SPAN,
        "lanes_height": drawn.height,
        "height": drawn.height + AXIS,
        "names": names,
        "drawing": DRAWING,
        "folded": sum(len(lane.folded) for lane in drawn.lanes),
        "href": f"/{found.focus.path}/lineage.svg",
        "site": site,
    }


def href_of(found: Lineage, adoption: Adoption) -> str:
    """Returns the address of the commit that something arrived with."""
    return f"/{found.by_id[adoption.target_id].path}/revisions/{adoption.sha}"


def _siblings(found: Lineage) -> list[Sibling]:
    begun = _beginnings(found)
    return [
        Sibling(
            kin.design.id,
            kin.design.parent_id if kin.design.parent_id in found.by_id else None,
            kin.depth,
            begun[kin.design.id],
            max(kin.design.moved_at, begun[kin.design.id]),
            kin.changes > 0,
        )
        for kin in found.kin
    ]


def _beginnings(found: Lineage) -> dict[int, datetime]:
    """Returns when each design began: at the latest when it was first forked or gave something."""
    begun = {each.design.id: each.design.made_at for each in found.kin}
    for each in found.adoptions:
        begun[each.source_id] = min(begun[each.source_id], each.at)
    for kin in reversed(found.kin):  # forks stand below their parents
        parent = kin.design.parent_id
        if parent in begun:
            begun[parent] = min(begun[parent], begun[kin.design.id])
    return begun


def _flow(each: Adoption) -> Flow:
    return Flow(each.source_id, each.target_id, each.at, max(1, each.commits), f"{each.id} {each.subject}")


def _lane(found: Lineage, lane: Lane) -> Shown:
    place = {"y": lane.y, "depth": min(lane.depth, DEEPEST), "start": lane.start, "moved": lane.moved}
    if lane.key is None:
        words = _group(found, lane)
        address = f"/{found.focus.path}/lineage?unchanged=1#family-table"
        return place | {"label": words, "short": words, "href": address, "here": False, "group": True}
    path = found.by_id[lane.key].path
    here = lane.key == found.focus.id
    return place | {
        "label": path,
        "short": shortened(path, LONGEST),
        "href": f"/{path}/lineage",
        "here": here,
        "group": False,
    }


def _group(found: Lineage, lane: Lane) -> str:
    """Returns what the designs that a lane stands for have in common."""
    folded, number = set(lane.folded), len(lane.folded)
    kin: list[Kin] = [each for each in found.kin if each.design.id in folded]
    if any(each.changes or each.taken or each.given for each in kin):
        return ngettext("%(num)s more fork", "%(num)s more forks", number)
    return ngettext("%(num)s fork without changes", "%(num)s forks without changes", number)


def _ribbon(found: Lineage, ribbon: Ribbon, latest: Adoption) -> Shown:
    (x, y), (to_x, to_y) = ribbon.begin, ribbon.end
    bend = min(60.0, max((to_x - x) * 0.6, 12.0))
    path = f"M{x:g} {y:g}C{x + bend:g} {y:g} {to_x - bend:g} {to_y:g} {to_x:g} {to_y:g}"
    words = _words(found, ribbon.source, ribbon.target, ribbon.flows)
    return {"path": path, "width": ribbon.thickness, "title": words, "href": href_of(found, latest)}


def _point(found: Lineage, point: Point, latest: Adoption) -> Shown:
    pairs = dict.fromkeys((each.source, each.target) for each in point.flows)
    words = [
        _words(found, *pair, [each for each in point.flows if (each.source, each.target) == pair]) for pair in pairs
    ]
    radius = min(LARGEST, DOT + len(point.flows))
    title = f"{'; '.join(words)}. {latest.subject}"
    return {"x": point.x / SPAN * 100, "y": point.y, "r": radius, "title": title, "href": href_of(found, latest)}


def _words(found: Lineage, source: int, target: int, flows: list[Flow]) -> str:
    paths = {"source": found.by_id[source].path, "target": found.by_id[target].path}
    return ngettext(
        "%(target)s took %(num)s change from %(source)s",
        "%(target)s took %(num)s changes from %(source)s",
        sum(each.amount for each in flows),
        **paths,
    )


def _ticks(drawn: Graph) -> list[Shown]:
    """Returns the days below the lanes, each once."""
    found: dict[str, float] = {}
    for x, moment in drawn.ticks:
        found.setdefault(format_date(moment, "medium"), x / SPAN * 100)
    last = len(found) - 1
    ends = {0: "start", last: "end"} if last else {0: "start"}
    return [{"x": x, "text": text, "anchor": ends.get(n, "middle")} for n, (text, x) in enumerate(found.items())]
