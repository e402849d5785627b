"""A design that comes from elsewhere finds the family it was forked from, by the commits that both have.

Where they have none, other things may show it: see find_kin.
"""

from collections.abc import Mapping

from opendesign.actions.find_kin import find_kin
from opendesign.actions.house import Work
from opendesign.core.lineage.kin import BEGINNING, MOST_ROOTS, ROOT
from opendesign.git.ancestry import graph
from opendesign.records.design import Design, Ref
from opendesign.records.kin import family_of
from opendesign.records.revision import first_seen, received_in

MOST_HEADS = 100


def join_family(work: Work, design: Design) -> Design | None:
    """Makes a design whose refs nobody has recorded yet a fork of the public one that it began as, and returns that.

    It began with the newest commit of its default branch that a public design received which has the same root; that
    is when it counts as made, and what both have is no adoption. Private designs are neither looked at nor told of.
    """
    with work.house.store.open(design.key) as repository:
        tip = _tip(design, repository.refs())
    return begin_as(work, design) or (find_kin(work, design, tip) if tip else None)


def begin_as(work: Work, design: Design) -> Design | None:
    """Makes a design whose refs nobody has recorded yet a fork of one that has the same first commit, as above."""
    with work.house.store.open(design.key) as repository:
        refs = repository.refs()
        commits = graph(repository, refs.values())
        tip = _tip(design, refs)
        reached = repository.history(tip) if tip else set()
    first = _first(work, design, [sha for sha, parents in commits if not parents][:MOST_ROOTS])
    if first is None:
        return None
    family = [each.id for each in family_of(work.session, first) if each.visibility == "public"]
    seen = first_seen(work.session, (sha for sha, _ in commits), family)
    begun = next((sha for sha, _ in commits if sha in seen and sha in reached), None)
    if begun is None:
        return None
    parent, at = min(seen[begun], key=lambda each: (each[1], each[0]))
    design.parent_id, design.family_id = parent, first.root
    design.fork_sha, design.made_at, design.kinship = begun, at, ROOT
    inner = {parent for sha, parents in commits if sha in seen for parent in parents}
    heads = [sha for sha, _ in commits if sha in seen and sha not in inner][:MOST_HEADS]
    work.session.add_all(
        Ref(design_id=design.id, name=f"{BEGINNING}{number}", sha=sha) for number, sha in enumerate(heads)
    )
    work.session.flush()
    return first


def _tip(design: Design, refs: Mapping[str, str]) -> str:
    return refs.get(f"refs/heads/{design.default_branch}") or next(iter(refs.values()), "")


def _first(work: Work, design: Design, roots: list[str]) -> Design | None:
    """Returns the public design that received one of these roots first, or None."""
    for root in roots:
        for each in received_in(work.session, root):
            if each.visibility == "public" and each.id != design.id:
                return each
    return None
