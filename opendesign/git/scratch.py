"""Trying a change on a branch without writing anything into the repository."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from opendesign.git.commits import Signature, encode_commit
from opendesign.git.limits import GitLimits
from opendesign.git.merging import ConflictPath, Trial, tried
from opendesign.git.repository import EMPTY_TREE, Repository
from opendesign.git.settling import settle

NOBODY = Signature("OpenDesign", "nobody@invalid")


class Scratch(Repository):
    """A repository whose new objects lie in a folder of their own, which goes away when it is closed."""

    def __init__(self, path: Path, limits: GitLimits | None = None, also: Sequence[Path] = ()):
        super().__init__(path, limits, [path / "objects", *also])
        self._folder = tempfile.TemporaryDirectory(prefix="scratch-")
        self.environment["GIT_OBJECT_DIRECTORY"] = self._folder.name
        self.writing = self.environment

    def close(self) -> None:
        """End the processes that answered questions, and forget what was written."""
        super().close()
        self._folder.cleanup()


@dataclass(frozen=True)
class Applied:
    """What a change does to a branch's tip: path → content (None: gone), or the conflicts it meets.

    Files that it leaves too large to be read are named in `large`.
    """

    changes: dict[str, bytes | None]
    conflicts: list[ConflictPath]
    large: list[str] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """How long all changed files are together."""
        return sum(len(content) for content in self.changes.values() if content)


def apply(repo: Scratch, ours: str, base: str | None, theirs: str, most: int) -> Applied:
    """What turns `ours` into itself with the change from `base` (None: from nothing) to `theirs`, all commits.

    Files of up to `most` bytes are read. Raises NotFound for what is not there and TooLarge for more than git's
    limits let be read at once.
    """
    trial = tried_aside(repo, repo.tree_id(base) if base else EMPTY_TREE, repo.tree_id(ours), repo.tree_id(theirs))
    trial = settle(repo, trial, {}) if trial.conflicts else trial
    if trial.tree is None:
        return Applied({}, trial.conflicts)
    before, after = ({e.path: e for e in repo.files(sha) if e.kind == "blob"} for sha in (ours, trial.tree))
    new = [entry for path, entry in after.items() if path not in before or before[path].sha != entry.sha]
    small = {entry.path: entry.sha for entry in new if entry.size <= most}
    contents = repo.read_blobs(list(small.values()))
    changes: dict[str, bytes | None] = {path: None for path in before if path not in after}
    changes |= {path: contents[sha] for path, sha in small.items()}
    return Applied(changes, [], [entry.path for entry in new if entry.size > most])


def tried_aside(repo: Scratch, base: str, ours: str, theirs: str) -> Trial:
    """The merge of trees; git learned to be told another base in 2.40 only, so commits are made up for it."""
    root = stand_in(repo, base)
    return tried(repo, root, stand_in(repo, ours, root), stand_in(repo, theirs, root))


def stand_in(repo: Scratch, tree: str, *parents: str) -> str:
    """The id of a commit of nobody's that holds a tree, for git to merge or to pack."""
    content = encode_commit(tree, parents, "Try", NOBODY, NOBODY)
    return repo.run("hash-object", "-t", "commit", "-w", "--stdin", feed=content).decode().strip()
