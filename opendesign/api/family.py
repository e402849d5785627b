"""Families in numbers: what flows between designs, how far apart they are, what they owe each other."""

import sys
from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.find_churn import churning
from opendesign.actions.house import Work
from opendesign.actions.try_pair import want_weighing
from opendesign.actions.weigh_family import Weight, Whole, weigh_designs, weigh_whole
from opendesign.actions.weigh_pair import Close, weigh_pair
from opendesign.actions.weigh_pairs import Pair, Scales, Way, open_scales, weigh
from opendesign.api.designs import DesignShown, designs_shown
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import DesignPath, Page, Query, Sha, Shown
from opendesign.api.visit import brake
from opendesign.core.errors import TooLarge
from opendesign.core.lineage.debt import Debt
from opendesign.core.lineage.formula import FORMULAS
from opendesign.core.lineage.latency import Latency
from opendesign.core.lineage.number import Event, Number
from opendesign.records.design import Design, design_by_path

MOST_EVENTS = 100_000  # of one list: about 30 MB as JSON
RELATIVE = f"{DESIGN}/family/{{relative_owner}}/{{relative_name}}"


class EventShown(Shown):
    """One thing a number came from: an improvement, a parameter, a part."""

    name: str
    value: float = Field(description="What it counts, in the number's unit.")
    commit: Sha | None = Field(description="Of an improvement; or the revision that something was made from.")
    design: DesignPath | None = Field(description="Where the improvement was born; or what was made.")
    at: datetime | None = Field(description="When it was born, or when it was taken where that is what counts.")
    made: int | None = Field(None, description="The number there of what somebody made: see `made` of the design.")


class NumberShown(Shown):
    """A number, how it is computed, and what it came from."""

    value: float | None = Field(description="null: not measured; the note says why.")
    unit: str
    formula: str
    note: str
    events: list[EventShown] | None = Field(description="null where nobody asked for them.")


class LatencyShown(Shown):
    """How long improvements take to be taken."""

    median: NumberShown
    p90: NumberShown
    left_after_90_days: NumberShown


class DebtShown(Shown):
    """What one design has not taken from another. Information, never a ranking."""

    total: NumberShown
    count: int
    oldest: datetime | None
    clean: int | None = Field(description="How many apply cleanly; null while nobody has tried.")


class WayShown(Shown):
    """What goes from one design to another, and what the second owes the first."""

    offered: NumberShown
    flow: NumberShown
    young: NumberShown = Field(description="Taken within the last 30 days: it does not count in the flow yet.")
    latency: LatencyShown
    debt: DebtShown


class PairShown(Shown):
    """Two designs of a family. `there` goes from the design in focus to the relative, `back` the other way."""

    relative: DesignPath
    one_team: bool = Field(description="Both are under the same control: nothing flows between them.")
    word: Literal["apart", "allies", "rivals", "coopetitors", ""] = Field(
        description="Empty within one team, and while competition is not measured."
    )
    cooperation: NumberShown
    competition: NumberShown
    code: NumberShown
    parameters: NumberShown
    there: WayShown
    back: WayShown
    churn: bool = Field(description="More than half of the code differs while the geometry is the same to 0.001.")


class CloseShown(PairShown):
    """Two designs with what has to be built to be known."""

    geometry: NumberShown
    complementarity: NumberShown
    trial: Literal["", "trying", "building", "made", "refused"] = Field(description="Of merging the two for a try.")
    moved: bool = Field(description="One of the two has moved since the last try, which counts no more.")
    conflicts: list[str] = Field(description="The paths that do not merge.")
    refusal: str


class MemberShown(DesignShown):
    """A design of the family, what it gave and took, and what it and the design in focus are to each other."""

    model_config = Shown.model_config | {"json_schema_extra": None}
    born: NumberShown
    gave: NumberShown
    took: NumberShown
    bus_factor: NumberShown
    build_factor: NumberShown
    pair: PairShown | None = Field(description="With the design in focus; null for that itself.")


class FamilyShown(Shown):
    """A family as a whole."""

    focus: DesignPath
    designs: int
    teams: int = Field(description="Designs under the same control are one team's.")
    latency: LatencyShown
    bus_factor: NumberShown
    build_factor: NumberShown


class Told(Query):
    """How much is told."""

    events: bool = Field(False, description="Whether every number lists the events it came from; 413 past 100,000.")


class Listed(Page, Told):
    """Which page of the designs, and how much of each."""


@operation("GET", f"{DESIGN}/family", list[MemberShown], verb="see", query=Listed)
def list_all(work: Work, design: Design, query: Listed) -> Answer:
    """Lists the designs of a family, oldest first, with their numbers and what each and this one are to each other."""
    scales = open_scales(work, design)
    told, weights = Teller(scales, query.events), {each.design.id: each for each in weigh_designs(scales)}
    rows = query.of(list(scales.ledger.designs.values()))
    members, pairs = [], {row.id: weigh(scales, design, row) for row in rows if row.id != design.id}
    code = {key: each.code.value for key, each in pairs.items()}
    churned = churning(work, design, code, scales.ledger.designs)
    for row, shown in zip(rows, designs_shown(work, rows), strict=True):
        pair = PairShown(**told.pair(pairs[row.id], row.id in churned)) if row.id in pairs else None
        members.append(MemberShown.of(**shown.model_dump(), **told.weight(weights[row.id]), pair=pair))
    return Answer(members, total=len(scales.ledger.designs))


@operation("GET", f"{DESIGN}/family/numbers", FamilyShown, verb="see", query=Told)
def show(work: Work, design: Design, query: Told) -> Answer:
    """Shows a family as a whole: how many teams, how fast improvements spread, on how few people it rests."""
    scales = open_scales(work, design)
    whole = Teller(scales, query.events).whole(weigh_whole(scales))
    return Answer(FamilyShown.of(focus=design.path, designs=len(scales.ledger.designs), **whole))


@operation("GET", RELATIVE, CloseShown, verb="see")
def pair(work: Work, design: Design, relative_owner: str, relative_name: str) -> Answer:
    """Shows what a design and a relative are to each other, every number with its formula and its events."""
    relative = work.need("see", design_by_path(work.session, relative_owner, relative_name))
    return Answer(_shown(weigh_pair(work, design, relative)))


@operation("POST", f"{RELATIVE}/weighing", {202: CloseShown, 200: CloseShown}, verb="build")
def try_both(work: Work, design: Design, relative_owner: str, relative_name: str) -> Answer:
    """Has a design and a relative merged for a try, rebuilt and compared; nothing is written to either.

    202 while that is being done: ask for the pair again; 200 when all of it is known.
    """
    brake()
    relative = work.need("see", design_by_path(work.session, relative_owner, relative_name))
    weigh_pair(work, design, relative)  # who is no relative is told so before anything is wanted
    want_weighing(work, design, relative)
    close = weigh_pair(work, design, relative)
    return Answer(_shown(close), 202 if close.waiting else 200)


def _shown(close: Close) -> CloseShown:
    return Teller(close.pair.scales, True, sys.maxsize).close(close)


class Teller:
    """Puts numbers into the shapes of this page; `events`: whether they list what they came from."""

    def __init__(self, scales: Scales, events: bool, most: int = MOST_EVENTS):
        self.paths = {key: each.path for key, each in scales.ledger.designs.items()}
        self.events = events
        self.left = most

    def number(self, number: Number) -> NumberShown:
        """Returns a number with its formula; raises TooLarge where an answer would list more events than it may."""
        self.left -= len(number.events) if self.events else 0
        if self.left < 0:
            raise TooLarge(f"That is more than {MOST_EVENTS} events; ask for fewer designs at once (per_page).")
        events = [self._event(each) for each in number.events] if self.events else None
        formula = FORMULAS[number.formula]
        return NumberShown(value=number.value, unit=number.unit, formula=formula, note=number.note, events=events)

    def whole(self, whole: Whole) -> dict:
        """Returns the fields of a family as a whole."""
        bus, builds = self.number(whole.bus), self.number(whole.builds)
        latency = self._latency(whole.latency)
        return {"teams": whole.teams, "latency": latency, "bus_factor": bus, "build_factor": builds}

    def weight(self, weight: Weight) -> dict:
        """Returns the fields of a design by itself."""
        named = {"born": weight.born, "gave": weight.gave, "took": weight.took}
        named |= {"bus_factor": weight.bus, "build_factor": weight.builds}
        return {name: self.number(each) for name, each in named.items()}

    def pair(self, pair: Pair, churn: bool) -> dict:
        """Returns the fields of a pair."""
        named = {"cooperation": pair.cooperation, "competition": pair.competing}
        named |= {"code": pair.code, "parameters": pair.parameters}
        numbers = {name: self.number(each) for name, each in named.items()}
        ways = {"there": self._way(pair.there), "back": self._way(pair.back)}
        both = {"relative": pair.relative.path, "one_team": pair.one_team, "word": pair.word, "churn": churn}
        return both | numbers | ways

    def close(self, close: Close) -> CloseShown:
        """Returns a pair looked at closely."""
        return CloseShown.of(
            **self.pair(close.pair, close.churn),
            geometry=self.number(close.geometry),
            complementarity=self.number(close.complementarity),
            trial=close.state,
            moved=close.moved,
            conflicts=list(close.conflicts),
            refusal=close.refusal,
        )

    def _way(self, way: Way) -> WayShown:
        numbers = {name: self.number(getattr(way, name)) for name in ("offered", "flow", "young")}
        return WayShown(**numbers, latency=self._latency(way.latency), debt=self._debt(way.debt))

    def _latency(self, latency: Latency) -> LatencyShown:
        median, slow, left = (self.number(each) for each in (latency.median, latency.slow, latency.left))
        return LatencyShown(median=median, p90=slow, left_after_90_days=left)

    def _debt(self, debt: Debt) -> DebtShown:
        return DebtShown(total=self.number(debt.number), count=debt.count, oldest=debt.oldest, clean=debt.clean)

    def _event(self, event: Event) -> EventShown:
        born = self.paths.get(event.design or 0)
        facts = {"name": event.name, "value": event.value, "at": event.at, "made": event.made or None}
        return EventShown.of(**facts, commit=event.sha or None, design=born)
