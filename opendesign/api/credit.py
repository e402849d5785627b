"""Credit: who made a revision, in shares of a million, with every event behind each share."""

from typing import Literal

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.show_credit import Told, show_credit
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import DesignPath, Query, Sha, Shown, example
from opendesign.core.lineage.credit import MADE, POOLS, WHOLE, Event, Share
from opendesign.records.design import Design

Pool = Literal["design", "docs", "verification", "care"]


class PoolShown(Shown):
    """A kind of work: what part of the whole it has here, and the sum of the weights of its events."""

    pool: Pool
    ppm: float = Field(description="Of the whole; what an empty pool would have goes to the others in proportion.")
    total: int


class CreditEvent(Shown):
    """Something that counts, in equal parts for everybody named."""

    pool: Pool
    kind: Literal["lines", "review", "merge", "answer", "translation", "build", "measurement", "vouch"]
    weight: int = Field(
        description="lines: their tokens, at most 12 of each line. A verified build 3, a translation 1 to 5. Else 1."
    )
    count: int = Field(description="How many lines.")
    among: int = Field(description="How many people share it equally.")
    commit: Sha | None = Field(description="lines: the commit that brought them here, as git blames it.")
    source_commit: Sha | None = Field(
        description="lines: the commit they were first seen in, here or where a file was copied from."
    )
    source: DesignPath | None = Field(description="lines: the design that received that commit first.")
    proposal: str | None = Field(description="The proposal it was done for, as owner/name#number.")
    made: str | None = Field(None, description="What was made, measured or confirmed, as owner/name/made/number.")
    file: str | None = Field(None, description="The translated text, as owner/name/files/commit/path.")


class ShareShown(Shown):
    """What one of the people has, and what it is from."""

    name: str
    person: str | None = Field(description="The account; null for somebody who has none here.")
    ppm: int
    pools: dict[str, float] = Field(description="Their part of each pool, 0 to 1.")
    events: list[CreditEvent]


class CreditShown(Shown):
    """Who made a revision: shares sum to exactly 1,000,000, or there are none where nothing counts."""

    model_config = example(
        {
            "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "pools": [{"pool": "design", "ppm": 1000000, "total": 412}],
            "shares": [
                {"name": "Ada Whitfield", "person": "ada", "ppm": 1000000, "pools": {"design": 1}, "events": []}
            ],
            "left_out": [],
            "passed": 0,
        }
    )
    commit: Sha
    pools: list[PoolShown]
    shares: list[ShareShown]
    left_out: list[str] = Field(description="Files that were not read, being too many or too large.")
    passed: int = Field(
        description="Lines that came with files copied from other families which were not looked up, as of one "
        "revision 50 are, within 30 s. They count for whoever brought them."
    )


class Whose(Query):
    """Which revision."""

    ref: str = Field("", description="A branch, tag or commit; by default the default branch.")


@operation("GET", f"{DESIGN}/credit", CreditShown, verb="see", query=Whose)
def credit(work: Work, design: Design, query: Whose) -> Answer:
    """Shows who made a revision, in shares that sum to 1,000,000, with every event behind each.

    A share is, over the pools, the pool's part of the whole × (the weights of one's events, each divided by how many
    people share it) / the pool's total. A line counts for whoever made it first, by any road: in the family, or in
    another, where a whole file was copied from a public design of that.
    """
    told = show_credit(work, design, query.ref)
    found = told.credit
    pools = [
        PoolShown.of(pool=pool, ppm=float(found.weights[pool] * WHOLE), total=found.totals[pool]) for pool in POOLS
    ]
    shares = [_share(told, each) for each in found.shares]
    left_out = list(found.left_out)
    return Answer(CreditShown(commit=told.sha, pools=pools, shares=shares, left_out=left_out, passed=found.passed))


def _share(told: Told, share: Share) -> ShareShown:
    name, account = told.names[share.who]
    return ShareShown(
        name=name,
        person=account or None,
        ppm=share.ppm,
        pools={pool: float(part) for pool, part in share.pools.items()},
        events=[_event(told, each) for each in share.events],
    )


def _event(told: Told, event: Event) -> CreditEvent:
    lines = event.kind == "lines"
    return CreditEvent.of(
        pool=event.pool,
        kind=event.kind,
        weight=event.weight,
        count=event.count if lines else 0,
        among=len(event.people),
        commit=event.place if lines else None,
        source_commit=event.origin if lines else None,
        source=told.homes[event.origin].design if lines else None,
        proposal=event.place if event.kind in ("review", "merge", "answer") else None,
        made=event.place if event.kind in MADE else None,
        file=event.place if event.kind == "translation" else None,
    )
