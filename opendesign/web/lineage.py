"""Lineage: the family of a design as a tree of forks, and what was merged where."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, render_template
from flask_babel import format_percent
from flask_babel import gettext as _

from opendesign.actions.house import Work
from opendesign.actions.trace import Kin, Lineage, trace
from opendesign.core.lineage.adoption import CREDITED
from opendesign.records.design import Design
from opendesign.records.person import people_by_id
from opendesign.records.proposal import proposals_by_id
from opendesign.records.revision import Adoption
from opendesign.web.heading import heading
from opendesign.web.visit import find_design, looking

pages = Blueprint("lineage", __name__)
DRAWN = 40  # lanes; more would be a wall, and the table holds every design anyway


@pages.get("/<owner>/<design>/lineage")
def lineage(owner: str, design: str) -> str:
    """Shows the family: who forked whom, how far apart they are, and whose work went where."""
    work = looking()
    row = find_design(work, owner, design)
    found = trace(work, row)
    lanes, links, left_out = graph(found)
    return render_template(
        "lineage/lineage.html",
        found=found,
        lanes=lanes,
        links=links,
        left_out=left_out,
        adoptions=_adoptions(work, found),
        open=row.parent is not None and work.may("see", row.parent) and work.may_move(row.default_branch, row),
        **heading(work, row, "lineage"),
    )


def _adoptions(work: Work, found: Lineage) -> list[dict[str, object]]:
    """Returns what was merged where, newest first."""
    people = people_by_id(work.session, {each.person_id for each in found.adoptions})
    proposals = proposals_by_id(work.session, {each.proposal_id for each in found.adoptions})
    shown = []
    for each in reversed(found.adoptions):
        proposal = proposals.get(each.proposal_id or 0)
        shown.append(
            {
                "source": found.by_id[each.source_id],
                "target": found.by_id[each.target_id],
                "subject": each.subject,
                "kind": each.kind,
                "how": _how(each),
                "source_sha": each.source_sha,
                "commits": each.commits,
                "sha": each.sha,
                "person": people.get(each.person_id or 0),
                "proposal": proposal,
                "href": _href(found, each, proposal.number if proposal else None),
                "at": each.at,
            }
        )
    return shown


def _how(adoption: Adoption) -> str:
    """Returns in words how something came over, and what shows it; nothing for a merge."""
    words = {
        "pick": _("the same patch"),
        "port": _("%(share)s of its hunks, by value", share=format_percent(adoption.share)),
        "declared": _("declared, not confirmed"),
        "twice": _("solved twice: no credit either way"),
    }
    signs = {
        "author": _("the same author"),
        "trailer": _("named in the message"),
        "weight": _("too much alike for chance"),
    }
    if adoption.kind not in words:
        return ""
    shown = [signs[each] for each in adoption.evidence if each in signs and adoption.kind != "declared"]
    return "; ".join([words[adoption.kind], *shown])


def _href(found: Lineage, adoption: Adoption, proposal: int | None) -> str:
    target = found.by_id[adoption.target_id].path
    return f"/{target}/proposals/{proposal}" if proposal else f"/{target}/revisions/{adoption.sha}"


def graph(found: Lineage) -> tuple[list[dict[str, object]], list[dict[str, object]], int]:
    """Returns lanes and links as the macro `lineage_graph` wants them, and how many designs are not drawn.

    Time runs from the first design to the last event. In a large family only those are drawn that gave or took.
    """
    kin = found.kin
    if len(kin) > DRAWN:
        kin = [each for each in kin if each.taken or each.given or each.depth == 0 or each.design is found.focus]
    lane_of = {each.design.id: number for number, each in enumerate(kin[:DRAWN])}
    begun = _beginnings(found)
    moments = [*begun.values(), *(each.design.moved_at for each in kin), *(a.at for a in found.adoptions)]
    start, end = min(moments), max(moments)

    def x(moment: datetime) -> float:
        span = (end - start).total_seconds()
        return round(0.02 + 0.94 * ((moment - start).total_seconds() / span if span else 0.0), 4)

    lanes = [_lane(found, each, x(begun[each.design.id]), x) for each in kin[:DRAWN]]
    forks = [each.design for each in kin[:DRAWN] if each.design.parent_id in lane_of]
    links = [_fork_link(fork, lane_of, x(begun[fork.id])) for fork in forks]
    for each in found.adoptions:
        if each.kind in CREDITED and each.source_id in lane_of and each.target_id in lane_of:
            at = x(each.at)
            kind = "merged" if each.proposal_id else "adopted"
            ends = {"from_lane": lane_of[each.source_id], "to_lane": lane_of[each.target_id]}
            links.append(ends | {"kind": kind, "from_x": max(0.0, at - 0.03), "to_x": at, "title": each.subject})
    return lanes, links, len(found.kin) - len(lanes)


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


def _lane(found: Lineage, kin: Kin, start: float, x: Callable[[datetime], float]) -> dict[str, object]:
    design = kin.design
    points = [
        {
            "x": x(each.at),
            "kind": "merged",
            "href": f"/{design.path}/revisions/{each.sha}",
            "title": f"{found.by_id[each.source_id].path}: {each.subject}",
        }
        for each in kin.taken
    ]
    begun = {"x": start, "kind": "", "href": f"/{design.path}", "title": design.path}
    place = {"label": design.path, "href": f"/{design.path}/lineage", "here": design is found.focus}
    return place | {"start": start, "end": 0.98, "points": [begun, *points]}


def _fork_link(design: Design, lane_of: dict[int, int], at: float) -> dict[str, object]:
    lanes = {"from_lane": lane_of[design.parent_id or 0], "to_lane": lane_of[design.id]}
    return lanes | {"kind": "", "from_x": max(0.0, at - 0.02), "to_x": at, "title": design.path}
