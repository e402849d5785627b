"""Improvements: where each was born, where it lives and where it left, and what people say about it."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.discuss import reword, said_about, say, unsay
from opendesign.actions.find_churn import rewrites_only
from opendesign.actions.foresee import change_of, foresee
from opendesign.actions.house import Work
from opendesign.actions.judge_licence import judge_licences
from opendesign.actions.show_improvement import Life, show_improvement, units_of
from opendesign.api.adoptions import LicenceSaid, licence_said
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.radar import SAID
from opendesign.api.shape import Body, DesignPath, Name, Page, Sha, Shown, example
from opendesign.core.lineage.unit import value
from opendesign.records.design import Design
from opendesign.records.discussion import Saying

IMPROVEMENT = f"{DESIGN}/improvements/{{sha}}"


class LifeShown(Shown):
    """An improvement in a design."""

    design: DesignPath
    way: str = Field(
        description="born: received there first. begun: the fork began with it. "
        "merge, pick, port, parameter, copy, geometry: adopted so. declared: only said so. twice: solved there too."
    )
    commit: Sha = Field(description="Where it arrived.")
    at: datetime
    evidence: list[str]
    share: float = Field(description="How much of its value is there, 0 to 1.")
    living: bool
    left: Sha | None = Field(description="The commit that took it back.")
    left_at: datetime | None


class UnitShown(Shown):
    """A hunk of an improvement."""

    file: str
    tokens: int
    value: float
    new: bool = Field(description="Whether nobody of the family had received it before: others count nothing.")


class ImprovementShown(Shown):
    """An improvement as it is seen from a design."""

    model_config = example(
        {
            "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "subject": "A better hinge",
            "author": "Bia",
            "home": "bia/laptop-case",
            "received_at": "2024-05-01T12:00:00Z",
            "value": 4.9,
            "units": [{"file": "hinge.py", "tokens": 30, "value": 4.9, "new": True}],
            "lives": [
                {
                    "design": "bia/laptop-case",
                    "way": "born",
                    "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
                    "at": "2024-05-01T12:00:00Z",
                    "evidence": [],
                    "share": 1.0,
                    "living": True,
                    "left": None,
                    "left_at": None,
                }
            ],
            "churn": None,
            "here": False,
            "applies": "clean",
            "licence": SAID,
        }
    )
    commit: Sha
    subject: str
    author: str
    home: DesignPath = Field(description="Where it was born.")
    received_at: datetime
    value: float
    units: list[UnitShown]
    lives: list[LifeShown] = Field(description="Where it is or was, its home first.")
    churn: bool | None = Field(
        description="It wrote more than half of its files anew while no part changed by 0.001; null while its parts "
        "were not compared with those before it."
    )
    here: bool = Field(description="Whether it lives in the design it is looked at from.")
    applies: Literal["clean", "conflict", "same", "unknown"] = Field(
        description="How it would apply to that design's default branch; same: nothing would change."
    )
    licence: LicenceSaid


class Said(Body):
    """Something to be said about an improvement."""

    model_config = Body.model_config | example({"body": "Holds after a year of use."})
    body: str


class SayingShown(Shown):
    """Something said about an improvement."""

    model_config = example(
        {"id": 3, "by": "ada", "body": "Holds after a year of use.", "at": "2024-05-01T12:00:00Z", "edited_at": None}
    )
    id: int
    by: Name | None
    body: str
    at: datetime
    edited_at: datetime | None


@operation("GET", IMPROVEMENT, ImprovementShown, verb="see")
def show(work: Work, design: Design, sha: str) -> Answer:
    """Shows an improvement of the family: where it was born, lives and left, and how it would apply here."""
    told = show_improvement(work, design, sha)
    found, mine = told.improvement, told.life_in(design)
    applies = foresee(work, design, told.home, sha).state
    units = [UnitShown(file=p, tokens=t, value=round(value(t), 4), new=new) for p, t, new in units_of(work, told)]
    facts = {name: getattr(found, name) for name in ("subject", "received_at", "value")}
    places = {"commit": found.sha, "author": found.author_name, "home": told.home.path}
    licence = judge_licences(work, design, {sha: told.home})[sha]
    here = {"here": mine is not None and mine.living, "applies": applies, "licence": licence_said(licence)}
    lives = [_life(each) for each in told.lives]
    churn = rewrites_only(work, told.home, change_of(work, told.home, sha).base, sha)
    return Answer(ImprovementShown.of(**facts, **places, **here, units=units, lives=lives, churn=churn))


@operation("GET", f"{IMPROVEMENT}/comments", list[SayingShown], verb="see", query=Page)
def list_comments(work: Work, design: Design, sha: str, query: Page) -> Answer:
    """Lists what was said about an improvement, oldest first."""
    told = show_improvement(work, design, sha)
    said = said_about(work, told)
    return Answer([_saying(each) for each in query.of(said)], total=len(said))


@operation("POST", f"{IMPROVEMENT}/comments", {201: SayingShown}, verb="comment", body=Said)
def say_it(work: Work, design: Design, sha: str, body: Said) -> Answer:
    """Says something about an improvement; whoever may see the design it was born in can read it.

    What is said while that design is private stays with its people when it turns public.
    """
    said = say(work, show_improvement(work, design, sha), body.body)
    return Answer(_saying(said), 201, f"/api/v1/designs/{design.path}/improvements/{sha}/comments")


@operation("PUT", f"{IMPROVEMENT}/comments/{{comment}}", SayingShown, verb="comment", body=Said)
def change(work: Work, design: Design, sha: str, comment: int, body: Said) -> Answer:
    """Changes what you said about an improvement."""
    return Answer(_saying(reword(work, show_improvement(work, design, sha), comment, body.body)))


@operation("DELETE", f"{IMPROVEMENT}/comments/{{comment}}", {204: None}, verb="comment")
def delete(work: Work, design: Design, sha: str, comment: int) -> Answer:
    """Takes back what you said about an improvement."""
    unsay(work, show_improvement(work, design, sha), comment)
    return Answer(None, 204)


def _life(life: Life) -> LifeShown:
    return LifeShown(
        design=life.design.path,
        way=life.way,
        commit=life.sha,
        at=life.at,
        evidence=list(life.evidence),
        share=life.share,
        living=life.living,
        left=life.left.sha if life.left else None,
        left_at=life.left.at if life.left else None,
    )


def _saying(said: Saying) -> SayingShown:
    by = said.person.name if said.person else None
    return SayingShown(id=said.id, by=by, body=said.body, at=said.at, edited_at=said.edited_at)
