"""How the service is doing, for operators only: what waits, what is stored, and the switch of the engine."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.run_engine import try_jail, turn_off, turn_on
from opendesign.actions.take_stock import take_stock
from opendesign.api.about import EngineShown, engine_shown
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import Body, Query, Shown, example
from opendesign.records.stock import in_hand

MOST = 100


class StockShown(Shown):
    """Counts, bytes and seconds."""

    model_config = example(
        {
            "people": 12,
            "designs": 40,
            "states": {"build": {"made": 310, "wanted": 2}},
            "queued": 2,
            "waited": 3.5,
            "failed_jobs": 0,
            "open_reports": 1,
            "storage": {"git": 90_000_000, "large": 0, "shelf": 400_000_000},
            "free": 20_000_000_000,
        }
    )
    people: int
    designs: int
    states: dict[str, dict[str, int]] = Field(description="How many builds, comparisons … are in each state.")
    queued: int = Field(description="Jobs in the queue.")
    waited: float = Field(description="Seconds that the thing has been waiting that waits the longest.")
    failed_jobs: int
    open_reports: int
    storage: dict[str, int] = Field(description="Bytes in git, of large files, and of made files.")
    free: int = Field(description="Bytes that are free on the disk.")


class InHand(Query):
    """What is in hand."""

    state: Literal["wanted", "making"] = "wanted"


class WaitingShown(Shown):
    """Something that waits to be made, or is being made."""

    model_config = example(
        {"kind": "build", "key": "5f0c2b7e9a4d4f6c", "state": "wanted", "wanted_at": "2024-05-01T12:00:00Z"}
    )
    kind: Literal["build", "comparison", "inspection", "spot"]
    key: str
    state: Literal["wanted", "making"]
    wanted_at: datetime


class Switching(Body):
    """What the engine is to do."""

    model_config = Body.model_config | example({"act": "off", "reason": "We look into something."})
    act: Literal["on", "off", "try"] = Field(description="try: try the jail again.")
    reason: str = Field("", description="Why it is turned off; every page tells it.")


@operation("GET", "/admin/stock", StockShown, operator=True)
def overview(work: Work) -> Answer:
    """Shows how the service is doing."""
    stock = take_stock(work.house)
    names = ("people", "designs", "states", "queued", "waited", "storage", "free")
    facts = {name: getattr(stock, name) for name in names}
    return Answer(StockShown.of(**facts, failed_jobs=stock.mishaps, open_reports=stock.reports))


@operation("GET", "/admin/making", list[WaitingShown], query=InHand, operator=True)
def making(work: Work, query: InHand) -> Answer:
    """Lists what waits to be made, or is being made, the oldest first, 100 at most.

    POST /builds/{key}/cancellation stops a build.
    """
    found = in_hand(work.session, query.state, MOST)
    return Answer([WaitingShown.of(kind=k, key=r.key, state=r.state, wanted_at=r.wanted_at) for k, r in found])


@operation("POST", "/admin/engine", EngineShown, body=Switching, operator=True)
def switch(work: Work, body: Switching) -> Answer:
    """Turns building on or off, also for after a restart, or has the jail tried again."""
    if body.act == "off":
        turn_off(work, body.reason)
    elif body.act == "on":
        turn_on(work)
    else:
        try_jail(work)
    return Answer(engine_shown(work))
