"""Adoptions: a design takes commits of a relative, or one part's share of them, with their authors' names."""

from typing import Literal

from pydantic import Field

from opendesign.actions import trace
from opendesign.actions.adopt import Adopted, Wish, adopt, rebuild_adopted
from opendesign.actions.house import Work
from opendesign.actions.trace_adopted import trace_adopted
from opendesign.api.lineage import AdoptionShown, adoptions_shown
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, DesignPath, Page, Sha, Shown, Value, example
from opendesign.api.visit import brake, find_design, house, visitor
from opendesign.core.errors import Invalid
from opendesign.core.rule import LONGEST_REASON
from opendesign.core.taking import Taking
from opendesign.records.design import Design

SHA = "d670460b4b4aece5915caf5c68d12f560a9fe3e4"
OWN = "9fceb02d0ae598e95dc970b74767f19372d61af8"


class AdoptionWanted(Body):
    """What is to be taken, and where to."""

    model_config = Body.model_config | example(
        {"source": "bia/laptop-case", "commit": SHA, "part": "hinge.py", "branch": "main"}
    )
    source: str = Field(description="A relative, as owner/name.")
    commit: Sha | None = Field(None, description="A commit on one of its branches or tags.")
    commits: list[Sha] = Field(
        default_factory=list, max_length=50, description="More of them; their order is the source's."
    )
    part: str = Field("", max_length=1000, description="Only what this part's script can read; the rest stays out.")
    branch: str = Field("", description="Where to: by default the default branch; a new name starts a branch.")
    into: str = Field("", description="Start `branch` here and propose it to this branch, which may have a rule.")
    expected: Sha | None = Field(None, description="The commit you looked at, of the branch it stands on.")
    resolutions: dict[str, dict[str, Value]] = Field(
        default_factory=dict,
        max_length=1000,
        description="What becomes of conflicts, as for a merge: by path and name “base”, “ours”, “theirs” or a value.",
    )
    right: str = Field(
        "",
        max_length=LONGEST_REASON,
        description="Why you may take it where the licences do not say so; it stays in the commit.",
    )

    @property
    def wish(self) -> Wish:
        """What the action wants to know; raises Invalid when no commit is named."""
        named = tuple(dict.fromkeys([*([self.commit] if self.commit else []), *self.commits]))
        if not named:
            raise Invalid("Name the commit to take.", [{"name": "commit", "message": "is missing"}])
        return Wish(self.source, named, self.part, self.branch, self.into)


class LicenceSaid(Shown):
    """Whether material of the source may go into this design: information, no legal advice."""

    source: str = Field(description="The source's licence at that commit; empty for none.")
    target: str
    verdict: Literal["fine", "notice", "ask", "refused"] = Field(
        description="notice: what is asked for stays with it. ask: a person has to decide. refused: not without"
        " changing the licence."
    )
    detail: str


def licence_said(found: Taking) -> LicenceSaid:
    """Returns what the licences say of taking something."""
    return LicenceSaid.of(source=found.source, target=found.target, verdict=found.word, detail=found.sentence)


class AdoptionDone(Shown):
    """What was taken from whom."""

    source: DesignPath
    source_commits: list[Sha]
    part: str | None
    left_out: list[str] = Field(description="Changed files that the part does not read: they stay as they were.")
    licence: LicenceSaid


class AdoptionMade(Shown):
    """The commits on the branch, the last one first by its own name, and what they were."""

    model_config = example(
        {
            "commit": OWN,
            "commits": [OWN],
            "branch": "main",
            "proposal": None,
            "adoption": {
                "source": "bia/laptop-case",
                "source_commits": [SHA],
                "part": "hinge.py",
                "left_out": ["lid.py"],
                "licence": {
                    "source": "CERN-OHL-W-2.0",
                    "target": "CERN-OHL-W-2.0",
                    "verdict": "fine",
                    "detail": "Both designs are under CERN-OHL-W-2.0.",
                },
            },
        }
    )
    commit: Sha = Field(description="The branch's tip.")
    commits: list[Sha] = Field(description="One for each that was taken, oldest first.")
    branch: str
    proposal: int | None = Field(description="The number of the proposal, where `into` was given.")
    adoption: AdoptionDone


def rebuild(owner: str, name: str, body: AdoptionWanted) -> None:
    """Makes every build the adoption is judged by, before the transaction that commits it."""
    with house().reading(visitor()) as work:
        key = find_design(work, owner, name, "edit").id
    wish = body.wish
    brake(wish.weight)
    rebuild_adopted(house(), visitor(), key, wish, body.resolutions, body.right)


def trace_it(owner: str, name: str, body: AdoptionWanted) -> None:
    """Brings the lineage up to date at once, so that the adoption is in it when it is looked at."""
    trace_adopted(house(), owner, name)


@operation(
    "POST",
    f"{DESIGN}/adoptions",
    {201: AdoptionMade},
    verb="edit",
    body=AdoptionWanted,
    before=rebuild,
    after=trace_it,
    refusals={
        403: "You may not write to this design, its branch takes proposals only (give `into` and a new `branch`), or"
        " the source is private and you may not write to it.",
        409: "It is there already, it builds upon earlier commits (`errors` names them, kind “needs”), both sides"
        " changed the same (`errors` lists the conflicts), the licences do not fit and no `right` is given, a part of"
        " the rebuilt result fails a check (`errors` names it), or the branch has moved.",
    },
)
def take(work: Work, design: Design, body: AdoptionWanted) -> Answer:
    """Takes commits of a relative, after every part of the result has been rebuilt and found valid.

    Nobody there has to agree: each commit keeps its author, its time and its words, and says where it is from
    (`Adopted-from: owner/name@commit`). Their team is told. The answer comes when the parts are built.
    """
    made = adopt(work, design, body.wish, body.resolutions, body.expected, body.right)
    return Answer(_shown(made), 201, f"/api/v1/designs/{design.path}/adoptions")


@operation("GET", f"{DESIGN}/adoptions", list[AdoptionShown], verb="see", query=Page)
def list_taken(work: Work, design: Design, query: Page) -> Answer:
    """Lists what this design has taken from relatives you may see, newest first."""
    found, seen = trace.list_taken(work, design)
    return Answer(adoptions_shown(work, seen, query.of(found)), total=len(found))


def _shown(made: Adopted) -> AdoptionMade:
    attempt = made.attempt
    done = AdoptionDone(
        source=attempt.source.path,
        source_commits=[step.commit.sha for step in attempt.series.steps],
        part=attempt.wish.part or None,
        left_out=attempt.left_out,
        licence=licence_said(attempt.licence),
    )
    number = made.proposal.number if made.proposal else None
    return AdoptionMade(commit=made.shas[-1], commits=made.shas, branch=attempt.branch, proposal=number, adoption=done)
