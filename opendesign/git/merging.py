"""Merging in bare repositories: trying leaves the branches alone, committing moves one in a single step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from opendesign.core.errors import Conflict, Invalid
from opendesign.core.merging import Rivals
from opendesign.git import command, locks, names
from opendesign.git.commits import Signature, encode_commit
from opendesign.git.repository import Repository
from opendesign.git.writing import Draft, point


@dataclass(frozen=True)
class ConflictPath:
    """A path that two sides changed apart: `kind` in git's words ("contents", "modify/delete"); blob ids or
    None. `rivals`: all that is to be decided, where the rest merges by parameters or keys; else empty.
    """

    path: str
    kind: str
    base: str | None = None
    ours: str | None = None
    theirs: str | None = None
    rivals: list[Rivals] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """What a merge would give: the merged `tree`, or None and its conflicts.

    `already`: ours contains theirs. `fast_forward`: theirs contains ours, so the branch may simply move.
    `marked` is git's tree with conflict marks in the files, `solved` the text of those that were settled.
    """

    tree: str | None
    base: str | None
    conflicts: list[ConflictPath] = field(default_factory=list)
    fast_forward: bool = False
    already: bool = False
    marked: str | None = None
    solved: Mapping[str, str] = field(default_factory=dict)


def try_merge(repo: Repository, ours: str, theirs: str) -> Trial:
    """The result of merging the commit `theirs` into the commit `ours`; no branch moves.

    Raises Invalid when they share no history.
    """
    base = repo.merge_base(ours, theirs)
    if base is None:
        raise Invalid("The two share no history, so there is nothing to merge against.")
    if base == theirs:
        return Trial(tree=repo.tree_id(ours), base=base, already=True)
    if base == ours:
        return Trial(tree=repo.tree_id(theirs), base=base, fast_forward=True)
    return tried(repo, base, ours, theirs)


def try_revert(repo: Repository, ours: str, merged: str, before: str, who: Signature) -> Trial:
    """The result of taking back, from the commit `ours`, what came between the commits `before` and `merged`.

    As `git revert -m 1` of a merge whose first parent is `before`; no branch moves. Raises Conflict when `ours` does
    not contain `merged`.
    """
    if not repo.is_ancestor(merged, ours):
        raise Conflict("The branch does not contain that merge any more.")
    # merge-tree is told its base from git 2.40 on only, so a commit that undoes everything is merged: no ref holds
    # it, and the next gc sweeps it away.
    draft = Draft(repo)
    reverse = draft.add("commit", encode_commit(repo.tree_id(before), (merged,), "Reverse\n", who, who))
    with locks.together(repo.path):
        draft.store()
    return tried(repo, merged, ours, reverse)


def tried(repo: Repository, base: str, ours: str, theirs: str) -> Trial:
    """The result of merging two commits of which neither contains the other; `base` is their common one."""
    said = repo.run("merge-tree", "--write-tree", "-z", "--messages", ours, theirs, good=(0, 1))
    tree, _, rest = said.partition(b"\0")
    files, _, messages = rest.partition(b"\0\0")
    conflicts = _conflicts(files, messages)
    if conflicts:
        return Trial(tree=None, base=base, conflicts=conflicts, marked=tree.decode())
    return Trial(tree=tree.decode(), base=base)


def commit_merge(
    repo: Repository,
    branch: str,
    expected: str,
    tree: Trial | str,
    parents: Sequence[str],
    message: str,
    author: Signature,
    committer: Signature,
) -> str:
    """Commit a merged tree on `branch`, which still points at `expected`, and return the new commit's id.

    `parents` is (ours, theirs) for a merge and (ours,) for a squash. Everything the tree names must be in
    this repository itself: bring the other side first. Raises Conflict when the branch has moved or the trial
    has conflicts, and Invalid for parts that are missing. A process killed at any point leaves the old or the
    new state.
    """
    ref = names.check_branch(branch)
    merged = tree.tree if isinstance(tree, Trial) else tree
    if merged is None:
        raise Conflict("The two sides changed the same places. Solve the conflicts first.")
    draft = Draft(repo)
    sides = tuple(map(names.check_sha, parents))
    commit = draft.add("commit", encode_commit(names.check_sha(merged), sides, message, author, committer))
    with locks.together(repo.path):
        store_whole(repo, draft, commit, expected)
    point(repo, ref, commit, names.check_sha(expected))
    return commit


def store_whole(repo: Repository, draft: Draft, commit: str, known: str) -> None:
    """Store a commit that was drafted; raises Invalid when what it holds beyond the commit `known` is not all here."""
    try:
        draft.store()
        walk = ("rev-list", "--objects", "--quiet", commit, f"^{known}")
        command.run(repo.path, *walk, seconds=repo.limits.git_seconds)
    except command.Failed as broken:
        raise Invalid(f"Parts of the merge are not in this design: {broken.said[:300]}") from broken


def _conflicts(files: bytes, messages: bytes) -> list[ConflictPath]:
    stages: dict[str, dict[str, str]] = {}
    kinds = _kinds(messages)
    for line in files.split(b"\0"):
        facts, _, path = line.partition(b"\t")
        if path:
            mode, sha, stage = facts.decode().split()
            name = path.decode("utf-8", "replace")
            stages.setdefault(name, {})[stage] = sha
            if not mode.startswith("100") or name.encode() != path:
                kinds[name] = "no plain file"
    for named in kinds:
        stages.setdefault(named, {})
    return [_conflict(path, kinds.get(path, "contents"), found) for path, found in stages.items()]


def _conflict(path: str, kind: str, found: dict[str, str]) -> ConflictPath:
    base, ours, theirs = (found.get(stage) for stage in "123")
    both_new = kind == "contents" and not base and ours and theirs
    return ConflictPath(path, "add/add" if both_new else kind, base, ours, theirs)


def _kinds(messages: bytes) -> dict[str, str]:
    """The kind of conflict of each path: git prints a count, so many paths, the kind and a sentence."""
    words = [word.decode("utf-8", "replace") for word in messages.split(b"\0")]
    kinds: dict[str, str] = {}
    at = 0
    while at < len(words) and words[at].strip().isdigit():
        end = at + 1 + int(words[at])
        kind = words[end]
        if kind.startswith("CONFLICT ("):
            for path in words[at + 1 : end]:
                kinds.setdefault(path, kind.removeprefix("CONFLICT (").removesuffix(")"))
        at = end + 2
    return kinds
