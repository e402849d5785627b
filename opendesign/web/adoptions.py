"""Adoptions: what a design has taken from relatives, and the page on which it takes more."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from flask_babel import gettext as _
from htmx_flask import request
from werkzeug.datastructures import MultiDict

from opendesign.actions.adopt import Prospect, Wish, adopt, prospect, rebuild_adopted, want_prospect
from opendesign.actions.find_revision import branches_of
from opendesign.actions.find_shares import parts_in
from opendesign.actions.house import Work
from opendesign.actions.merge import NOTHING
from opendesign.actions.show_outlooks import want_outlooks
from opendesign.actions.trace import list_taken
from opendesign.actions.trace_adopted import trace_adopted
from opendesign.actions.try_adoption import is_tried
from opendesign.core.errors import Conflict, Invalid, NotFound, Refusal, Unbuildable
from opendesign.core.taking import Taking
from opendesign.records.design import Design
from opendesign.records.person import people_by_id
from opendesign.records.verdict import rule_for
from opendesign.web.choices import choice_files, decisions_of, halfway_files, is_waiting, outlooks_of
from opendesign.web.compare import UNFOLDED, part_fragment
from opendesign.web.differences import part_views, rest_of, sentence
from opendesign.web.explore import page_count, page_number, paged
from opendesign.web.heading import heading
from opendesign.web.review import ORDER, check_view
from opendesign.web.visit import brake, entered, find_design, house, looking, public_url, stop_looking, visitor, writing

pages = Blueprint("adoptions", __name__)
SIZE = 25
Found = tuple[Work, Design, Prospect]


@pages.get("/<owner>/<design>/adoptions")
def adoptions(owner: str, design: str) -> Response | str:
    """Lists what was taken; with a source in the address, shows what taking it would do and the button that does."""
    work = looking()
    row = find_design(work, owner, design)
    wish = _wish(request.args)
    if not wish.source:
        return _listed(work, row)
    if not work.may("edit", row):
        entered()
        tried = {"source": wish.source, "commit": wish.commits[-1] if wish.commits else ""}
        return make_response(redirect(f"/{row.path}/trials?{urlencode(tried)}", 303))
    work, row, found = _seen(owner, design, wish)
    if request.htmx and "checks" in request.args:
        return _checks(work, row, found)
    views = _views(row, found)
    if request.htmx and "done" in request.args:
        return part_fragment(views)
    work, row, found = _with_outlooks(work, row, found)
    return _page(work, row, found)


@pages.post("/<owner>/<design>/adoptions")
def take(owner: str, design: str) -> Response:
    """Rebuilds the result and commits it when it holds; else says in place why not."""
    entered()
    key = find_design(looking(), owner, design, "edit").id
    stop_looking()
    form, wish = request.form, _wish(request.form)
    brake(wish.weight)
    try:
        decisions, right = decisions_of(form), form.get("right", "") if form.get("sure") else ""
        rebuild_adopted(house(), visitor(), key, wish, decisions, right)
        with writing() as work:
            row = find_design(work, owner, design, "edit")
            made = adopt(work, row, wish, decisions, form.get("expected") or None, right)
            number, sha = made.proposal.number if made.proposal else None, made.shas[-1]
    except (Conflict, Unbuildable, Invalid) as refusal:
        return _in_place(owner, design, wish, refusal)
    trace_adopted(house(), owner, design)
    if number:
        flash(_("Adopted into a branch of its own, and proposed. Its author is named, and their team is told."), "good")
        return make_response(redirect(f"/{owner}/{design}/proposals/{number}", 303))
    flash(_("Adopted. Its author is named, and their team is told."), "good")
    return make_response(redirect(f"/{owner}/{design}/revisions/{sha}", 303))


def _wish(given: MultiDict[str, str]) -> Wish:
    """Returns what an address or a form asks for; `share` is the part where `part` is a fragment's own word."""
    part = given.get("share") or ("" if "done" in given else given.get("part", ""))
    words = (given.get(name, "").strip() for name in ("branch", "into"))
    commits = (each.strip() for each in given.getlist("commit"))
    return Wish(given.get("source", "").strip(), tuple(dict.fromkeys(filter(None, commits))), part.strip(), *words)


def _query(wish: Wish, part: str = "share", **more: object) -> str:
    """Returns the address's part behind the question mark that asks for a wish."""
    words = [("source", wish.source), *(("commit", sha) for sha in wish.commits)]
    words += [(name, word) for name, word in ((part, wish.part), ("branch", wish.branch), ("into", wish.into)) if word]
    return urlencode([*words, *more.items()])


def _seen(owner: str, design: str, wish: Wish) -> Found:
    """Finds what is known of a wish, and wants what nobody has wanted yet."""
    work = looking()
    row = find_design(work, owner, design, "edit")
    if not is_tried(work, row, wish, NOTHING):
        brake(wish.weight)
    found = prospect(work, row, wish)
    if found.lacking:
        brake()
        with writing() as work:
            want_prospect(work, find_design(work, owner, design, "edit"), wish)
        work = looking()
        row = find_design(work, owner, design, "edit")
        found = prospect(work, row, wish)
    return work, row, found


def _with_outlooks(work: Work, design: Design, found: Prospect) -> Found:
    """Wants the parts that each way of deciding a conflict would give."""
    outlooks, _wrong = outlooks_of(work, found.attempt)
    if all(each.build for each in outlooks):
        return work, design, found
    brake()
    with writing() as work:
        want_outlooks(work, found.attempt, outlooks)
    return _seen(design.owner.name, design.name, found.attempt.wish)


def _views(design: Design, found: Prospect) -> list[dict[str, object]]:
    address = f"/{design.path}/adoptions?{_query(found.attempt.wish)}"
    return part_views(found.change, found.before, found.after, address, UNFOLDED)


def _checks(work: Work, design: Design, found: Prospect) -> Response:
    box = _box(work, design, found)
    if box["waiting"] and str(box["ended"]) == request.args["checks"]:
        return make_response("", 204)
    return make_response(render_template("adoptions/_take.html", design=design, **box))


def _in_place(owner: str, design: str, wish: Wish, refusal: Refusal) -> Response:
    """Shows why something was refused where it was asked for; the list where there is nothing to show."""
    try:
        work, row, found = _seen(owner, design, wish)
        page = _page(*_with_outlooks(work, row, found), refusal.message)
    except (Conflict, Invalid, NotFound):
        work = looking()
        page = _listed(work, find_design(work, owner, design), refusal.message)
    return make_response(page, refusal.status)


def _page(work: Work, design: Design, found: Prospect, problem: str = "") -> str:
    attempt = found.attempt
    outlooks, wrong = outlooks_of(work, attempt)
    before, after = found.before.blobs, found.after.blobs
    changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    along = Wish(attempt.source.path, tuple(each.sha for each in (*attempt.needs, *attempt.commits)), attempt.wish.part)
    return render_template(
        "adoptions/adopt.html",
        problem=problem,
        choices=choice_files(work, attempt, outlooks, request.values),
        halfway=halfway_files(work, attempt, request.form) if attempt.series.stuck else [],
        pending=is_waiting(outlooks),
        wrong=wrong,
        here=f"/{design.path}/adoptions?{_query(attempt.wish, 'part')}",
        along=f"/{design.path}/adoptions?{_query(along, 'part', branch=attempt.branch)}" if attempt.needs else None,
        shares=_shares(work, design, found),
        branches=branches_of(work, design),
        whole=f"/{design.path}/adoptions?{_query(replace(attempt.wish, part=''))}" if attempt.wish.part else None,
        changed=sorted(changed),
        sentence=sentence(found.change, len(changed), len(attempt.series.steps)),
        views=_views(design, found),
        rest=rest_of(found.change),
        unchanged=[part.path for part in found.change.parts if part.status == "unchanged"],
        source_url=f"{public_url()}/{attempt.source.path}.git",
        **_box(work, design, found),
        **heading(work, design, "lineage"),
    )


def _shares(work: Work, design: Design, found: Prospect) -> list[tuple[str, str]]:
    """Returns each part whose share may be taken alone, with the address that shows it."""
    wish = found.attempt.wish
    parts = [] if wish.part else parts_in(work, found.attempt.source, found.attempt.commits)
    return [(part, f"/{design.path}/adoptions?{_query(replace(wish, part=part), 'part')}") for part in parts]


def _box(work: Work, design: Design, found: Prospect) -> dict[str, object]:
    """Returns what `adoptions/_take.html` needs: the checks, the licences, and where it goes."""
    attempt = found.attempt
    ended = [check for check in found.checks if check.state != "waiting"]
    ruled = not work.may_move(attempt.branch, design)
    fields = [("source", attempt.source.path), *(("commit", each) for each in attempt.wish.commits)]
    fields += [("part", attempt.wish.part), ("expected", attempt.ours)]
    fields += [("branch", _new_branch(attempt.wish)), ("into", attempt.branch)] if ruled else []
    fields += [] if ruled else [("branch", attempt.branch), ("into", attempt.wish.into)]
    return {
        "attempt": attempt,
        "fields": [(name, value) for name, value in fields if value],
        "ruled": ruled,
        "proposes": ruled or bool(attempt.wish.into),
        "rule": rule_for(work.session, design, attempt.branch),
        "licence": attempt.licence,
        "licence_words": licence_words(attempt.licence),
        "checks": [check_view(check) for check in sorted(found.checks, key=lambda each: ORDER.index(each.state))],
        "failed": found.failed,
        "waiting": len(ended) < len(found.checks),
        "coming": found.coming,
        "ended": len(ended),
        "address": f"/{design.path}/adoptions",
        "query": _query(attempt.wish),
    }


def _new_branch(wish: Wish) -> str:
    return f"adopt-{wish.commits[-1][:7]}" if wish.commits else ""


def licence_words(licence: Taking) -> str:
    """Returns in the visitor's words what the licences say."""
    words = {
        "same": _("Both designs are under %(source)s.", source=licence.source),
        "given": _("%(source)s asks for nothing.", source=licence.source),
        "notice": _(
            "%(source)s lets it go into a design under %(target)s; its notices and the names of its authors stay.",
            source=licence.source,
            target=licence.target,
        ),
        "onward": _(
            "%(source)s lets it go into a design under %(target)s.", source=licence.source, target=licence.target
        ),
        "reciprocal": _(
            "%(source)s asks that changes stay under it, so this may not go into a design under %(target)s without"
            " changing its licence, unless you have another right to it.",
            source=licence.source,
            target=licence.target,
        ),
        "unlicensed": _("The source names no licence, so all rights are its authors’; ask them."),
        "bare": _(
            "This design names no licence, so nobody can say whether %(source)s fits it; choose one in its settings.",
            source=licence.source,
        ),
    }
    unknown = _(
        "%(source)s or %(target)s is not known here; somebody has to read both.",
        source=licence.source,
        target=licence.target,
    )
    return words.get(licence.why, unknown)


def _listed(work: Work, design: Design, problem: str = "") -> str:
    found, seen = list_taken(work, design)
    page = page_number()
    shown = found[(page - 1) * SIZE : page * SIZE]
    return render_template(
        "adoptions/adoptions.html",
        problem=problem,
        adoptions=[(each, seen[each.source_id]) for each in shown],
        people=people_by_id(work.session, {each.person_id for each in shown}),
        page=page,
        pages=page_count(len(found), SIZE),
        href_of=paged(f"/{design.path}/adoptions", {}),
        **heading(work, design, "lineage"),
    )
