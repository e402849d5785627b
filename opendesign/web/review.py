"""The page of one proposal: what it does to the thing, what is said about it, and whether it can be merged."""

from flask import Blueprint, Response, make_response, redirect, render_template
from flask_babel import gettext as _
from htmx_flask import request

from opendesign.actions.compare import Change3D
from opendesign.actions.house import Work
from opendesign.actions.judge import bringers, standing_of, verdicts
from opendesign.actions.look import look, news, unseen
from opendesign.actions.merge import Review, review, want_review, why_ruled_out
from opendesign.actions.propose import may_close
from opendesign.actions.show_conflicts import Clash, show_conflicts
from opendesign.actions.show_outlooks import want_outlooks
from opendesign.actions.stop_inspection import run_of
from opendesign.actions.suggest import readings
from opendesign.core.checks import Check
from opendesign.core.errors import NotFound
from opendesign.core.value import plain
from opendesign.git.commits import Commit
from opendesign.git.differences import FileDiff
from opendesign.records.look import looks_at
from opendesign.records.proposal import Proposal, proposal_of
from opendesign.web.bills import bill_view
from opendesign.web.choices import choice_files, halfway_files, is_waiting, outlooks_of
from opendesign.web.code import diff_files
from opendesign.web.compare import part_fragment
from opendesign.web.differences import part_views, rest_of, sentence
from opendesign.web.explore import first_number
from opendesign.web.heading import heading
from opendesign.web.pins import numbered, want_lacking
from opendesign.web.prose import prose
from opendesign.web.revisions import authors
from opendesign.web.timeline import comment_view, events
from opendesign.web.trials import trial_links
from opendesign.web.visit import brake, find_design, house, looking, public_url, stop_looking, visitor, writing

pages = Blueprint("review", __name__)
ORDER = ("failed", "waiting", "passed")
Found = tuple[Work, Proposal, Review | None]


def find_proposal(work: Work, owner: str, design: str, number: int) -> Proposal:
    """Returns a proposal through the design that one may see."""
    return proposal_of(work.session, find_design(work, owner, design), number)


def address_of(proposal: Proposal) -> str:
    """Returns the address of a proposal's page."""
    return f"/{proposal.design.path}/proposals/{proposal.number}"


def see(owner: str, design: str, number: int, start: int = 0) -> Found:
    """Finds a proposal and what is known of it; wants the builds and differences that nobody has wanted."""
    work = looking()
    proposal = find_proposal(work, owner, design, number)
    found = reviewed(work, proposal, start)
    if found is not None and found.lacking:
        with writing() as work:
            want_review(work, find_proposal(work, owner, design, number), start)
        work = looking()
        proposal = find_proposal(work, owner, design, number)
        found = reviewed(work, proposal, start)
    return work, proposal, found


def reviewed(work: Work, proposal: Proposal, start: int = 0) -> Review | None:
    """Returns what is known of a proposal; None when its target branch or a commit it needs is gone."""
    try:
        return review(work, proposal, start)
    except NotFound:
        return None


@pages.get("/<owner>/<design>/proposals/<int:number>")
def conversation(owner: str, design: str, number: int) -> str:
    """Shows the proposal: the difference, the checks and the merge first, then everything that was said."""
    work, proposal, found = see(owner, design, number)
    outlooks, _problem = outlooks_of(work, found)
    if found is not None and any(each.build is None for each in outlooks) and work.may("build", proposal.design):
        if any(each.word == "own" for each in outlooks):
            brake()
        with writing() as work:
            want_outlooks(work, found, outlooks)
        work, proposal, found = see(owner, design, number)
    page = conversation_page(work, proposal, found)
    if unseen(work, proposal):
        stop_looking()
        with house().noting(visitor()) as work:
            look(work, find_proposal(work, owner, design, number))
    return page


def conversation_page(work: Work, proposal: Proposal, found: Review | None, problem: str = "") -> str:
    """Returns the first page of a proposal, perhaps with why something was refused just now."""
    commits, given = proposed(found), verdicts(work, proposal)
    outlooks, wrong = outlooks_of(work, found)
    return render_template(
        "proposals/conversation.html",
        choices=choice_files(work, found, outlooks, request.values) if found else [],
        halfway=halfway_files(work, found, request.form) if found else [],
        pending=is_waiting(outlooks),
        wrong=wrong,
        here=request.full_path if request.method == "GET" else address_of(proposal),
        events=events(proposal, commits, given, readings(work, proposal, change=found.change if found else None)),
        given=[each for each in given if each.current],
        looks=looks_at(work.session, proposal) if work.person else [],
        news=news(work, proposal, commits),
        may_review=work.may("review", proposal.design),
        brought=proposal.state == "open" and work.person is not None and work.person.id in bringers(work, proposal),
        html=prose(proposal.body) if proposal.body else None,
        views=views_of(proposal, found),
        clashes=_clashes(work, found),
        **merge_box(work, proposal, found, problem) | frame(work, proposal, found, "conversation", commits),
    )


def frame(work: Work, proposal: Proposal, found: Review | None, tab: str, commits: list[Commit]) -> dict[str, object]:
    """Returns what stands over every page of a proposal."""
    address = address_of(proposal)
    tabs = [
        ("conversation", address, _("Conversation"), "message-square", len(proposal.comments)),
        ("files", f"{address}/files", _("Files changed"), "file-code", None),
        ("commits", f"{address}/commits", _("Commits"), "git-commit-horizontal", len(commits)),
        ("geometry", f"{address}/geometry", _("3D"), "cuboid", None),
    ]
    change = found.change if found else Change3D()
    files = _touched(found) if found else []
    return {
        "proposal": proposal,
        "address": address,
        "source_seen": proposal.source is not None and work.may("see", proposal.source),
        "commits": commits,
        "sentence": sentence(change, len(files), len(commits)) if found else "",
        "trials": trial_links(work, proposal) if found else [],
        "pictured": f"{public_url()}{address}/picture" if change.changed else None,
        "bill": bill_view(change.bill),
        "rest": rest_of(change, f"{address}/geometry"),
        "unchanged": [part.path for part in change.parts if part.status == "unchanged"],
        "authors": authors(work, commits),
        "tabs_of_proposal": [(href, words, icon, count, name == tab) for name, href, words, icon, count in tabs],
        **heading(work, proposal.design, "proposals"),
    }


def _touched(found: Review) -> list[str]:
    before, after = found.before.blobs, found.after.blobs
    return [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]


def proposed(found: Review | None) -> list[Commit]:
    """Returns the commits a proposal brings, oldest first."""
    return found.attempt.commits if found else []


def views_of(proposal: Proposal, found: Review | None, query: str = "") -> list[dict[str, object]]:
    """Returns the changed parts as `compare/_part.html` wants them, the first one unfolded."""
    if found is None:
        return []
    here, sides = address_of(proposal), (found.before, found.after)
    return part_views(found.change, *sides, f"{here}/geometry{query}", 1, f"{here}/misfits/picture?")


def merge_box(work: Work, proposal: Proposal, found: Review | None, problem: str = "") -> dict[str, object]:
    """Returns what `proposals/_merge.html` needs: state, checks, who may do what, and a refusal just given."""
    checks = found.checks if found else []
    ended = [check for check in checks if check.state != "waiting"]
    source, standing = proposal.source, standing_of(work, proposal)
    parts = [check for check in checks if check.kind == "part"]
    waits = {check.kind for check in checks if check.state == "waiting"}
    run = run_of(work, proposal.design, found.after) if found and proposal.state == "open" else None
    stopped = run is not None and run.stopped and waits == {"assert"}
    return {
        "proposal": proposal,
        "standing": standing,
        "held": proposal.state == "open" and (proposal.unfinished or not standing.enough),
        "found": found,
        "address": address_of(proposal),
        "checks": [check_view(check) for check in sorted(checks, key=lambda check: ORDER.index(check.state))],
        "done": len(ended),
        "rebuilt": len([check for check in parts if check.state != "waiting"]),
        "parts": len(parts),
        "running": "part" not in waits and "assert" in waits,
        "waiting": bool(found and proposal.state == "open" and len(ended) < len(checks)),
        "run": run,
        "coming": proposal.state == "open" and found is not None and found.coming and not stopped,
        "behind": bool(found and proposal.state == "open" and found.base != found.ours),
        "may_update": source is not None and work.may_move(proposal.source_branch, source),
        "may_override": _may_override(work, proposal, found),
        "problem": problem,
        "may_merge": work.may("merge", proposal.design),
        "may_close": may_close(work, proposal),
        "own": work.person is not None and work.person.id == proposal.author_id,
        "source_url": f"{public_url()}/{source.path}.git" if source and work.may("see", source) else None,
        "target_url": f"{public_url()}/{proposal.design.path}.git",
    }


def _may_override(work: Work, proposal: Proposal, found: Review | None) -> bool:
    """Tells whether only the target's rule is in the way of a merge, and the acting person may go around it."""
    if found is None or proposal.state != "open" or proposal.unfinished or any(not one.excused for one in found.failed):
        return False
    return work.may_override(proposal.target_branch, proposal.design) and bool(why_ruled_out(work, proposal, found))


def check_view(check: Check) -> dict[str, object]:
    """Returns a check as the merge box shows it; `unusual` when passing needs a word, as for a part that goes."""
    plain = check.detail in (f"{check.name} builds and is valid.", f"{check.name} is as it was before.")
    return {
        "name": check.name,
        "state": check.state,
        "detail": check.detail,
        "required": check.required,
        "unusual": check.state == "passed" and not plain,
        "drawn": bool(check.misfits),
    }


def _clashes(work: Work, found: Review | None) -> list[tuple[Clash, list[dict], list[dict]]]:
    """Returns each conflict with both sides' changes as `diff_file` wants them."""
    if found is None or found.mergeable != "conflict":
        return []
    return [(clash, _diff(clash.ours), _diff(clash.theirs)) for clash in show_conflicts(work, found)]


def _diff(change: FileDiff | None) -> list[dict]:
    return diff_files([change]) if change else []


@pages.get("/<owner>/<design>/proposals/<int:number>/merge")
def merge(owner: str, design: str, number: int) -> Response:
    """Shows the merge box alone; nothing while it still waits for what it waited for before."""
    if not request.htmx:
        proposal = find_proposal(looking(), owner, design, number)
        return make_response(redirect(f"{address_of(proposal)}#merge", 303))
    box = merge_box(*see(owner, design, number))
    if box["waiting"] and str(box["done"]) == request.args.get("done"):
        return make_response("", 204)
    design_row = box["proposal"].design  # type: ignore[attr-defined]
    return make_response(render_template("proposals/_merge.html", design=design_row, **box))


@pages.get("/<owner>/<design>/proposals/<int:number>/commits")
def commits(owner: str, design: str, number: int) -> str:
    """Lists the commits a proposal brings."""
    work, proposal, found = see(owner, design, number)
    listed = proposed(found)
    return render_template("proposals/commits.html", **frame(work, proposal, found, "commits", listed))


@pages.get("/<owner>/<design>/proposals/<int:number>/geometry")
def geometry(owner: str, design: str, number: int) -> Response | str:
    """Shows one changed part at a time, to turn, compare and comment on; one part's fragment for htmx."""
    start = first_number()
    work, proposal, found = see(owner, design, number, start)
    if want_lacking(work, proposal, found):
        work, proposal, found = see(owner, design, number, start)
    query = f"?from={start}&whole=yes" if start else "?whole=yes"
    views = [{**view, "pins": "#timeline"} for view in views_of(proposal, found, query)]
    if request.htmx and "done" in request.args:
        return part_fragment(views if "whole" in request.args else views_of(proposal, found))
    wanted = request.args.get("part", "")
    part = next((view for view in views if view["path"] == wanted), views[0] if views else None)
    about = [
        each for each in proposal.comments if part and each.path == part["path"] and (each.point or each.parameter)
    ]
    known = readings(work, proposal, about, found.change if found else None)
    parameters = [] if part is None or found is None else _parameters(found, str(part["path"]))
    return render_template(
        "proposals/geometry.html",
        views=views,
        part=part,
        said=numbered([comment_view(proposal, each, known) for each in about]),
        searching=any(each.waiting for each in known.pins.values()),
        parameters=parameters,
        start=start,
        total=len(found.change.changed) if found else 0,
        **frame(work, proposal, found, "geometry", proposed(found)),
    )


@pages.get("/<owner>/<design>/proposals/<int:number>/picture")
def picture(owner: str, design: str, number: int) -> Response:
    """Leads to the picture of what a proposal changes, for whoever shows a link to it; wants nothing made."""
    work = looking()
    proposal = find_proposal(work, owner, design, number)
    views = views_of(proposal, reviewed(work, proposal))
    found = next((view[kind] for kind in ("overlay_still", "after_still") for view in views if view[kind]), None)
    if found is None:
        raise NotFound("What this proposal changes is not drawn yet.")
    answer = make_response(redirect(str(found)))
    answer.cache_control.no_cache = True
    return answer


def _parameters(found: Review, path: str) -> list[tuple[str, str]]:
    """Returns name and value of each parameter of a proposed part; none of one that goes."""
    if all(each.path != path for each in found.after.parts):
        return []
    return [(each.name, plain(each.default)) for each in found.after.parameters(path) if not each.derived]
