"""Somebody sees a relative's change on their own branch, with their own parameters; nothing is committed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from opendesign.actions.compare import Change3D, compare, want_comparison
from opendesign.actions.find_revision import find_revision
from opendesign.actions.find_sides import find_side
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree, with_large_files
from opendesign.actions.try_proposal import try_proposal
from opendesign.core.encoding import text_of
from opendesign.core.errors import Conflict, NotFound, TooLarge
from opendesign.core.remembered import Remembered
from opendesign.core.snapshot import Snapshot
from opendesign.git.merging import ConflictPath
from opendesign.git.scratch import Applied, apply
from opendesign.records.design import Design
from opendesign.records.proposal import proposal_of

LARGEST = 1 << 20  # bytes of all changed text: each build of a trial keeps it in its recipe
KEPT = 50  # changes of up to LARGEST bytes; one costs about ten git processes, 60 ms
_applied = Remembered[tuple[str, ...], Applied](KEPT)


@dataclass(frozen=True)
class Change:
    """The change from one commit to another of a design: `base` is None for one that begins a history."""

    design: Design
    base: str | None
    theirs: str


@dataclass(frozen=True)
class Trial:
    """A change on a branch: the tip, both trees, what is in conflict, files that are left out, the difference."""

    change: Change
    ours: str
    before: Snapshot
    after: Snapshot
    found: Change3D
    conflicts: list[ConflictPath] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def mergeable(self) -> str:
        """`clean` or `conflict`."""
        return "conflict" if self.conflicts else "clean"


def find_change(work: Work, design: Design, source: str, commit: str = "", base: str = "", proposal: int = 0) -> Change:
    """Returns a change of a relative (`owner/name`; empty: the design itself): a proposal to it, else a revision.

    A revision means what it did to its first parent, or to `base`. Raises NotFound for what is not there, is not of
    the family, or may not be seen.
    """
    if proposal:
        relative = find_side(work, design, f"{source}:").design if source else design
        attempt = try_proposal(work, proposal_of(work.session, relative, proposal))
        return Change(relative, attempt.base, attempt.theirs)
    side = find_side(work, design, f"{source}:{commit}" if source else commit)
    if base:
        return Change(side.design, find_revision(work, side.design, base).sha, side.place.sha)
    with work.house.store.open(side.design.key) as repository:
        parents = repository.commit(side.place.sha).parents
    return Change(side.design, parents[0] if parents else None, side.place.sha)


def try_change(
    work: Work, design: Design, branch: str, change: Change, path: str = "", values: Mapping[str, object] | None = None
) -> Trial:
    """Returns what a change would do to the parts of a branch, as far as it is known; reads only.

    `values` are parameters of the part `path`, set on both sides. Raises NotFound for no such part or branch, Invalid
    for values the part does not take, TooLarge for more than `LARGEST` bytes of changed text.
    """
    place = find_revision(work, design, branch)
    if place.branch is None:
        raise NotFound(f"{design.path} has no branch “{branch[:200]}”.")
    before = read_tree(work, design, place.sha)
    found = applied(work, design, place.sha, change)
    texts = {name: _text(name, content) for name, content in found.changes.items() if content is not None}
    left_out = sorted([*found.large, *(name for name, text in texts.items() if text is None)])
    if sum(map(len, filter(None, texts.values()))) > LARGEST:
        raise TooLarge(f"This change is more than {LARGEST >> 20} MiB of text; merge it on your own machine to see it.")
    gone = dict.fromkeys(name for name, content in found.changes.items() if content is None)
    after = before.changed(gone | {name: text for name, text in texts.items() if text is not None})
    after = with_large_files(work, design, after)
    if values:
        before, after = (_with_values(snapshot, path, values) for snapshot in (before, after))
    return Trial(change, place.sha, before, after, compare(work, before, after), found.conflicts, left_out)


def want_trial(work: Work, design: Design, trial: Trial) -> Change3D:
    """Wants the builds and differences that a trial lacks; returns its comparison. Raises Conflict for a conflict."""
    if trial.conflicts:
        raise Conflict("The change does not apply to this branch.")
    return want_comparison(work, (design, trial.before), (design, trial.after))


def applied(work: Work, design: Design, ours: str, change: Change) -> Applied:
    """Returns what a change does to the files of a commit of a design, or the conflicts it meets."""
    name = (design.key, ours, change.design.key, change.base or "", change.theirs)
    found = _applied.get(name)
    if found is None:
        also = {change.design.key} - {design.key}
        with work.house.store.scratch(design.key, also=also) as repository:
            found = apply(repository, ours, change.base, change.theirs, LARGEST)
        if found.bytes <= LARGEST:
            _applied.keep(name, found)
    return found


def _text(path: str, content: bytes) -> str | None:
    """Returns the text of a changed file, None for one that is no text: a recipe cannot hold it."""
    return text_of(path, content) if b"\0" not in content else None


def _with_values(snapshot: Snapshot, path: str, values: Mapping[str, object]) -> Snapshot:
    return snapshot.changed(snapshot.retold(snapshot.part(path).path, values))
