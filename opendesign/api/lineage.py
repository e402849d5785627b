"""Lineage: the tree of a family's forks, and what was taken from whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from pydantic import Field

from opendesign.actions.confirm_adoption import confirm_adoption
from opendesign.actions.house import Work
from opendesign.actions.trace import Kin, Lineage, signs, trace
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import DesignPath, Sha, Shown, example
from opendesign.records.design import Design
from opendesign.records.family import Relative, part_counts
from opendesign.records.person import people_by_id
from opendesign.records.proposal import numbers_of
from opendesign.records.revision import Adoption


class KinShown(Shown):
    """A design of the family."""

    design: DesignPath
    title: str
    parent: DesignPath | None
    kinship: str | None = Field(
        description="What shows that it is of the family, where it came from elsewhere. root: the same first commit. "
        "tree: a first commit with the same files. files: half or more of its source files were in the family before. "
        "declared: its okh.toml says so. null: it was begun or forked here, or the parent is hidden from you."
    )
    depth: int = Field(description="0 for the first of the family.")
    ahead: int = Field(description="Improvements, wherever they were born, that it has and the design in focus lacks.")
    behind: int = Field(description="Improvements of the design in focus that it lacks.")
    parts: int
    made_at: datetime


class AdoptionShown(Shown):
    """What was first received in one design and arrived in another."""

    source: DesignPath
    target: DesignPath
    kind: str = Field(
        description="merge: the commits themselves. pick: the same patch. port: most of its hunks, as after a squash. "
        "parameter: parameters of the same script set to its values. "
        "copy: a whole file. geometry: the shape of a part, however it was drawn. declared: only said so. "
        "twice: both solved it, no credit either way."
    )
    by: DesignPath | None = Field(description="The design it came by, where the source did not give it itself.")
    id: int
    confirmed_at: datetime | None = Field(description="When the source's team confirmed what was only declared.")
    commit: Sha = Field(description="Where it arrived.")
    source_commit: Sha | None = Field(description="The change that was taken; null for a merge.")
    evidence: list[str] = Field(
        description="author, trailer, fetch (told only to those with a role "
        "in either design) or weight (too much alike for chance). Of geometry also fingerprint, overlap: and how much "
        "of both together the two shapes have in common once turned and moved, part: and the path of each part, and "
        "declared or twice where text had shown that much of it."
    )
    share: float = Field(description="How much of the change's value has arrived, 0 to 1.")
    commits: int
    subject: str
    person: str | None
    proposal: int | None = Field(description="The number of the proposal they came by.")
    at: datetime
    ended_at: datetime | None = Field(description="Since when nothing of it lives there; null while something does.")


class Confirmed(Shown):
    """That the source's team has confirmed an adoption."""

    confirmed_at: datetime


class LineageShown(Shown):
    """A family: its tree in order, each fork below its parent, and every adoption, oldest first."""

    model_config = example(
        {
            "focus": "ada/laptop-case",
            "designs": [
                {
                    "design": "ada/laptop-case",
                    "title": "Laptop case",
                    "parent": None,
                    "kinship": None,
                    "depth": 0,
                    "ahead": 0,
                    "behind": 0,
                    "parts": 6,
                    "made_at": "2024-05-01T12:00:00Z",
                }
            ],
            "adoptions": [],
            "elsewhere": [],
        }
    )
    focus: DesignPath
    designs: list[KinShown]
    adoptions: list[AdoptionShown]
    elsewhere: list[AdoptionShown] = Field(
        description="What these designs took from designs of other families and gave to them, oldest first."
    )


@operation("GET", f"{DESIGN}/lineage", LineageShown, verb="see")
def show(work: Work, design: Design) -> Answer:
    """Shows the tree of a design's family, and what was merged where."""
    found = trace(work, design)
    parts = part_counts(work.session, design)
    kin = [_kin(found, each, parts.get(each.design.id, 0)) for each in found.kin]
    adoptions, elsewhere = (adoptions_shown(work, found.known, listed) for listed in (found.adoptions, found.elsewhere))
    return Answer(LineageShown(focus=design.path, designs=kin, adoptions=adoptions, elsewhere=elsewhere))


@operation("POST", f"{DESIGN}/lineage/{{adoption}}/confirmation", {201: Confirmed}, verb="edit")
def confirm(work: Work, design: Design, adoption: int) -> Answer:
    """Confirms that another design has a change from this one, as its message declares; it counts from then on."""
    row = confirm_adoption(work, design, adoption)
    return Answer(
        Confirmed(confirmed_at=cast(datetime, row.confirmed_at)), 201, f"/api/v1/designs/{design.path}/lineage"
    )


def _kin(found: Lineage, kin: Kin, parts: int) -> KinShown:
    parent = found.by_id.get(kin.design.parent_id or 0)
    return KinShown(
        design=kin.design.path,
        title=kin.design.title,
        parent=parent.path if parent else None,
        kinship=kin.design.kinship if parent else None,
        depth=kin.depth,
        ahead=kin.ahead,
        behind=kin.behind,
        parts=parts,
        made_at=kin.design.made_at,
    )


def adoptions_shown(
    work: Work, by_id: Mapping[int, Design] | Mapping[int, Relative | Design], adoptions: Sequence[Adoption]
) -> list[AdoptionShown]:
    """Returns how adoptions between some designs are shown; people and proposals are asked for all at once."""
    people = people_by_id(work.session, {each.person_id for each in adoptions})
    numbers = numbers_of(work.session, {each.proposal_id for each in adoptions})
    return [
        AdoptionShown(
            source=by_id[each.source_id].path,
            target=by_id[each.target_id].path,
            kind=each.kind,
            commit=each.sha,
            source_commit=each.source_sha,
            id=each.id,
            confirmed_at=each.confirmed_at,
            evidence=signs(work, each),
            by=by_id[each.by_id].path if each.by_id and each.by_id in by_id else None,
            share=each.share,
            commits=each.commits,
            subject=each.subject,
            person=people[each.person_id].name if each.person_id in people else None,
            proposal=numbers.get(each.proposal_id),
            at=each.at,
            ended_at=each.ended_at,
        )
        for each in adoptions
    ]
