"""Files of a revision: reading them, and committing changes to a branch."""

import base64
import binascii
from typing import Literal

from pydantic import ConfigDict, Field

from opendesign.actions.edit import edit_files
from opendesign.actions.find_revision import Place, find_place
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.api.designs import address
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.parts import Committed
from opendesign.api.shape import Body, Query, Sha, Shown, example
from opendesign.core.errors import Invalid, NotFound, TooLarge
from opendesign.core.lfs import Pointer, in_words
from opendesign.core.snapshot import Snapshot
from opendesign.git.repository import Repository
from opendesign.records.design import Design, known_refs

KINDS = {"blob": "file", "tree": "folder", "link": "link", "submodule": "submodule"}
Kind = Literal["file", "folder", "link", "submodule"]


class EntryShown(Shown):
    """One name in a folder."""

    name: str
    path: str
    kind: Kind
    bytes: int
    sha: Sha


class FileShown(Shown):
    """A file with its content, or a folder with its entries."""

    model_config = example(
        {
            "path": "lid.py",
            "kind": "file",
            "ref": "main",
            "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "sha": "d670460b4b4aece5915caf5c68d12f560a9fe3e4",
            "bytes": 13,
            "content": "wall = 2.4\n",
            "base64": None,
            "entries": None,
        }
    )
    path: str
    kind: Kind
    ref: str
    commit: Sha
    sha: Sha = Field(description="git's id of the content.")
    bytes: int
    content: str | None = Field(description="The text, when it is UTF-8.")
    base64: str | None = Field(description="The content of a file that is no text.")
    entries: list[EntryShown] | None = Field(description="What a folder holds, folders first.")


class FileWanted(Body):
    """The new content of a file: `content` or `base64`."""

    model_config = ConfigDict(str_max_length=None) | example(
        {"content": "wall = 2.4\n", "message": "Thicker walls", "expected": None}
    )
    content: str | None = Field(None, description="The content as text.")
    base64: str | None = Field(None, description="The content of a file that is no text.")
    message: str = Field("", max_length=65_536, description="By default it says which file was edited.")
    expected: Sha | None = Field(None, description="The commit the branch is thought to be at.")

    def bytes(self) -> bytes:
        """Returns the content; raises Invalid unless exactly one form of it is given, and can be read."""
        if (self.content is None) == (self.base64 is None):
            raise Invalid("Give either “content” or “base64”.", [{"name": "content", "message": "one of the two"}])
        if self.content is not None:
            return self.content.encode()
        try:
            return base64.b64decode(self.base64 or "", validate=True)
        except (binascii.Error, ValueError):
            raise Invalid("“base64” is not base64.", [{"name": "base64", "message": "is not base64"}]) from None


class Farewell(Body):
    """Why a file is deleted, and from which state."""

    model_config = Body.model_config | example({"message": "Drop the old lid"})
    message: str = ""
    expected: Sha | None = Field(None, description="The commit the branch is thought to be at.")


class FarewellQuery(Query):
    """The same in the query, for programs that cannot send a body with DELETE."""

    message: str = ""
    expected: str | None = Field(None, pattern=r"^[0-9a-f]{40}$")


@operation("GET", f"{DESIGN}/files/{{ref}}/{{path}}", FileShown, verb="see")
def show(work: Work, design: Design, place: str) -> Answer:
    """Shows a file, or what a folder holds.

    A branch with slashes in its name is written as it is. Without a path: the top folder. Of a file in Git LFS that has
    been sent here it is the file itself, else its pointer.
    """
    where = find_place(work, design, place)
    with work.house.store.open(design.key) as repository:
        snapshot = read_tree(work, design, where.sha)
        if not where.path:
            return Answer(_folder(repository, where, repository.tree_id(where.sha), snapshot))
        folder, _, name = where.path.rpartition("/")
        found = [entry for entry in repository.tree(where.sha, folder) if entry.name == name]
        if not found:
            raise NotFound(f"There is no “{where.path[:200]}” in {where.ref}.")
        entry = found[0]
        if entry.kind == "tree":
            return Answer(_folder(repository, where, entry.sha, snapshot))
        limit = work.house.settings.body_bytes
        if large := snapshot.large.get(where.path):
            content = _large(work, where.path, large, limit)
        else:
            content = b"" if entry.kind == "submodule" else repository.read(where.sha, where.path, limit)
    text = _text(content)
    encoded = None if text is not None else base64.b64encode(content).decode()
    shown = {"content": text, "base64": encoded, "entries": None, "bytes": len(content), "sha": entry.sha}
    return Answer(FileShown.of(path=where.path, kind=KINDS[entry.kind], ref=where.ref, commit=where.sha, **shown))


@operation(
    "PUT",
    f"{DESIGN}/files/{{ref}}/{{path}}",
    {200: Committed, 201: Committed},
    verb="edit",
    body=FileWanted,
    large=True,
)
def write(work: Work, design: Design, place: str, body: FileWanted) -> Answer:
    """Commits a file to a branch: 201 when it was not there before.

    The first file of an empty design makes its default branch.
    """
    branch, path = _branch(work, design, place)
    refs = known_refs(work.session, design)
    tip = refs.get(f"refs/heads/{branch}")
    with work.house.store.open(design.key) as repository:
        there = tip is not None and any(entry.path == path for entry in repository.files(tip))
    commit = edit_files(work, design, branch, {path: body.bytes()}, body.message, body.expected)
    location = f"{address(design)}/files/{branch}/{path}"
    return Answer(Committed(commit=commit, branch=branch, path=path), 200 if there else 201, location)


@operation("DELETE", f"{DESIGN}/files/{{ref}}/{{path}}", Committed, verb="edit", body=Farewell, query=FarewellQuery)
def delete(work: Work, design: Design, place: str, body: Farewell, query: FarewellQuery) -> Answer:
    """Commits the deletion of a file from a branch."""
    branch, path = _branch(work, design, place)
    message, expected = body.message or query.message, body.expected or query.expected
    commit = edit_files(work, design, branch, {path: None}, message, expected)
    return Answer(Committed(commit=commit, branch=branch, path=path))


def _branch(work: Work, design: Design, place: str) -> tuple[str, str]:
    """Returns the branch and the path of an address; raises NotFound for what is no branch, Invalid for no path."""
    if known_refs(work.session, design):
        where = find_place(work, design, place)
        branch, path = where.branch, where.path
    else:
        first = f"{design.default_branch}/"
        branch, path = (design.default_branch, place[len(first) :]) if place.startswith(first) else (None, "")
    if branch is None:
        raise NotFound(f"“{place[:200]}” does not begin with a branch of {design.path}; make the branch first.")
    if not path:
        raise Invalid("The address names no file: write …/files/BRANCH/PATH.", [{"name": "path"}])
    return branch, path


def _large(work: Work, path: str, large: Pointer, limit: int) -> bytes:
    """Returns the content of a file in Git LFS; raises TooLarge."""
    if large.size > limit:
        size, most = in_words(large.size), in_words(limit)
        raise TooLarge(f"“{path[:200]}” has {size}; at most {most} are read here (setting body_bytes). Use git lfs.")
    return work.house.store.lfs.read(large)


def _folder(repository: Repository, where: Place, sha: str, snapshot: Snapshot) -> FileShown:
    sizes = {path: pointer.size for path, pointer in snapshot.pointers.items()}
    entries = [
        EntryShown.of(
            name=each.name,
            path=each.path,
            kind=KINDS[each.kind],
            bytes=sizes.get(each.path, each.size),
            sha=each.sha,
        )
        for each in repository.tree(where.sha, where.path)
    ]
    nothing = {"content": None, "base64": None, "bytes": 0}
    return FileShown.of(
        path=where.path, kind="folder", ref=where.ref, commit=where.sha, sha=sha, entries=entries, **nothing
    )


def _text(content: bytes) -> str | None:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
