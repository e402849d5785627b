"""New commits and moved branches in a bare repository, without a work tree."""

import hashlib
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from opendesign.core.errors import Conflict, Invalid, NotFound
from opendesign.git import command, locks, names, upkeep
from opendesign.git.commits import Signature, encode_commit
from opendesign.git.guarding import need_unlocked
from opendesign.git.limits import in_words, too_large
from opendesign.git.repository import Repository
from opendesign.git.trees import FOLDER, encode_tree, parse_tree

NOTHING = "0" * 40
FILE, PROGRAM = 0o100644, 0o100755
TYPES = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}
STALE_LOCK_SECONDS = 60
LOOSE_BYTES = 1 << 20
"""From this size on a change stays a pack: unpacking would compress it once more, at 20 MB a second."""
LOCKED = "Unable to create"


class Draft:
    """Objects that are not in the repository yet; `store` puts them there together."""

    def __init__(self, repo: Repository):
        self.repo = repo
        self.objects: dict[str, tuple[str, bytes]] = {}

    def add(self, kind: str, content: bytes) -> str:
        """The id of an object that `store` will write."""
        head = f"{kind} {len(content)}\0".encode()
        sha = hashlib.sha1(head + content, usedforsecurity=False).hexdigest()
        self.objects[sha] = (kind, content)
        return sha

    def tree(self, base: str | None, changes: Mapping[tuple[str, ...], bytes | None]) -> str | None:
        """The id of the folder `base` with `changes` (by the parts of a path; None deletes), None if it is
        empty.

        Raises NotFound for deleting what is not there, Invalid where a file stands in for a folder or the
        reverse.
        """
        entries = parse_tree(self.repo.read_object(base)[1]) if base else {}
        below: dict[str, dict[tuple[str, ...], bytes | None]] = {}
        for (name, *rest), content in changes.items():
            if rest:
                below.setdefault(name, {})[tuple(rest)] = content
            else:
                self._set(entries, name, content)
        for name, inner in below.items():
            self._descend(entries, name, inner)
        return self.add("tree", encode_tree(entries)) if entries else None

    def _set(self, entries: dict[bytes, tuple[int, str]], name: str, content: bytes | None) -> None:
        mode, _ = entries.get(name.encode(), (FILE, ""))
        if content is None:
            if entries.pop(name.encode(), None) is None:
                raise NotFound(f"“{name}” cannot be deleted: it is not there.")
            return
        if mode == FOLDER:
            raise Invalid(f"“{name}” is a folder; a file cannot take its place in the same change.")
        limits = self.repo.limits
        if len(content) > limits.file_bytes:
            raise too_large(f"“{name}”, {in_words(len(content))},", limits, "file_bytes")
        entries[name.encode()] = (mode if mode == PROGRAM else FILE, self.add("blob", content))

    def _descend(
        self, entries: dict[bytes, tuple[int, str]], name: str, inner: dict[tuple[str, ...], bytes | None]
    ) -> None:
        mode, sha = entries.get(name.encode(), (FOLDER, ""))
        if mode != FOLDER:
            raise Invalid(f"“{name}” is a file; nothing can lie below it.")
        tree = self.tree(sha or None, inner)
        if tree:
            entries[name.encode()] = (FOLDER, tree)
        else:
            entries.pop(name.encode(), None)

    def store(self) -> None:
        """Write all objects; git checks their content and that what they name exists. Raises Invalid."""
        small = sum(len(content) for _, content in self.objects.values()) < LOOSE_BYTES
        unpack = ("unpack-objects", "-q", "--strict") if small else ("index-pack", "--stdin", "--strict")
        try:
            seconds = self.repo.limits.git_seconds
            command.run(self.repo.path, *unpack, feed=self._pack(), env=self.repo.writing, seconds=seconds)
        except command.Failed as refused:
            if "fsck error" not in refused.said and "error in object" not in refused.said:
                raise
            raise Invalid(f"git refuses this content: {refused.said[:300]}") from refused

    def _pack(self) -> bytes:
        parts = [struct.pack(">4sII", b"PACK", 2, len(self.objects))]
        for kind, content in self.objects.values():
            parts += [_entry_head(TYPES[kind], len(content)), zlib.compress(content, 1)]
        body = b"".join(parts)
        return body + hashlib.sha1(body, usedforsecurity=False).digest()


def _entry_head(kind: int, size: int) -> bytes:
    """Type and size as a pack holds them: 4 bits of size beside the type, then 7 bits in every byte."""
    byte, size = kind << 4 | size & 15, size >> 4
    head = bytearray()
    while size:
        head.append(byte | 0x80)
        byte, size = size & 0x7F, size >> 7
    head.append(byte)
    return bytes(head)


def write_files(
    repo: Repository,
    branch: str,
    changes: Mapping[str, bytes | None],
    message: str,
    author: Signature,
    expected: str | None,
    committer: Signature | None = None,
    parent: str | None = None,
) -> str:
    """Commit `changes` (path → new bytes, None to delete) on `branch` and return the new commit's id.

    `expected` is the commit the branch points at, None for a branch that does not exist, which then starts
    from `parent`, or from nothing. An author with a time of its own keeps it. Raises Conflict when the branch
    has moved, Invalid for a path, name or message that git cannot hold or a change that changes nothing,
    NotFound for a deleted file that is not there, TooLarge.
    """
    ref = names.check_branch(branch)
    parts = {names.check_path(path): content for path, content in changes.items()}
    base = expected or parent
    draft = Draft(repo)
    before = repo.tree_id(base) if base else None
    tree = draft.tree(before, parts) or draft.add("tree", b"")
    if changes and tree == before:
        raise Invalid("Nothing would change: the files already hold exactly this.")
    commit = draft.add("commit", encode_commit(tree, (base,) if base else (), message, author, committer or author))
    with locks.together(repo.path):
        draft.store()
        _move(repo, ref, commit, expected or NOTHING)
    return commit


def create_branch(repo: Repository, name: str, sha: str) -> None:
    """A new branch at the commit `sha`; raises Conflict if it exists, Invalid for a bad name, NotFound."""
    _point(repo, name, sha, NOTHING)


def move_branch(repo: Repository, name: str, new: str, old: str) -> None:
    """Point a branch at `new` if it still points at `old`; raises Conflict, Invalid and NotFound."""
    _point(repo, name, new, names.check_sha(old))


def delete_branch(repo: Repository, name: str, expected: str) -> None:
    """Delete a branch if it still points at `expected`; raises Conflict, and Invalid for the default
    branch.
    """
    if name == repo.head_branch():
        raise Invalid(f"“{name}” is the default branch. Make another branch the default first.")
    with locks.together(repo.path):
        _move(repo, names.check_branch(name), NOTHING, names.check_sha(expected))


def unmake_branch(path: Path, name: str, tip: str) -> None:
    """Take back a branch that was made at `tip` a moment ago, unless somebody has moved it since."""
    with Repository(path) as repo, suppress(Conflict):
        delete_branch(repo, name, tip)


def point(repo: Repository, ref: str, new: str, old: str) -> None:
    """Point the branch `ref` at the stored commit `new` if it still points at `old`; raises Conflict."""
    with locks.together(repo.path):
        _move(repo, ref, new, old)


def _point(repo: Repository, name: str, sha: str, old: str) -> None:
    ref = names.check_branch(name)
    repo.commit(sha)
    point(repo, ref, sha, old)


def _move(repo: Repository, ref: str, new: str, old: str) -> None:
    """Compare and swap a ref; a lock left by a killed process is removed once it is old. Raises Conflict.

    Raises Forbidden for a branch on which somebody else has locked what changes.
    """
    if new != NOTHING:
        need_unlocked(repo, ref, old if old != NOTHING else None, new)
    said = ""
    for _ in range(2):
        try:
            command.run(repo.path, "update-ref", "--", ref, new, old, seconds=repo.limits.git_seconds)
            return
        except command.Failed as refused:
            said = refused.said
            if LOCKED not in said or not upkeep.sweep_locks(repo.path, STALE_LOCK_SECONDS):
                break
    raise _moved(repo, ref, old, said)


def _moved(repo: Repository, ref: str, old: str, said: str) -> Exception:
    branch = ref.removeprefix("refs/heads/")
    now = repo.refs().get(ref)
    if now is None and old == NOTHING:
        return Conflict(f"The branch “{branch}” cannot be made beside the branches there are: {said[:300]}")
    if now == old or (now is None and old != NOTHING and "not exist" not in said and "resolve" not in said):
        return Conflict(f"The branch “{branch}” is being written to by somebody else. Try again.")
    where = f"is at {now}" if now else "does not exist"
    expected = f"at {old}" if old != NOTHING else "not to exist"
    return Conflict(f"The branch “{branch}” {where}, but was expected {expected}. Look at what came in and try again.")
