"""Revisions: the commits of a branch, and what each changed line by line."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.find_history import find_history
from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Page, Sha, Shown, example
from opendesign.api.visit import public_url
from opendesign.git.commits import Commit
from opendesign.git.differences import FileDiff
from opendesign.records.design import Design, known_refs

STATUSES = {"A": "added", "D": "removed", "M": "changed", "R": "renamed", "C": "copied", "T": "changed"}
REVISION = {
    "sha": "9fceb02d0ae598e95dc970b74767f19372d61af8",
    "subject": "Thicker walls",
    "body": "",
    "author": {"name": "Ada", "email": "ada@example.org"},
    "authored_at": "2024-05-01T12:00:00Z",
    "committed_at": "2024-05-01T12:00:00Z",
    "parents": [],
    "html_url": "https://opendesign.example/ada/box/revisions/9fceb02d0ae598e95dc970b74767f19372d61af8",
}


class Author(Shown):
    """Who a commit says it is from."""

    name: str
    email: str


class RevisionShown(Shown):
    """A commit."""

    model_config = example(REVISION)
    sha: Sha
    subject: str
    body: str
    author: Author
    authored_at: datetime
    committed_at: datetime
    parents: list[Sha]
    html_url: str
    path: str = Field("", description="Where the file lay then, in the history of one file.")


class LineShown(Shown):
    """A line of a difference: kept (“ ”), added (“+”) or removed (“-”), with its numbers before and after."""

    kind: Literal[" ", "+", "-"]
    before: int | None
    after: int | None
    text: str


class HunkShown(Shown):
    """Neighbouring changes of a file."""

    header: str
    lines: list[LineShown]


class FileChanged(Shown):
    """What happened to one file."""

    path: str
    old_path: str
    status: Literal["added", "removed", "changed", "renamed", "copied"]
    binary: bool
    additions: int
    deletions: int
    truncated: bool = Field(description="True when lines are left out.")
    hunks: list[HunkShown]


class RevisionInFull(RevisionShown):
    """A commit with what it changed, against its first parent."""

    model_config = example(REVISION | {"files": []})
    files: list[FileChanged]


class History(Page):
    """Which history is wanted."""

    branch: str = Field("", description="A branch, tag or commit; by default the default branch.")
    path: str = Field("", description="Only revisions that touched this folder, or this file through renames.")


@operation("GET", f"{DESIGN}/revisions", list[RevisionShown], verb="see", query=History)
def list_all(work: Work, design: Design, query: History) -> Answer:
    """Lists the revisions of a branch, newest first."""
    if not query.branch and not known_refs(work.session, design):
        return Answer([], total=0)
    sha = find_revision(work, design, query.branch).sha
    with work.house.store.open(design.key) as repository:
        path = query.path.strip("/")
        touched = find_history(work, design, repository, sha, path, query.skip, query.per_page)
        # How many touched a path is known only after a walk over the whole history, so the page stands alone.
        total = repository.count(sha) if not query.path else query.skip + len(touched)
    shown = [revision_shown(design, each.commit).model_copy(update={"path": each.path}) for each in touched]
    return Answer(shown, total=total)


@operation("GET", f"{DESIGN}/revisions/{{sha}}", RevisionInFull, verb="see")
def show(work: Work, design: Design, sha: str) -> Answer:
    """Shows a revision with what it changed; a branch, a tag or a short id will do as well."""
    place = find_revision(work, design, sha)
    with work.house.store.open(design.key) as repository:
        commit = repository.commit(place.sha)
        changes = repository.diff(commit.parents[0] if commit.parents else None, place.sha)
    shown = revision_shown(design, commit).model_dump()
    return Answer(RevisionInFull(**shown, files=[file_changed(change) for change in changes]))


def revision_shown(design: Design, commit: Commit) -> RevisionShown:
    """Returns a commit of a design."""
    return RevisionShown(
        sha=commit.sha,
        subject=commit.subject,
        body=commit.body,
        author=Author(name=commit.author.name, email=commit.author.email),
        authored_at=commit.author.at,
        committed_at=commit.committer.at,
        parents=list(commit.parents),
        html_url=f"{public_url()}/{design.path}/revisions/{commit.sha}",
        path="",
    )


def file_changed(change: FileDiff) -> FileChanged:
    """Returns what happened to one file."""
    hunks = [
        HunkShown(
            header=hunk.header,
            lines=[LineShown.of(kind=kind, before=a, after=b, text=text) for kind, a, b, text in hunk.lines],
        )
        for hunk in change.hunks
    ]
    return FileChanged.of(
        path=change.path,
        old_path=change.old_path,
        status=STATUSES[change.status],
        binary=change.binary,
        additions=change.additions,
        deletions=change.deletions,
        truncated=change.truncated,
        hunks=hunks,
    )
