"""Proposals: the list of them, and the form that opens one, with a preview of what it would bring."""

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.find_revision import branches_of
from opendesign.actions.house import Work
from opendesign.actions.propose import Offer, offer, propose, sources
from opendesign.actions.ready import hold_back
from opendesign.core.errors import Conflict, Forbidden, Invalid, NotFound
from opendesign.records.design import Design, page_of
from opendesign.records.proposal import counts_of_states, proposals_to
from opendesign.web.code import diff_files
from opendesign.web.explore import page_count, page_number, paged
from opendesign.web.heading import heading
from opendesign.web.people import by_field
from opendesign.web.revisions import authors
from opendesign.web.visit import entered, find_design, looking, writing

pages = Blueprint("proposals", __name__)
SIZE = 25
STATES = ("open", "merged", "declined", "all")


@pages.get("/<owner>/<design>/proposals")
def proposals(owner: str, design: str) -> str:
    """Lists the proposals to a design in one state, newest first."""
    work = looking()
    row = find_design(work, owner, design)
    state = request.args.get("state", "open")
    state = state if state in STATES else "open"
    page = page_number()
    found, total = page_of(work.session, proposals_to(work.session, row, None if state == "all" else state), page, SIZE)
    counts = counts_of_states(work.session, row)
    words = {"open": _("Open"), "merged": _("Merged"), "declined": _("Declined"), "all": _("All")}
    icons = {"open": "git-pull-request", "merged": "git-merge", "declined": "git-pull-request-closed", "all": "list"}
    base = f"/{row.path}/proposals"
    return render_template(
        "proposals/proposals.html",
        proposals=found,
        state=state,
        filters=[(f"{base}?state={s}", words[s], icons[s], counts[s], s == state) for s in STATES],
        total=counts["all"],
        page=page,
        pages=page_count(total, SIZE),
        href_of=paged(base, {"state": state}),
        seen={each.id: each.source is not None and work.may("see", each.source) for each in found},
        **heading(work, row, "proposals"),
    )


@pages.get("/<owner>/<design>/proposals/new")
def new(owner: str, design: str) -> str:
    """Shows the form to propose a branch, and what it would bring."""
    entered()
    work = looking()
    row = find_design(work, owner, design)
    branch = request.args.get("branch") or request.args.get("source_branch", "")
    source = request.args.get("source", "")
    given = {
        "from": request.args.get("from") or (f"{source or row.path}:{branch}" if branch else ""),
        "into": request.args.get("into", "") or row.default_branch,
        "title": request.args.get("title", ""),
        "body": request.args.get("body", ""),
    }
    return _form(work, row, given)


@pages.post("/<owner>/<design>/proposals")
def create(owner: str, design: str) -> Response | tuple[str, int]:
    """Opens a proposal."""
    entered()
    given = {name: request.form.get(name, "") for name in ("from", "into", "title", "body", "draft")}
    try:
        with writing() as work:
            row = find_design(work, owner, design, "propose")
            source, branch = _source(work, row, given["from"])
            made = propose(work, row, source, branch, given["into"], given["title"], given["body"])
            if given["draft"]:
                hold_back(work, made)
            address = f"/{row.path}/proposals/{made.number}"
    except (Invalid, Conflict) as refusal:
        work = looking()
        return _form(work, find_design(work, owner, design), given, refusal), refusal.status
    return redirect(address, 303)


def _source(work: Work, design: Design, text: str) -> tuple[Design, str]:
    """Returns the design and branch that `owner/name:branch` means."""
    path, _colon, branch = text.partition(":")
    owner, _slash, name = path.partition("/")
    if not branch:
        raise Invalid(_("Choose the branch you propose."), [{"name": "from", "message": _("choose one")}])
    return (design if path == design.path else find_design(work, owner, name)), branch


def _form(work: Work, design: Design, given: dict[str, str], refusal: Invalid | Conflict | None = None) -> str:
    offered, problem = None, refusal.message if refusal else ""
    own = sources(work, design)
    known = {f"{each.path}:{name}": sha for each, names in own.items() for name, sha in names.items()}
    if not given["from"] and known:
        given["from"] = _first(design, own)
    if given["from"] and not refusal:
        try:
            offered = _offered(work, design, given)
        except (Invalid, Conflict, NotFound, Forbidden) as objection:
            problem = objection.message
    commits = offered.commits if offered else []
    if offered and not given["title"]:
        given["title"], given["body"] = commits[0].subject, given["body"] or commits[0].body
    return render_template(
        "proposals/new.html",
        given=given,
        wrong=by_field(refusal) if refusal else {},
        problem=problem,
        groups=[(each.path, [f"{each.path}:{name}" for name in names]) for each, names in own.items()],
        stranger=given["from"] if given["from"] and given["from"] not in known else "",
        branches=branches_of(work, design),
        offered=offered,
        files=diff_files(offered.changes) if offered else [],
        authors=authors(work, commits),
        **heading(work, design, "proposals"),
    )


def _offered(work: Work, design: Design, given: dict[str, str]) -> Offer:
    source, branch = _source(work, design, given["from"])
    return offer(work, design, source, branch, given["into"])


def _first(design: Design, own: dict[Design, dict[str, str]]) -> str:
    """Returns the branch of one's own to begin with: a fork's default branch, or any that stands elsewhere."""
    here = own.get(design, {}).get(design.default_branch)
    for source, names in own.items():
        for name in sorted(names, key=lambda name: name != source.default_branch):
            if names[name] not in (here, source.fork_sha) and (source, name) != (design, design.default_branch):
                return f"{source.path}:{name}"
    return ""
