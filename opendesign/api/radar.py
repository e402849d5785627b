"""Radar: the improvements that a family has and a design has not, and which of them it does not want."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.dismiss import dismiss, recall
from opendesign.actions.house import Work
from opendesign.actions.judge_licence import judge_licences
from opendesign.actions.watch_family import Marks, Radar, Wish, marks, watch_family
from opendesign.api.adoptions import LicenceSaid, licence_said
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import DesignPath, Name, Page, Sha, Shown, example
from opendesign.core.lineage.radar import Blip
from opendesign.core.taking import Taking
from opendesign.records.design import Design

SAID = {
    "source": "CERN-OHL-W-2.0",
    "target": "CERN-OHL-W-2.0",
    "verdict": "fine",
    "detail": "Both designs are under CERN-OHL-W-2.0.",
}


class Waiting(Shown):
    """An improvement that another design of the family has, and this one has not."""

    model_config = example(
        {
            "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "subject": "A better hinge",
            "author": "Bia",
            "source": "bia/laptop-case",
            "received_at": "2024-05-01T12:00:00Z",
            "value": 9.4,
            "files": ["hinge.py"],
            "parts": ["hinge.py", "lid.py"],
            "adopted_by": ["caio/laptop-case"],
            "licence": SAID,
            "private": False,
            "taken_back_in": [],
            "undoes": False,
            "dismissed": None,
        }
    )
    commit: Sha
    subject: str
    author: str
    source: DesignPath = Field(description="Where it was born: the design that received it first.")
    received_at: datetime
    value: float = Field(description="What its new hunks are worth: log2(1 + tokens) of each, 5 at most.")
    files: list[str] = Field(description="Where its new hunks are; 20 at most.")
    parts: list[str] = Field(description="The parts of this design that read these files.")
    adopted_by: list[DesignPath]
    licence: LicenceSaid
    private: bool = Field(description="It is in a private design only: who may not see that does not find it here.")
    taken_back_in: list[DesignPath] = Field(description="Designs where a later commit undid it.")
    undoes: bool = Field(description="All it does is to undo what somebody of the family did before.")
    dismissed: "DismissalShown | None"


class DismissalShown(Shown):
    """That a design does not want an improvement."""

    model_config = example(
        {"commit": "9fceb02d0ae598e95dc970b74767f19372d61af8", "by": "ada", "at": "2024-05-01T12:00:00Z"}
    )
    commit: Sha
    by: Name | None
    at: datetime


class Sought(Page):
    """Which improvements are wanted, and in which order."""

    sort: Literal["new", "adopted"] = "new"
    source: str = Field("", description="Only those of this design, as owner/name.")
    part: str = Field("", description="Only those that touch this part of the design.")
    q: str = Field("", description="Only those with all of these words in subject, author or files.")
    dismissed: bool = Field(False, description="Those that the design does not want, instead of those that wait.")


@operation("GET", f"{DESIGN}/radar", list[Waiting], verb="see", query=Sought)
def show(work: Work, design: Design, query: Sought) -> Answer:
    """Lists the improvements that wait for a design, those of the same parts together."""
    found = watch_family(work, design, Wish(query.sort, query.source, query.part, query.q, query.dismissed))
    some = query.of(found.found)
    known = marks(work, design, found, [blip.sha for blip in some])
    licences = judge_licences(work, design, {blip.sha: found.designs[blip.design] for blip in some})
    return Answer([_waiting(found, known, blip, licences[blip.sha]) for blip in some], total=len(found.found))


@operation("PUT", f"{DESIGN}/dismissals/{{sha}}", DismissalShown, verb="edit")
def leave_out(work: Work, design: Design, sha: str) -> Answer:
    """Says that a design does not want an improvement: its radar leaves it out."""
    made = dismiss(work, design, sha)
    return Answer(DismissalShown(commit=made.sha, by=made.person.name if made.person else None, at=made.at))


@operation("DELETE", f"{DESIGN}/dismissals/{{sha}}", {204: None}, verb="edit")
def take_in(work: Work, design: Design, sha: str) -> Answer:
    """Takes a dismissal back: the improvement is on the radar again."""
    recall(work, design, sha)
    return Answer(None, 204)


def _waiting(found: Radar, known: Marks, blip: Blip, licence: Taking) -> Waiting:
    home = found.designs[blip.design]
    made = found.dismissed.get(blip.sha)
    by = made.person.name if made and made.person else None
    return Waiting.of(
        commit=blip.sha,
        subject=blip.subject,
        author=blip.author,
        source=home.path,
        received_at=blip.received_at,
        value=blip.value,
        files=list(blip.paths),
        parts=list(found.parts[blip.sha]),
        adopted_by=sorted(found.designs[key].path for key in known.takers.get(blip.sha, ())),
        licence=licence_said(licence),
        private=home.visibility != "public",
        taken_back_in=sorted(found.designs[key].path for key in known.lapses.get(blip.sha, {})),
        undoes=blip.sha in known.undoing,
        dismissed=DismissalShown(commit=made.sha, by=by, at=made.at) if made else None,
    )
