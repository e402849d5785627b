"""Credit: who made a revision, and what each share is from."""

from flask import Blueprint, render_template, request
from flask_babel import format_percent, ngettext
from flask_babel import gettext as _

from opendesign.actions.find_revision import branches_of
from opendesign.actions.show_credit import Told, show_credit
from opendesign.core.lineage.credit import MADE, POOLS, WHOLE, Event, Share
from opendesign.web.heading import heading
from opendesign.web.visit import find_design, looking

pages = Blueprint("credit", __name__)
MOST_EVENTS = 100  # of one share; the API tells all of them


@pages.get("/<owner>/<design>/credit")
def credit(owner: str, design: str) -> str:
    """Shows the shares of a revision, each with its events."""
    work = looking()
    row = find_design(work, owner, design)
    if not branches_of(work, row):
        return render_template("designs/empty.html", starters=(), **heading(work, row, "lineage"))
    told = show_credit(work, row, request.args.get("ref", ""))
    return render_template(
        "credit/credit.html",
        sha_shown=told.sha,
        pools=_pools(told),
        shares=[_share(told, each) for each in told.credit.shares],
        left_out=told.credit.left_out,
        passed=told.credit.passed,
        **heading(work, row, "lineage"),
    )


def words() -> dict[str, tuple[str, str]]:
    """Returns what each pool is called, and what counts in it."""
    return {
        "design": (_("Design"), _("lines of parts, parameters and bills of materials, by their tokens")),
        "docs": (_("Docs"), _("lines of guides and readmes, by their words")),
        "verification": (
            _("Verification"),
            _("reviews of merged proposals; confirmed builds, what was measured on them, and confirming them"),
        ),
        "care": (_("Care"), _("merging and answering proposals, translating")),
    }


def _pools(told: Told) -> list[dict[str, object]]:
    weights, totals = told.credit.weights, told.credit.totals
    return [
        {
            "name": words()[pool][0],
            "what": words()[pool][1],
            "part": _percent(float(weights[pool])),
            "empty": not totals[pool],
        }
        for pool in POOLS
    ]


def _share(told: Told, share: Share) -> dict[str, object]:
    name, account = told.names[share.who]
    return {
        "name": name,
        "account": account,
        "part": share.ppm / WHOLE,
        "percent": _percent(share.ppm / WHOLE),
        "ppm": share.ppm,
        "pools": [(words()[pool][0], _percent(float(part))) for pool, part in share.pools.items()],
        "events": [_event(told, each) for each in share.events[:MOST_EVENTS]],
        "more": max(0, len(share.events) - MOST_EVENTS),
    }


def _event(told: Told, event: Event) -> dict[str, object]:
    shown = {"pool": words()[event.pool][0], "among": len(event.people), "sha": "", "road": None}
    if event.kind == "lines":
        home, here = told.homes[event.origin], told.homes[event.place]
        text = ngettext("%(num)s line", "%(num)s lines", event.count)
        tokens = ngettext("%(num)s token", "%(num)s tokens", event.weight)
        road = None if event.origin == event.place else (event.place, f"/{here.design}/revisions/{event.place}")
        href = f"/{home.design}/revisions/{event.origin}"
        place = {"sha": event.origin, "href": href, "from": home.design, "road": road}
        return shown | {"text": f"{text}, {tokens}", "subject": home.subject or _("(no words)")} | place
    if event.kind in MADE:
        kinds = {"build": _("a verified build"), "measurement": _("measured it"), "vouch": _("confirmed it")}
        return shown | {"text": kinds[event.kind], "subject": event.place, "href": f"/{event.place}"}
    if event.kind == "translation":
        path = event.place.split("/", 4)[4]
        return shown | {"text": _("a translation"), "subject": path, "href": f"/{event.place}"}
    kinds = {"review": _("a review"), "merge": _("a merge"), "answer": _("an answer")}
    design, _sign, number = event.place.rpartition("#")
    return shown | {"text": kinds[event.kind], "subject": event.place, "href": f"/{design}/proposals/{number}"}


def _percent(part: float) -> str:
    """Returns a part of 1 with as many digits as tell it from nothing."""
    return format_percent(part, "#,##0.0 %" if part >= 0.001 or not part else "#,##0.0000 %")
