"""Families that turn out to have begun with the same commit, or of which one says so, become one.

That counts as if it had been so from the start: who was first with what is found anew in both. Nothing takes a family
apart again.
"""

from collections.abc import Collection, Sequence
from itertools import groupby

from opendesign.actions.find_kin import named_origin
from opendesign.actions.find_swayed import forget_swayed
from opendesign.actions.house import Work
from opendesign.core.lineage.family import road, taken
from opendesign.core.lineage.kin import DECLARED, ROOT
from opendesign.records.design import Design
from opendesign.records.improvement import forget_family
from opendesign.records.kin import families_before, is_shown, members_of, roots_of, unite, unjoined_having
from opendesign.records.revision import Adoption, Revision, first_seen, untaken


def join_by_roots(work: Work, design: Design, shas: Collection[str]) -> None:
    """Makes one of a public design's family and that from which it received one of these commits without parents.

    Only a design that is nobody's fork does so, and once: whoever merges two families into a fork of one, or one after
    the other into a design of their own, is no cause for these to be one. What a private one has brings nobody
    together: others would see it by whom they are told to be related to.
    """
    if design.visibility != "public" or _has_joined(design):
        return
    for sha in sorted(set(shas)):
        if others := families_before(work.session, design.id, sha) - {design.root}:
            design.kinship = ROOT
            _join(work, design.root, min(others))
            return


def _has_joined(design: Design) -> bool:
    return design.parent_id is not None or design.kinship is not None


def join_as_seen(work: Work, design: Design) -> None:
    """Makes families one that a design, or one that has its beginnings, has brought together, as far as all may see."""
    work.session.flush()
    for each in unjoined_having(work.session, roots_of(work.session, design.id)):
        join_by_roots(work, each, roots_of(work.session, each.id))


def join_by_word(work: Work, design: Design, manifest: str | None) -> None:
    """Makes a design that stands at the top of its family, and says of which public one it is a fork, one of that's.

    What it has of the others it has taken: it began apart.
    """
    if _has_joined(design) or "fork-of" not in (manifest or ""):
        return
    parent = named_origin(work, design, manifest)
    if parent is None or parent.root == design.root:
        return
    if design.visibility != "public" and is_shown(work.session, design.root):
        return
    design.parent_id, design.kinship = parent.id, DECLARED
    _join(work, design.root, parent.root)


def _join(work: Work, one: int, another: int) -> None:
    first, other = sorted((one, another))
    sides = [members_of(work.session, each) for each in (first, other)]
    looked = forget_family(work.session, first) | forget_family(work.session, other)
    looked |= forget_swayed(work, sides[1])
    unite(work.session, first, other)
    for own, theirs in (sides, reversed(sides)):
        for each in own:
            _adopt(work, each, [key for key in (*own, *theirs) if key != each], theirs)
    for each in sorted({*looked, sides[0][0]}):
        work.soon("lineage", each)


def _adopt(work: Work, design: int, siblings: list[int], theirs: Sequence[int]) -> None:
    """Records what a design had received, push by push, after one of the designs that are its siblings only now."""
    for _, push in groupby(untaken(work.session, design, theirs), key=lambda each: each[0]):
        rows = {row.sha: row for _, row in push}
        seen = {
            sha: [each for each in some if each[1] < rows[sha].received_at]
            for sha, some in first_seen(work.session, rows, siblings).items()
        }
        for source, shas in taken(rows, seen, design).items():
            _add(work, source, [rows[sha] for sha in shas], road(seen, source))


def _add(work: Work, source: int, rows: Sequence[Revision], by: int | None) -> None:
    last = rows[-1]
    adoption = Adoption(source_id=source, target_id=last.design_id, by_id=by, sha=last.sha, commits=len(rows))
    adoption.subject, adoption.person_id, adoption.at = last.subject, last.received_by, last.received_at
    work.session.add(adoption)
    work.session.flush()
    for row in rows:
        row.adoption_id = adoption.id
