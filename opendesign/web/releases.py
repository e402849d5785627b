"""Releases: the list of them, the form that makes one, a page with every file of each, and the feed."""

from collections.abc import Mapping
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from opendesign.actions.find_revision import branches_of
from opendesign.actions.house import Work
from opendesign.actions.publish import change_release, publish, recall, unreleased
from opendesign.actions.read_tree import read_tree
from opendesign.actions.show_parts import Shown, parts_at
from opendesign.core.errors import Conflict, Invalid, NotFound
from opendesign.records.design import Design, page_of
from opendesign.records.release import Release, latest_release, release_of, releases_of
from opendesign.web.cards import part_address, still
from opendesign.web.downloads import downloads
from opendesign.web.explore import page_count, page_number, paged
from opendesign.web.heading import heading
from opendesign.web.people import by_field
from opendesign.web.prose import prose
from opendesign.web.visit import brake, entered, find_design, looking, public_url, writing
from opendesign.web.wanting import want_shown

pages = Blueprint("releases", __name__)
SIZE = 20
FIELDS = ("tag", "title", "notes", "ref")
MOST_TAGS = 30


@pages.get("/<owner>/<design>/releases")
def releases(owner: str, design: str) -> str:
    """Lists the releases of a design, newest first, and the tags that nobody has released."""
    work = looking()
    row = find_design(work, owner, design)
    found, total = page_of(work.session, releases_of(row), page_number(), SIZE)
    latest = latest_release(work.session, row)
    tags = unreleased(work, row)
    return render_template(
        "releases/releases.html",
        releases=[(each, notes_of(row, each)) for each in found],
        latest=latest.id if latest else None,
        tags=tags[::-1][:MOST_TAGS],
        more_tags=max(0, len(tags) - MOST_TAGS),
        may_release=work.may("release", row),
        page=page_number(),
        pages=page_count(total, SIZE),
        href_of=paged(f"/{row.path}/releases", {}),
        address_of=lambda release: address(row, release),
        **heading(work, row, "releases"),
    )


@pages.get("/<owner>/<design>/releases.atom")
def feed(owner: str, design: str) -> Response:
    """Sends the newest releases as an Atom feed."""
    work = looking()
    row = find_design(work, owner, design)
    found, _total = page_of(work.session, releases_of(row), 1, SIZE)
    text = render_template(
        "releases/feed.xml",
        design=row,
        here=f"{public_url()}/{row.path}",
        releases=[(each, quote(each.tag), notes_of(row, each, public_url())) for each in found],
    )
    return Response(text, content_type="application/atom+xml; charset=utf-8")


@pages.get("/<owner>/<design>/releases/new")
def new(owner: str, design: str) -> str:
    """Shows the form that releases a revision; `tag` may name one that is there."""
    entered()
    work = looking()
    row = find_design(work, owner, design, "release")
    return _form(work, row, {name: request.args.get(name, "") for name in FIELDS})


@pages.post("/<owner>/<design>/releases")
def create(owner: str, design: str) -> Answer | tuple[str, int]:
    """Releases a revision."""
    entered()
    brake()
    given = {name: request.form.get(name, "") for name in FIELDS}
    try:
        with writing() as work:
            row = find_design(work, owner, design, "release")
            made = publish(work, row, given["tag"], given["title"], given["notes"], given["ref"])
            target = address(row, made)
    except (Invalid, Conflict, NotFound) as refusal:
        work = looking()
        return _form(work, find_design(work, owner, design, "release"), given, refusal), refusal.status
    return redirect(target, 303)


@pages.get("/<owner>/<design>/releases/<path:tag>")
def release(owner: str, design: str, tag: str) -> str:
    """Shows a release: its notes, and the files of every part, built from exactly its revision."""
    return _page(owner, design, tag)


@pages.post("/<owner>/<design>/releases/<path:tag>/notes")
def change(owner: str, design: str, tag: str) -> Answer | tuple[str, int]:
    """Changes the title and the notes of a release."""
    entered()
    try:
        with writing() as work:
            found = release_of(work.session, find_design(work, owner, design, "release"), tag)
            change_release(work, found, request.form.get("title", ""), request.form.get("notes", ""))
            target = address(found.design, found)
    except Invalid as refusal:
        return _page(owner, design, tag, refusal), refusal.status
    return redirect(target, 303)


@pages.post("/<owner>/<design>/releases/<path:tag>/removal")
def remove(owner: str, design: str, tag: str) -> Answer:
    """Takes a release back; its tag stays."""
    entered()
    with writing() as work:
        row = find_design(work, owner, design, "recall")
        recall(work, release_of(work.session, row, tag))
        target = f"/{row.path}/releases"
    flash(_("The release has been taken back. Its tag is where it was, and can be moved or deleted now."), "good")
    return redirect(target, 303)


def address(design: Design, release: Release) -> str:
    """Returns the address of a release's page."""
    return f"/{design.path}/releases/{quote(release.tag)}"


def notes_of(design: Design, release: Release, base: str = "") -> Markup:
    """Returns the notes of a release as safe HTML; links lead into its revision."""
    return prose(release.notes, *(f"{base}/{design.path}/{kind}/{release.sha}" for kind in ("files", "raw")))


def _page(owner: str, design: str, tag: str, refusal: Invalid | None = None) -> str:
    work = looking()
    row = find_design(work, owner, design)
    found = release_of(work.session, row, tag)
    parts = parts_at(work, row, found.sha)
    if any(part.build is None for part in parts) and want_shown([(row, read_tree(work, row, found.sha))]):
        work = looking()
        row = find_design(work, owner, design)
        found, parts = release_of(work.session, row, tag), parts_at(work, row, found.sha)
    latest = latest_release(work.session, row)
    return render_template(
        "releases/release.html",
        release=found,
        notes=notes_of(row, found),
        given=request.form if refusal else {"title": found.title, "notes": found.notes},
        problem=refusal.message if refusal else "",
        latest=latest is not None and latest.id == found.id,
        parts=[_part(row, found, part) for part in parts],
        waiting=any(part.state in ("wanted", "making") for part in parts),
        here=address(row, found),
        may_release=work.may("release", row),
        may_recall=work.may("recall", row),
        **heading(work, row, "releases"),
    )


def _part(design: Design, release: Release, part: Shown) -> Mapping[str, object]:
    return {
        "path": part.path,
        "title": part.title,
        "href": part_address(design, part.path, release.sha),
        "state": part.state,
        "key": part.key,
        "poster": still(part.build),
        "files": downloads(part.build, design, release.sha) if part.build else None,
        "error": ((part.build.error if part.build else None) or {}).get("message", ""),
    }


def _form(
    work: Work, design: Design, given: dict[str, str], refusal: Invalid | Conflict | NotFound | None = None
) -> str:
    tags = dict(unreleased(work, design))
    return render_template(
        "releases/new.html",
        given=given,
        there=tags.get(given["tag"]),
        tags=list(tags)[::-1],
        branches=branches_of(work, design),
        wrong=by_field(refusal) if isinstance(refusal, Invalid | Conflict) else {},
        problem=refusal.message if refusal else "",
        **heading(work, design, "releases"),
    )
