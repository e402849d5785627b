"""Changes of a relative, applied one after the other to the tip of a branch: tried aside, then committed at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from opendesign.git import command, locks, names
from opendesign.git.commits import Commit, Signature, encode_commit
from opendesign.git.merging import ConflictPath, Trial, store_whole
from opendesign.git.repository import EMPTY_TREE, Repository
from opendesign.git.scratch import Scratch, stand_in, tried_aside
from opendesign.git.settling import CONTENT, DECIDABLE, Decisions, settle
from opendesign.git.trees import FOLDER, encode_tree, parse_tree
from opendesign.git.writing import NOTHING, Draft, point


@dataclass(frozen=True)
class Step:
    """A change that gives something new: the commit it was, and the whole tree with it."""

    commit: Commit
    tree: str


@dataclass(frozen=True)
class Series:
    """Changes applied in order, until one is in conflict (`stuck`, with its `trial`).

    `there` are those that would change nothing any more, `unused` the names that decisions were given for in vain.
    """

    trial: Trial
    steps: list[Step] = field(default_factory=list)
    there: list[Commit] = field(default_factory=list)
    stuck: Commit | None = None
    unused: frozenset[tuple[str, str]] = frozenset()


def apply_series(
    repo: Scratch,
    ours: str,
    commits: Sequence[Commit],
    shares: Mapping[str, Collection[str]],
    decisions: Decisions,
    claimed: Collection[str] = (),
) -> Series:
    """What the tip `ours` becomes with what each commit did to its parent; nothing is kept outside of `repo`.

    shares: of these commits only so many paths count. One decision counts for all of them; only the whole text of a
    file is for one. What is `claimed` to be there and does not apply any more is there.
    """
    tree, steps, there = repo.tree_id(ours), list[Step](), list[Commit]()
    used: set[tuple[str, str]] = set()
    for commit in commits:
        base = repo.tree_id(commit.parents[0]) if commit.parents else EMPTY_TREE
        theirs = graft(repo, base, commit.tree, shares[commit.sha]) if commit.sha in shares else commit.tree
        trial = _decided(repo, tried_aside(repo, base, tree, theirs), decisions, used)
        if trial.tree is None and commit.sha not in claimed:
            return Series(trial, steps, there, commit)
        if trial.tree in (None, tree):
            there.append(commit)
            continue
        tree = trial.tree or tree
        steps.append(Step(commit, tree))
    given = {(path, name) for path, wanted in decisions.items() for name in wanted}
    return Series(Trial(tree, ours), steps, there, unused=frozenset(given - used))


def _decided(repo: Scratch, trial: Trial, decisions: Decisions, used: set[tuple[str, str]]) -> Trial:
    """The trial with what has been decided of its own conflicts; a file's whole text is used once."""
    trial = settle(repo, trial, {}) if trial.conflicts else trial
    fitting: dict[str, dict[str, object]] = {}
    for conflict in trial.conflicts:
        known = {rival.name for rival in conflict.rivals}
        known |= {CONTENT} if (conflict.path, CONTENT) not in used else set()
        wanted = {name: word for name, word in decisions.get(conflict.path, {}).items() if name in known}
        if wanted:
            fitting[conflict.path] = wanted
    used |= {(path, name) for path, wanted in fitting.items() for name in wanted}
    return settle(repo, trial, fitting) if fitting else trial


def graft(repo: Repository, base: str, other: str, paths: Collection[str]) -> str:
    """The id of the tree `base` in which these paths are as in the tree `other`, or gone where it lacks them."""
    draft = Draft(repo)
    tree = _graft(draft, base, other, [tuple(path.split("/")) for path in paths])
    draft.store()
    return tree or EMPTY_TREE


def _graft(draft: Draft, base: str | None, other: str | None, paths: Collection[tuple[str, ...]]) -> str | None:
    mine, theirs = (parse_tree(draft.repo.read_object(each)[1]) if each else {} for each in (base, other))
    below: dict[bytes, list[tuple[str, ...]]] = {}
    for name, *rest in paths:
        if rest:
            below.setdefault(name.encode(), []).append(tuple(rest))
        elif name.encode() in theirs:
            mine[name.encode()] = theirs[name.encode()]
        else:
            mine.pop(name.encode(), None)
    for folder, inner in below.items():
        tree = _graft(draft, _folder(mine, folder), _folder(theirs, folder), inner)
        if tree:
            mine[folder] = (FOLDER, tree)
        elif _folder(mine, folder):
            del mine[folder]
    return draft.add("tree", encode_tree(mine)) if mine else None


def _folder(entries: Mapping[bytes, tuple[int, str]], name: bytes) -> str | None:
    mode, sha = entries.get(name, (0, ""))
    return sha if mode == FOLDER else None


def hand_over(repo: Scratch, ours: str, series: Series) -> None:
    """Put what a series makes into the repository itself, where it can be built; no ref holds it.

    Only that: of the relative's history nothing comes along.
    """
    tip = ours
    for tree in [*(step.tree for step in series.steps), *([series.trial.marked] if series.trial.marked else [])]:
        tip = stand_in(repo, tree, tip)
    wanted = [tip, *chain.from_iterable(map(_sides, series.trial.conflicts))]
    feed = "".join(f"{sha}\n" for sha in [*wanted, f"^{ours}"]).encode()
    pack = repo.run("pack-objects", "--revs", "--stdout", "-q", feed=feed)
    with locks.together(repo.path):
        command.run(repo.path, "unpack-objects", "-q", "--strict", feed=pack, seconds=repo.limits.git_seconds)


def _sides(conflict: ConflictPath) -> list[str]:
    known = (conflict.base, conflict.ours, conflict.theirs) if conflict.kind in DECIDABLE else ()
    return [sha for sha in known if sha]


def commit_series(
    repo: Repository,
    branch: str,
    expected: str | None,
    start: str,
    commits: Sequence[tuple[str, str, Signature]],
    committer: Signature,
) -> list[str]:
    """Commit (tree, message, author) one on the other and return their ids, oldest first.

    `branch` still points at `expected`, or does not exist (None); the first one's parent is `start`. Raises Conflict
    when the branch has moved, and Invalid for parts that are missing. A process killed at any point leaves the old or
    the new state.
    """
    ref, draft, shas = names.check_branch(branch), Draft(repo), [names.check_sha(start)]
    for tree, message, author in commits:
        content = encode_commit(names.check_sha(tree), (shas[-1],), message, author, committer)
        shas.append(draft.add("commit", content))
    with locks.together(repo.path):
        store_whole(repo, draft, shas[-1], start)
    point(repo, ref, shas[-1], expected or NOTHING)
    return shas[1:]


def claims(repo: Repository, tip: str, shas: Collection[str]) -> list[Commit]:
    """The commits that `tip` contains whose message names one of these commits behind an @, as trailers do."""
    words = [f"--grep=@{names.check_sha(sha)}" for sha in shas]
    return repo.search(tip, "--fixed-strings", *words) if words else []
