"""Comparisons: any two revisions of a family side by side, in geometry, numbers, parameters and text."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from flask_babel import gettext as _
from htmx_flask import request
from werkzeug.wrappers import Response as Answer

from opendesign.actions.compare import Change3D, compare, want_comparison
from opendesign.actions.find_build import find_comparison
from opendesign.actions.find_revision import branches_of, find_revision
from opendesign.actions.find_sides import PARTING, PRESET, Side, find_sides, presets_in, read_side, valued, with_values
from opendesign.actions.house import Work
from opendesign.actions.picture import LARGE, picture
from opendesign.actions.read_tree import read_tree
from opendesign.core.errors import NotFound
from opendesign.core.snapshot import Snapshot
from opendesign.git.differences import FileDiff
from opendesign.records.design import Design, known_refs
from opendesign.records.kin import family_of
from opendesign.web.bills import bill_view
from opendesign.web.cards import part_address
from opendesign.web.code import diff_files
from opendesign.web.differences import one_part, part_views, rest_of, sentence
from opendesign.web.explore import first_number
from opendesign.web.heading import heading
from opendesign.web.parameters import asked_values, changed_values
from opendesign.web.promises import summary
from opendesign.web.sending import sent
from opendesign.web.visit import brake, find_design, house, looking, stop_looking, visitor, writing

pages = Blueprint("compare", __name__)
UNFOLDED = 3  # each holds a 3D context, and browsers keep 16 at most
FILES = ("overlay", "png", LARGE)
Tree = tuple[Design, Snapshot]


def address_of(design: Design, before: str, after: str) -> str:
    """Returns the address of a comparison on the pages of a design."""
    return f"/{design.path}/compare/{quote(before)}...{quote(after)}"


@pages.get("/<owner>/<design>/compare")
def choose(owner: str, design: str) -> str | Answer:
    """Shows the form to choose two revisions, or goes to the ones that were chosen."""
    work = looking()
    row = find_design(work, owner, design)
    if request.args.get("of"):
        return redirect(_own_values(work, row, request.args["of"]), 303)
    before, after = (request.args.get(name, "").strip() for name in ("a", "b"))
    sets = [request.args.get(name, "").strip() for name in ("a.values", "b.values")]
    if after:
        before, after = (valued(*side) for side in zip((before or row.default_branch, after), sets, strict=True))
        return redirect(address_of(row, before, after), 303)
    if not branches_of(work, row):
        return render_template("designs/empty.html", starters=(), **heading(work, row, "revisions"))
    return render_template(
        "compare/choose.html",
        groups=choices(work, row),
        presets=_typed(presets_in(read_tree(work, row, find_revision(work, row, "").sha))),
        chosen=(row.default_branch, ""),
        **heading(work, row, "revisions"),
    )


def _own_values(work: Work, design: Design, path: str) -> str:
    """Returns where the values of a part's sliders are compared with its own; the part's page where none differs."""
    ref = request.args.get("ref") or design.default_branch
    snapshot, given = read_tree(work, design, find_revision(work, design, ref).sha), asked_values(request.args)
    part = snapshot.part(path)
    values = {name: given[name] for name in changed_values(snapshot.parameters(part.path), given)}
    if not values:
        flash(_("These are the part’s own values; move a slider first."), "warn")
        return part_address(design, part.path, ref)
    return address_of(design, ref, with_values(ref, values))


def _typed(names: list[str]) -> list[str]:
    """Returns presets as they are typed among the values of a side; a name that would be parted is left out."""
    return [f"{PRESET}={name}" for name in names if not PARTING.search(name)]


def choices(work: Work, design: Design) -> list[tuple[str, list[tuple[str, str]]]]:
    """Returns what can be compared: (design, [(value, words)]) with its branches and tags, this one first."""
    seen = [member for member in family_of(work.session, design) if work.may("see", member)]
    groups = []
    for member in sorted(seen, key=lambda member: (member.id != design.id, member.path)):
        refs = sorted(known_refs(work.session, member))
        names = [*branches_of(work, member), *(ref.removeprefix("refs/tags/") for ref in refs if ref[5:9] == "tags")]
        start = "" if member.id == design.id else f"{member.path}:"
        groups.append((member.path, [(f"{start}{name}", name) for name in names]))
    return groups


@pages.get("/<owner>/<design>/compare/<path:span>")
def compared(owner: str, design: str, span: str) -> Response | str:
    """Shows what turns one revision into the other; one part alone for htmx, while it is being made."""
    work = looking()
    row = find_design(work, owner, design)
    sides = find_sides(work, row, span)
    before, after = ((side.design, read_side(work, side)) for side in sides)
    start = first_number()
    change = compare(work, before[1], after[1], start)
    if change.lacking:
        change = wanted(before, after, start)
        work = looking()
        row = find_design(work, owner, design)
    here = f"{quote(request.path)}?from={start}" if start else quote(request.path)
    pictures = f"/{row.path}/misfits/picture?{urlencode({'range': span})}&"
    views = part_views(change, before[1], after[1], here, UNFOLDED, pictures)
    if request.htmx and "part" in request.args:
        return part_fragment(views, summary(views))
    trees = [read_tree(work, side.design, side.place.sha) for side in sides]
    return _page(work, row, sides, trees, change, views)


def wanted(before: Tree, after: Tree, start: int = 0) -> Change3D:
    """Wants what a comparison lacks of what is shown; asking is paced, since every pair of revisions names new ones."""
    brake()
    with writing() as work:
        return want_comparison(work, before, after, start)


def part_fragment(views: list[dict[str, object]], kept: Sequence[dict] | None = None) -> Response:
    """Returns the fragment of the part that was asked for, nothing while nothing new is known of it.

    `kept` is how all contracts are kept, for a page that says it above the parts. A page that shows more of the part
    than the fragment asks with `whole`, and is loaded anew when both are built.
    """
    done = request.args.get("done", "")
    part = one_part(views, request.args["part"], done)
    if part is None:
        return make_response("", 204)
    if "whole" in request.args and is_built(part, part["done"]) and not is_built(part, done):
        return make_response("", 204, {"HX-Refresh": "true"})
    return make_response(render_template("compare/_part_news.html", part=part, kept=kept))


def is_built(part: dict[str, object], done: object) -> bool:
    """Says whether both states of a part are built once so many of its steps are done; the difference comes last."""
    return int(done) + 1 >= int(part["steps"]) if str(done).isdecimal() else False  # type: ignore[call-overload]


def _page(
    work: Work, row: Design, sides: tuple[Side, Side], trees: list[Snapshot], change: Change3D, views: list
) -> str:
    before, after = sides
    files, ahead, behind, base = _text(work, before, after)
    names = [side.name_in(row) for side in sides]
    return render_template(
        "compare/compare.html",
        sides=sides,
        names=names,
        groups=choices(work, row),
        presets=_typed(list(dict.fromkeys(name for side in trees for name in presets_in(side)))),
        chosen=[side.bare_name_in(row) for side in sides],
        sets=[", ".join(f"{name}={value}" for name, value in side.values.items()) for side in sides],
        sentence=sentence(change, len(files), ahead),
        views=views,
        kept=summary(views),
        rest=rest_of(change, quote(request.path)),
        bill=bill_view(change.bill),
        unchanged=[part.path for part in change.parts if part.status == "unchanged"],
        files=diff_files(files),
        behind=behind,
        apart=address_of(row, base, names[1]) if behind and base else None,
        swap=address_of(row, names[1], names[0]),
        proposal=_proposal(before, after) if ahead else None,
        **heading(work, row, "revisions"),
    )


def _text(work: Work, before: Side, after: Side) -> tuple[list[FileDiff], int, int, str | None]:
    """Returns the changed files, how many commits only one side has each, and their common base."""
    also = [before.design.key] if before.design.id != after.design.id else []
    with work.house.store.open(after.design.key, also=also) as repository:
        files = repository.diff(before.place.sha, after.place.sha)
        ahead, behind = repository.ahead_behind(after.place.sha, before.place.sha)
        base = repository.merge_base(before.place.sha, after.place.sha) if behind else before.place.sha
        return files, ahead, behind, base


def _proposal(before: Side, after: Side) -> str | None:
    """Returns where one proposes what is compared; None unless both sides are branches as they stand."""
    if before.place.branch is None or after.place.branch is None or before.values or after.values:
        return None
    query = {"source": after.design.path, "branch": after.place.branch, "into": before.place.branch}
    return f"/{before.design.path}/proposals/new?{urlencode(query)}"


@pages.get("/comparisons/<key>/files/<name>")
def file(key: str, name: str) -> Response:
    """Sends a file of a comparison, which never changes: the overlay for the viewer, or a picture of it."""
    if name not in FILES:
        raise NotFound(f"“{name[:40]}” is no file of a comparison; there are {', '.join(FILES)}.")
    work = looking()
    row = find_comparison(work, key)
    stop_looking()
    if name == LARGE and LARGE not in (row.files or {}):
        brake()
        picture(house(), visitor(), key)
    return sent(key, name)
