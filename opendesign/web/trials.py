"""A relative's change on one's own branch: seen in geometry and numbers before anything is committed."""

from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template
from htmx_flask import request

from opendesign.actions.apply_change import Trial, find_change, try_change
from opendesign.actions.compare import Change3D
from opendesign.actions.find_revision import branches_of, find_revision
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.core.errors import Invalid
from opendesign.git.commits import Commit
from opendesign.records.design import Design
from opendesign.records.kin import family_of
from opendesign.records.proposal import Proposal
from opendesign.web.compare import UNFOLDED, part_fragment, wanted
from opendesign.web.differences import part_views, rest_of, sentence
from opendesign.web.heading import heading
from opendesign.web.parameters import PREFIX, asked_values, changed_values
from opendesign.web.visit import find_design, looking

pages = Blueprint("trials", __name__)
MOST_LINKS = 3  # own designs that a proposal names
FIELDS = ("source", "commit", "base", "proposal", "branch", "of")


@pages.get("/<owner>/<design>/trials")
def trials(owner: str, design: str) -> Response | str:
    """Shows what the change in the address does to a branch, or the form that asks for one."""
    work = looking()
    row = find_design(work, owner, design)
    asked = {name: request.args[name].strip() for name in FIELDS if request.args.get(name, "").strip()}
    if not asked.keys() & {"source", "commit", "proposal"}:
        return render_template("trials/choose.html", **choices(work, row, asked), **heading(work, row, "lineage"))
    trial = _tried(work, row, asked)
    found = Change3D() if trial.conflicts else trial.found
    if found.lacking:
        found = wanted((row, trial.before), (row, trial.after))
        work = looking()
        row = find_design(work, owner, design)
    kept = asked | {name: value for name, value in request.args.items() if name.startswith(PREFIX)}
    views = part_views(found, trial.before, trial.after, f"{request.path}?{urlencode(kept)}", UNFOLDED)
    if request.htmx and "part" in request.args:
        return part_fragment(views)
    return make_response(_page(work, row, asked, trial, found, views), 409 if trial.conflicts else 200)


def choices(work: Work, design: Design, asked: dict[str, str]) -> dict[str, object]:
    """Returns what the form offers: relatives, this design last, and branches."""
    seen = [member for member in family_of(work.session, design) if work.may("see", member)]
    relatives = sorted(seen, key=lambda member: (member.id == design.id, member.path))
    return {"relatives": [member.path for member in relatives], "branches": branches_of(work, design), "asked": asked}


def trial_links(work: Work, proposal: Proposal) -> list[tuple[str, str]]:
    """Returns path and address of each own design of the family that a proposal's change can be tried on."""
    if work.person is None:
        return []
    query, ends = (
        {"source": proposal.design.path, "proposal": proposal.number},
        (proposal.design_id, proposal.source_id),
    )
    family = family_of(work.session, proposal.design)
    own = [each for each in family if each.owner_id == work.person.id and each.id not in ends]
    return [(each.path, f"/{each.path}/trials?{urlencode(query)}") for each in own[-MOST_LINKS:]]


def _tried(work: Work, design: Design, asked: dict[str, str]) -> Trial:
    number = asked.get("proposal", "")
    if number and not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Invalid("A proposal is named by its number.", [{"name": "proposal"}])
    change = find_change(
        work, design, asked.get("source", ""), asked.get("commit", ""), asked.get("base", ""), int(number or 0)
    )
    branch, path = asked.get("branch", design.default_branch), asked.get("of", "")
    snapshot = read_tree(work, design, find_revision(work, design, branch).sha)
    texts = asked_values(request.args)
    values = changed_values(snapshot.parameters(snapshot.part(path).path), texts) if texts else {}
    return try_change(work, design, branch, change, path, values)


def _page(work: Work, design: Design, asked: dict[str, str], trial: Trial, found: Change3D, views: list) -> str:
    change = trial.change
    with work.house.store.open(change.design.key) as repository:
        commit: Commit = repository.commit(change.theirs)
    return render_template(
        "trials/trial.html",
        trial=trial,
        commit=commit,
        source=change.design,
        branch=asked.get("branch", design.default_branch),
        values=asked_values(request.args),
        of=asked.get("of", ""),
        sentence=sentence(found, 0 if trial.conflicts else len(trial.after.changes)) if not trial.conflicts else "",
        views=views,
        rest=rest_of(found),
        unchanged=[part.path for part in found.parts if part.status == "unchanged"],
        **choices(work, design, asked),
        **heading(work, design, "lineage"),
    )
