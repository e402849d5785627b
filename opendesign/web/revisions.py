"""Revisions: the history of a branch, and what one commit changed."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from opendesign.actions.find_history import find_history
from opendesign.actions.find_revision import branches_of, find_revision
from opendesign.actions.house import Work
from opendesign.actions.judge_made import count_made
from opendesign.actions.propose import sources
from opendesign.actions.show_improvement import count_lives
from opendesign.actions.show_parts import Shown, parts_at
from opendesign.git.commits import Commit, Signature
from opendesign.records.address import authors_at
from opendesign.records.design import Design
from opendesign.web.cards import part_address, part_tile
from opendesign.web.code import diff_files
from opendesign.web.explore import page_count, page_number
from opendesign.web.heading import heading
from opendesign.web.prose import prose
from opendesign.web.visit import find_design, looking

pages = Blueprint("revisions", __name__)
SIZE = 40


@pages.get("/<owner>/<design>/revisions")
def revisions(owner: str, design: str) -> str | Response:
    """Shows the history of a branch, newest first; with `path`, of one folder, or of one file through renames."""
    work = looking()
    row = find_design(work, owner, design)
    branches = branches_of(work, row)
    if not branches:
        return render_template("designs/empty.html", starters=(), **heading(work, row, "revisions"))
    place = find_revision(work, row, request.args.get("branch", ""))
    path, page = request.args.get("path", "")[:4096], page_number()
    with work.house.store.open(row.key) as repository:
        touched = find_history(work, row, repository, place.sha, path, (page - 1) * SIZE, SIZE + 1)
        commits = [each.commit for each in touched]
        total = repository.count(place.sha) if not path else (page - 1) * SIZE + len(commits)
    base = f"/{row.path}/revisions"
    kept = {"branch": place.ref} | ({"path": path} if path else {})
    return render_template(
        "revisions/revisions.html",
        place=place,
        path=path,
        then={each.commit.sha: each.path for each in touched if each.path},
        days=by_day(commits[:SIZE]),
        authors=authors(work, commits),
        total=total,
        page=page,
        pages=page_count(total, SIZE),
        href_of=lambda number: f"{base}?{urlencode(kept | {'page': number})}",
        branches=[(name, f"{base}?{urlencode({'branch': name})}") for name in branches],
        **heading(work, row, "revisions"),
    )


def by_day(commits: list[Commit]) -> list[tuple[object, list[Commit]]]:
    """Returns the commits under the day they were made."""
    days: dict[object, list[Commit]] = {}
    for commit in commits:
        days.setdefault(commit.committer.at.date(), []).append(commit)
    return list(days.items())


def authors(work: Work, commits: list[Commit]) -> dict[str, tuple[str, str]]:
    """Returns e-mail → (name shown, address of their page or empty) of everybody who wrote these commits."""
    signatures: dict[str, Signature] = {commit.author.email.lower(): commit.author for commit in commits}
    known = authors_at(work.session, signatures)
    found = {email: (signature.name, "") for email, signature in signatures.items()}
    return found | {email: (person.shown_name, f"/{person.name}") for email, person in known.items()}


@pages.get("/<owner>/<design>/revisions/<sha>")
def revision(owner: str, design: str, sha: str) -> str:
    """Shows one revision: what was said, what changed in the text, and its parts."""
    work = looking()
    row = find_design(work, owner, design)
    place = find_revision(work, row, sha)
    with work.house.store.open(row.key) as repository:
        commit = repository.commit(place.sha)
        parent = next(iter(commit.parents), None)
        changes = diff_files(repository.diff(parent, place.sha))
    base = f"/{row.path}"
    return render_template(
        "revisions/revision.html",
        commit=commit,
        body=prose(commit.body) if commit.body else None,
        authors=authors(work, [commit]),
        files=changes,
        added=sum(int(str(change["added"])) for change in changes),
        removed=sum(int(str(change["removed"])) for change in changes),
        parts=_parts(work, row, commit, parent),
        lives=count_lives(work, row, commit.sha),
        made=count_made(work, row, sha=commit.sha),
        compare=f"{base}/compare/{parent}...{commit.sha}" if parent else None,
        own=[each.path for each in sources(work, row) if each.id != row.id][:3] if work.person else [],
        **heading(work, row, "revisions"),
    )


def _parts(work: Work, design: Design, commit: Commit, parent: str | None) -> list[dict[str, object]]:
    """Returns the parts at a revision, those that it changed first, with what happened to each."""
    before = {part.path: part.key for part in parts_at(work, design, parent)} if parent else {}
    tiles = []
    for part in parts_at(work, design, commit.sha):
        tile = part_tile(design, part, part_address(design, part.path, commit.sha))
        tiles.append(tile | {"status": _status(part, before), "build_state": part.state if part.build else None})
    return sorted(tiles, key=lambda tile: tile["status"] == "unchanged")


def _status(part: Shown, before: dict[str, str]) -> str:
    if part.path not in before:
        return "added"
    return "unchanged" if before[part.path] == part.key else "changed"
