"""Makes the records agree with the refs of a design. Every change is a ref that moved, then this."""

from typing import NamedTuple

from opendesign.actions.house import Work
from opendesign.actions.inspect_design import want_inspection
from opendesign.actions.join_families import join_by_roots, join_by_word
from opendesign.actions.join_family import begin_as
from opendesign.actions.read_tree import read_tree
from opendesign.actions.settle import settle
from opendesign.actions.want_build import want_parts
from opendesign.core.lineage.family import road, taken
from opendesign.git.commits import Commit
from opendesign.git.repository import Repository
from opendesign.records.base import add_many, now
from opendesign.records.design import Design, Part, Ref, known_refs, parts_of
from opendesign.records.form import note_forms
from opendesign.records.kin import siblings_of
from opendesign.records.mirror import outlet_of
from opendesign.records.revision import Adoption, Revision, first_seen, known_shas

SUBJECT = 300  # characters of a commit's first line that are kept


class _Moves(NamedTuple):
    """The refs that had moved, and where the default branch stood before and stands now."""

    refs: list[str]
    before: str | None
    head: str | None


def sync(work: Work, design: Design) -> list[str]:
    """Remembers new revisions, adoptions and parts, wants builds, settles proposals; returns the refs that had moved.

    Idempotent: when nothing moved it changes nothing, so that after a crash the next call heals the records.
    """
    moves = _follow(work, design)
    if moves.head:
        _remember_parts(work, design, moves.head)
    return moves.refs


def sync_moves(work: Work, design: Design) -> list[str]:
    """Does the same, but for the parts of a default branch that has not moved: they were remembered with it."""
    moves = _follow(work, design)
    if moves.head and moves.head != moves.before:
        _remember_parts(work, design, moves.head)
    return moves.refs


def _follow(work: Work, design: Design) -> _Moves:
    """Makes all but the parts agree with the refs."""
    known = known_refs(work.session, design)
    if not known and design.parent_id is None:
        begin_as(work, design)
        known = known_refs(work.session, design)
    before = known.get(f"refs/heads/{design.default_branch}")
    with work.house.store.open(design.key) as repository:
        refs = repository.refs()
        moved = sorted(ref for ref in refs.keys() | known.keys() if refs.get(ref) != known.get(ref))
        if moved:
            tips = [refs[ref] for ref in moved if ref in refs]
            _receive(work, design, repository.new_commits(tips, list(known.values())), tips)
        _remember_refs(work, design, refs, known)
        head = refs.get(f"refs/heads/{design.default_branch}")
        if head is None and refs:
            head = _adopt_head(repository, design, refs)
    if moved:
        design.moved_at = now()
        work.soon("lineage", design.id)
        push_out(work, design)
        settle(work, design, refs, known)
    work.session.flush()
    return _Moves(moved, before, head)


def push_out(work: Work, design: Design) -> None:
    """Has what moved pushed to the server that follows the design, if one does."""
    if outlet := outlet_of(work.session, design):
        outlet.next_at = now()
        work.soon("deliver", outlet.id)


def _receive(work: Work, design: Design, commits: list[Commit], tips: list[str]) -> None:
    """Adds a revision for each commit not seen here before, and an adoption for what a sibling had first."""
    known = known_shas(work.session, design.id, [commit.sha for commit in commits])
    fresh = [commit for commit in commits if commit.sha not in known]
    if not fresh:
        return
    by = work.person.id if work.person else None
    brought = _adopt(work, design, fresh)
    rows = [
        {
            "design_id": design.id,
            "sha": commit.sha,
            "subject": commit.subject[:SUBJECT],
            "author_name": commit.author.name[:SUBJECT],
            "author_email": commit.author.email[:SUBJECT].lower(),
            "authored_at": commit.author.at,
            "received_by": by,
            "tip": commit.sha in tips,
            "adoption_id": brought.get(commit.sha),
            "root_tree": None if commit.parents else commit.tree,
        }
        for commit in fresh
    ]
    add_many(work.session, Revision, rows)
    if roots := [commit.sha for commit in fresh if not commit.parents]:
        join_by_roots(work, design, roots)


def _adopt(work: Work, design: Design, fresh: list[Commit]) -> dict[str, int]:
    """Records what siblings had first, and returns which adoption each of these commits came with."""
    siblings = siblings_of(work.session, design)
    if not siblings:
        return {}
    subjects = {commit.sha: commit.subject for commit in fresh}
    seen = first_seen(work.session, subjects, siblings)
    brought: dict[str, int] = {}
    for source, shas in taken(subjects, seen, design.id).items():
        adoption = Adoption(
            source_id=source,
            target_id=design.id,
            by_id=road(seen, source),
            sha=shas[-1],
            commits=len(shas),
            subject=subjects[shas[-1]][:SUBJECT],
            person_id=work.person.id if work.person else None,
        )
        work.session.add(adoption)
        work.session.flush()
        brought |= dict.fromkeys(shas, adoption.id)
    return brought


def _remember_refs(work: Work, design: Design, refs: dict[str, str], known: dict[str, str]) -> None:
    for name in known.keys() - refs.keys():
        work.session.delete(work.session.get(Ref, (design.id, name)))
    for name, sha in refs.items():
        if name not in known:
            work.session.add(Ref(design_id=design.id, name=name, sha=sha))
        elif known[name] != sha:
            work.session.merge(Ref(design_id=design.id, name=name, sha=sha))


def _adopt_head(repository: Repository, design: Design, refs: dict[str, str]) -> str | None:
    """Points HEAD at a branch that exists: an import by push may know no `main`."""
    branches = sorted(ref.removeprefix("refs/heads/") for ref in refs if ref.startswith("refs/heads/"))
    if not branches:
        return None
    branch = next((name for name in ("main", "master", "trunk") if name in branches), branches[0])
    repository.set_head(branch)
    design.default_branch = branch
    return refs[f"refs/heads/{branch}"]


def _remember_parts(work: Work, design: Design, head: str) -> None:
    """Replaces the parts of the default branch's head, and wants the builds that nobody has wanted yet."""
    snapshot = read_tree(work, design, head)
    join_by_word(work, design, snapshot.manifest)
    builds = want_parts(work, design, snapshot)
    want_inspection(work, design, snapshot)
    old = {part.path: part for part in parts_of(work.session, [design])[design.id]}
    made = [(part.path, build.key) for part, build in zip(snapshot.parts, builds, strict=False)]
    fresh = [(path, key) for path, key in made if path not in old or old[path].build_key != key]
    note_forms(work.session, design.id, head, fresh)
    new = []
    for position, (part, build) in enumerate(zip(snapshot.parts, builds, strict=False)):
        facts = {"title": part.title[:200], "position": position, "build_key": build.key}
        if row := old.pop(part.path, None):
            for name, fact in facts.items():
                setattr(row, name, fact)
        else:
            new.append({"design_id": design.id, "path": part.path, **facts})
    add_many(work.session, Part, new)
    for gone in old.values():
        work.session.delete(gone)
    work.session.flush()
