"""The files of a design at any revision: folders, sources with line numbers, texts, pictures, and raw bytes."""

import posixpath
from pathlib import PurePosixPath
from urllib.parse import quote

from flask import Blueprint, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.find_revision import Place, branches_of, find_place
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.core.build import SANDBOX
from opendesign.core.encoding import decode, text_of
from opendesign.core.errors import NotFound, TooLarge
from opendesign.core.model import model_engine
from opendesign.core.snapshot import Snapshot
from opendesign.git.commits import Commit
from opendesign.git.repository import Repository
from opendesign.git.trees import Entry
from opendesign.records.build import Build
from opendesign.records.design import Design
from opendesign.web.cards import no_part, part_address, still
from opendesign.web.code import highlighted
from opendesign.web.designs import readme
from opendesign.web.heading import heading
from opendesign.web.parts import Sight, build_of
from opendesign.web.previews import parts_reading
from opendesign.web.prose import prose
from opendesign.web.streaming import streamed
from opendesign.web.visit import find_design, looking

pages = Blueprint("files", __name__)
IMAGES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
MARKDOWN = (".md", ".markdown")
SHOWN = 1 << 20  # bytes of a text that is shown; more is offered raw


@pages.get("/<owner>/<design>/files/<path:address>")
@pages.get("/<owner>/<design>/files", defaults={"address": ""})
def files(owner: str, design: str, address: str) -> Response | str:
    """Shows a folder or a file."""
    work = looking()
    row = find_design(work, owner, design)
    if not branches_of(work, row):
        return redirect(f"/{row.path}", 303)
    place = find_place(work, row, address or row.default_branch)
    kind, entry = kind_at(work, row, place)
    build = None
    if kind == "file" and model_engine(place.path):
        snapshot = read_tree(work, row, place.sha)
        if place.path not in snapshot.absent:
            build = build_of(work, Sight(row, place, snapshot, snapshot.part(place.path), {}, {}))
        work = looking()
        row = find_design(work, owner, design)
    with work.house.store.open(row.key) as repository:
        if kind == "folder":
            return _folder(work, repository, row, place)
        return _file(work, repository, row, place, entry, build)


def kind_at(work: Work, design: Design, place: Place) -> tuple[str, str]:
    """Returns (`folder` or `file`, blob id) of what lies at a place; raises NotFound for nothing."""
    blobs = read_tree(work, design, place.sha).blobs
    if place.path in blobs:
        return "file", blobs[place.path]
    if not place.path or any(path.startswith(f"{place.path}/") for path in blobs):
        return "folder", ""
    raise NotFound(f"There is no “{place.path[:200]}” in {place.ref}. Look at the folder above it.")


def trail(design: Design, place: Place) -> list[tuple[str | None, str]]:
    """Returns the breadcrumbs of a place: the design, then each folder, then the name."""
    base = f"/{design.path}/files/{quote(place.ref)}"
    steps: list[tuple[str | None, str]] = [(base, design.name)]
    for part in PurePosixPath(place.path).parts:
        base = f"{base}/{quote(part)}"
        steps.append((base, part))
    return steps


def _common(work: Work, design: Design, place: Place) -> dict[str, object]:
    tail = f"/{quote(place.path)}" if place.path else ""
    return {
        "place": place,
        "trail": trail(design, place),
        "branches": [(name, f"/{design.path}/files/{quote(name)}{tail}") for name in branches_of(work, design)],
        **heading(work, design, "files"),
    }


def _folder(work: Work, repository: Repository, design: Design, place: Place) -> str:
    touched = repository.last_commits(place.sha, place.path)
    parts = {part.path for part in read_tree(work, design, place.sha).parts}
    base = f"/{design.path}/files/{quote(place.ref)}"
    entries = [
        _row(design, base, entry, touched.get(entry.name), parts) for entry in repository.tree(place.sha, place.path)
    ]
    newest = max(touched.values(), key=lambda commit: commit.committer.at, default=None)
    return render_template(
        "files/folder.html",
        entries=entries,
        newest=newest,
        up=f"{base}/{quote(posixpath.dirname(place.path))}".rstrip("/") if place.path else None,
        readme=readme(work, design, place, place.path),
        **_common(work, design, place),
    )


def _row(design: Design, base: str, entry: Entry, commit: Commit | None, parts: set[str]) -> dict[str, object]:
    is_part = entry.path in parts or model_engine(entry.path) not in ("", "svg")
    kind = "folder" if entry.kind == "tree" else "part" if is_part else _kind(entry.path)
    return {
        "name": entry.name,
        "href": f"{base}/{quote(entry.path)}",
        "kind": kind,
        "message": commit.subject if commit else "",
        "message_href": f"/{design.path}/revisions/{commit.sha}" if commit else None,
        "moment": commit.committer.at if commit else None,
    }


def _kind(path: str) -> str:
    ending = PurePosixPath(path).suffix.lower()
    if ending in IMAGES:
        return "image"
    return (
        "code"
        if ending in (".py", ".toml", ".json", ".yml", ".yaml")
        else "text"
        if ending in (".md", ".txt", ".csv", "")
        else "file"
    )


def _file(
    work: Work, repository: Repository, design: Design, place: Place, blob: str, build: Build | None = None
) -> str:
    ending = PurePosixPath(place.path).suffix.lower()
    raw = f"/{design.path}/raw/{quote(place.ref)}/{quote(place.path)}"
    snapshot = read_tree(work, design, place.sha)
    pointer = snapshot.pointers.get(place.path)
    text, size, note = _content(work, repository, snapshot, place)
    is_part = build is not None
    if ending == ".py":
        is_part, note = place.path in parts_reading(snapshot, place.path), no_part(snapshot, place.path) or note
    last = next(iter(repository.log(place.sha, place.path, limit=1)), None)
    rendered = ending in MARKDOWN and text is not None and "source" not in request.args
    folder = posixpath.dirname(place.path)
    base = f"/{design.path}/files/{quote(place.ref)}"
    return render_template(
        "files/file.html",
        raw=raw,
        blob=blob,
        size=size,
        large=pointer,
        absent=place.path in snapshot.absent,
        note=note,
        text=text if build is None or ending == ".svg" else None,
        image=ending in IMAGES,
        markdown=ending in MARKDOWN,
        html=prose(text, base, raw.removesuffix(f"/{quote(place.path)}"), folder)
        if rendered and text is not None
        else None,
        lines=highlighted(place.path, text) if text is not None and not rendered and build is None else [],
        last=last,
        part=part_address(design, place.path, place.ref) if is_part else None,
        build=build,
        poster=still(build),
        **_common(work, design, place),
    )


def _content(
    work: Work, repository: Repository, snapshot: Snapshot, place: Place
) -> tuple[str | None, int | None, str | None]:
    """Returns the text of a file if it is shown, its size if it is known, and why nothing is shown."""
    pointer, large = snapshot.pointers.get(place.path), snapshot.large.get(place.path)
    if pointer and not large:
        return None, pointer.size, _("Git LFS keeps this file, and it has not been sent here: git lfs push --all.")
    if large and large.size > SHOWN:
        return None, large.size, _("It is too large to be shown here; download it.")
    if large:
        content = work.house.store.lfs.read(large)
        return text_of(place.path, content), large.size, ""
    try:
        content = repository.read(place.sha, place.path, SHOWN)
        return text_of(place.path, content), len(content), ""
    except TooLarge:
        return None, None, _("It is too large to be shown here; download it.")


@pages.get("/<owner>/<design>/raw/<path:address>")
def raw(owner: str, design: str, address: str) -> Response:
    """Sends a file as it is, in a form that no browser runs."""
    work = looking()
    row = find_design(work, owner, design)
    place = find_place(work, row, address)
    kind, blob = kind_at(work, row, place)
    if kind == "folder":
        raise NotFound(f"“{place.path}” is a folder; only files can be sent raw.")
    name = PurePosixPath(place.path).name
    ending = PurePosixPath(place.path).suffix.lower()
    snapshot = read_tree(work, row, place.sha)
    if place.path in snapshot.absent:
        raise NotFound(f"Git LFS keeps “{place.path}”, and it has not been sent here: git lfs push --all.")
    if large := snapshot.large.get(place.path):
        file = work.house.store.lfs.opened(large)
        response = streamed(file, large.size, IMAGES.get(ending) or "application/octet-stream")
    else:
        with work.house.store.open(row.key) as repository:
            content = repository.read(place.sha, place.path)
        response = make_response(content)
        response.mimetype = IMAGES.get(ending) or (
            "text/plain" if decode(content) is not None else "application/octet-stream"
        )
    if response.mimetype == "application/octet-stream" or "download" in request.args:
        response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.set_etag(blob)
    response.cache_control.no_cache = True
    response.cache_control.private = True
    whole = large.size if large else None
    return response.make_conditional(request, accept_ranges=large is not None, complete_length=whole)
