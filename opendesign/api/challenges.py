"""Challenges: what a design asks its family for, what was entered, and what came of it."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from opendesign.actions.end_challenge import close_challenge, withdraw_challenge
from opendesign.actions.enter_challenge import enter_challenge
from opendesign.actions.house import Work
from opendesign.actions.judge_entries import bring_up, judged
from opendesign.actions.open_challenge import open_challenge
from opendesign.api.designs import address
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, DesignPath, Name, Page, Sha, Shown, example
from opendesign.api.visit import brake, find_design, house, public_url, visitor
from opendesign.core.challenge import DECIDED, MEASURES
from opendesign.core.errors import Invalid
from opendesign.records.challenge import Challenge, Entry, challenge_of, challenges_of
from opendesign.records.design import Design, page_of

CHALLENGE = f"{DESIGN}/challenges/{{challenge}}"
MeasureWord = Literal["mass", "filament", "volume", "area", "size_x", "size_y", "size_z", "cost"]
Direction = Literal["least", "most"]
SHA = "9fceb02d0ae598e95dc970b74767f19372d61af8"
ENTERED = {
    "design": "bia/laptop-case",
    "ref": "hinge",
    "commit": "d670460b4b4aece5915caf5c68d12f560a9fe3e4",
    "by": "bia",
    "at": "2024-05-03T12:00:00Z",
    "received_at": "2024-05-02T12:00:00Z",
    "state": "passed",
    "place": 1,
    "value": 9.42,
    "problem": "",
    "checks": [],
}
OPENED = {
    "number": 1,
    "state": "open",
    "title": "The lightest hinge",
    "body": "It breaks the rucksack's back.",
    "part": "hinge.py",
    "measure": "mass",
    "unit": "g",
    "direction": "least",
    "commit": SHA,
    "deadline": "2024-06-01T12:00:00Z",
    "by": "ada",
    "opened_at": "2024-05-01T12:00:00Z",
    "entries": 1,
    "ending": None,
    "href": "/api/v1/designs/ada/laptop-case/challenges/1",
    "html_url": "https://opendesign.example/ada/laptop-case/challenges/1",
}


class CheckKept(Shown):
    """What came of one check of the challenge over an entry."""

    name: str
    kind: Literal["part", "limit", "contract", "assert"]
    state: Literal["passed", "failed", "waiting"]
    detail: str
    says: str = ""
    line: int | None = None
    seconds: float | None = None


class EntryShown(Shown):
    """A design takes part, with a branch or tag as it stood at a commit."""

    model_config = example(ENTERED)
    design: DesignPath | None = Field(description="Null when it was deleted or is hidden from you.")
    ref: str
    commit: Sha
    by: Name | None
    at: datetime
    received_at: datetime = Field(description="When the design first had this commit: the earlier of equals is first.")
    state: Literal["waiting", "passed", "failed"] = Field(description="waiting: it is still to be built and checked.")
    place: int | None = Field(description="1 for the best that passes; null for one that does not.")
    value: float | None = Field(description="What is measured, in the challenge's unit, to five digits.")
    problem: str = Field(description="Why it has no value.")
    checks: list[CheckKept]


class EndingShown(Shown):
    """How a challenge ended."""

    how: Literal["deadline", "closed", "withdrawn"]
    winner: EntryShown | None
    by: Name | None = Field(description="Null for the deadline.")
    reason: str
    at: datetime


class ChallengeBrief(Shown):
    """What a design asks for."""

    model_config = example(OPENED)
    number: int
    state: Literal["open", "judging", "ended", "withdrawn"] = Field(
        description="judging: the deadline has passed, and entries are still to be built and checked."
    )
    title: str
    body: str
    part: str = Field(description="The part that is measured; empty for all parts but assemblies.")
    measure: MeasureWord
    unit: str = Field(description="g, mm, mm² or mm³; empty for a cost.")
    direction: Direction
    commit: Sha = Field(description="The revision whose okh.toml and checks.py decide, as they were at the opening.")
    deadline: datetime
    by: Name | None
    opened_at: datetime
    entries: int
    ending: EndingShown | None
    href: str
    html_url: str


class ChallengeShown(ChallengeBrief):
    """What a design asks for, and what was entered: those that pass first, the best first."""

    model_config = example(OPENED | {"listed": [ENTERED]})
    listed: list[EntryShown]


class ChallengeWanted(Body):
    """A challenge to be opened."""

    model_config = Body.model_config | example(
        {
            "title": "The lightest hinge",
            "body": "It breaks the rucksack's back.",
            "part": "hinge.py",
            "measure": "mass",
            "direction": "least",
            "deadline": "2024-06-01T12:00:00Z",
        }
    )
    title: str
    body: str = ""
    part: str = Field("", description="A part's path; empty for all parts but assemblies, each once.")
    measure: MeasureWord
    direction: Direction = "least"
    deadline: AwareDatetime = Field(strict=False, description="With its zone; at most two years away.")
    ref: str = Field("", max_length=300, description="Whose checks decide; by default the default branch.")


class EntryWanted(Body):
    """What is to be entered."""

    model_config = Body.model_config | example({"source": "bia/laptop-case", "ref": "hinge"})
    source: DesignPath = Field(description="A design of the family that you may push to.")
    ref: str = Field("", max_length=300, description="A branch or tag; by default the default branch.")


class EndingWanted(Body):
    """How a challenge is to end."""

    model_config = Body.model_config | example({"how": "closed"})
    how: Literal["closed", "withdrawn"] = Field("closed", description="withdrawn: without a winner.")
    reason: str = Field("", description="Why it is withdrawn.")


class InState(Page):
    """Which challenges are wanted."""

    state: Literal["open", "ended"] | None = None


def keep(owner: str, name: str, challenge: int) -> None:
    """Keeps what has become known of the entries, and ends the challenge when it is due."""
    with house().reading(visitor()) as work:
        found = challenge_of(work.session, find_design(work, owner, name), challenge)
        scores, decided = judged(work, found), found.stage() == DECIDED
    if scores or decided:
        with house().writing(visitor()) as work:
            bring_up(work, challenge_of(work.session, find_design(work, owner, name), challenge), scores)


@operation("GET", f"{DESIGN}/challenges", list[ChallengeBrief], verb="see", query=InState)
def list_all(work: Work, design: Design, query: InState) -> Answer:
    """Lists the challenges of a design, newest first."""
    found = challenges_of(work.session, design, query.state or "")
    challenges, total = page_of(work.session, found, query.page, query.per_page)
    return Answer([ChallengeBrief.of(**_brief(work, each)) for each in challenges], total=total)


@operation("POST", f"{DESIGN}/challenges", {201: ChallengeShown}, verb="edit", body=ChallengeWanted)
def open_one(work: Work, design: Design, body: ChallengeWanted) -> Answer:
    """Opens a challenge: whoever may push to a design of the family can enter it, until the deadline.

    The checks are those of one revision, as it is now: nobody, the owner included, moves them later.
    """
    goal = (body.part, body.measure, body.direction, body.deadline, body.ref)
    shown = _shown(work, open_challenge(work, design, body.title, body.body, *goal))
    return Answer(shown, 201, shown.href)


@operation("GET", CHALLENGE, ChallengeShown, verb="see", before=keep)
def show(work: Work, design: Design, challenge: int) -> Answer:
    """Shows a challenge with everything that was entered, ranked."""
    return Answer(_shown(work, challenge_of(work.session, design, challenge)))


@operation("POST", f"{CHALLENGE}/entries", {201: EntryShown}, verb="propose", body=EntryWanted)
def enter(work: Work, design: Design, challenge: int, body: EntryWanted) -> Answer:
    """Enters a branch or tag of a design that you may push to, as it stands now.

    Entering a newer commit replaces the older one. Whoever sees the challenge sees what is entered. 409 when the
    challenge has ended, or the commit has been entered or brings nothing new.
    """
    brake()
    found = challenge_of(work.session, design, challenge)
    owner, slash, name = body.source.partition("/")
    if not slash or "/" in name:
        raise Invalid("The source is written owner/name.", [{"name": "source", "message": "must be owner/name"}])
    entry = enter_challenge(work, found, find_design(work, owner, name), body.ref)
    work.session.refresh(found, ["entries"])
    return Answer(_entry(work, entry, None), 201, _href(found))


@operation("POST", f"{CHALLENGE}/ending", ChallengeShown, verb="edit", body=EndingWanted)
def end(work: Work, design: Design, challenge: int, body: EndingWanted) -> Answer:
    """Closes a challenge before its deadline, whoever is first then has won; or withdraws it.

    409 when it has ended, or an entry is still to be judged.
    """
    found = challenge_of(work.session, design, challenge)
    if body.how == "withdrawn":
        withdraw_challenge(work, found, body.reason)
    else:
        close_challenge(work, found)
    return Answer(_shown(work, found))


def _shown(work: Work, challenge: Challenge) -> ChallengeShown:
    ranked = challenge.ranked()
    listed = [_entry(work, each, ranked) for each in challenge.listed()]
    return ChallengeShown.of(**_brief(work, challenge), listed=listed)


def _brief(work: Work, challenge: Challenge) -> dict[str, object]:
    fields = ("number", "state", "title", "body", "part", "measure", "direction", "deadline", "opened_at")
    measure, ending = MEASURES.get(challenge.measure), challenge.ending
    shown = None
    if ending is not None:
        winner = _entry(work, ending.winner, [ending.winner]) if ending.winner else None
        facts = {"how": ending.how, "reason": ending.reason, "at": ending.at}
        shown = EndingShown.of(winner=winner, by=ending.person.name if ending.person else None, **facts)
    return {name: getattr(challenge, name) for name in fields} | {
        "unit": measure.unit if measure else "",
        "commit": challenge.sha,
        "by": challenge.person.name if challenge.person else None,
        "entries": len(challenge.entries),
        "ending": shown,
        "href": _href(challenge),
        "html_url": f"{public_url()}/{challenge.design.path}/challenges/{challenge.number}",
    }


def _entry(work: Work, entry: Entry, ranked: list[Entry] | None) -> EntryShown:
    fields = ("ref", "at", "received_at", "state", "value", "problem", "checks")
    seen = entry.source is not None and work.may("see", entry.source)
    return EntryShown.of(
        **{name: getattr(entry, name) for name in fields},
        design=entry.source.path if entry.source and seen else None,
        commit=entry.sha,
        by=entry.person.name if entry.person else None,
        place=ranked.index(entry) + 1 if ranked and entry in ranked else None,
    )


def _href(challenge: Challenge) -> str:
    return f"{address(challenge.design)}/challenges/{challenge.number}"
