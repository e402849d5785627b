"""Weighs a design against each relative: what flows, what is contested, how far apart they are, what is owed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from opendesign.actions.house import Work
from opendesign.actions.judge_made import builds_in, judge_family
from opendesign.actions.read_ledger import Ledger, read_ledger, same_team
from opendesign.core.lineage import divergence
from opendesign.core.lineage.ancestry import parting
from opendesign.core.lineage.competition import competition
from opendesign.core.lineage.debt import Debt, debt
from opendesign.core.lineage.factor import Built
from opendesign.core.lineage.flow import Born, Lives, cooperation, flow, offered, young
from opendesign.core.lineage.latency import Latency, latency
from opendesign.core.lineage.number import Number
from opendesign.core.lineage.pair import word
from opendesign.core.lineage.trait import Traits, flat
from opendesign.records.design import Design, heads_of
from opendesign.records.trait import traits_of


@dataclass(frozen=True)
class Scales:
    """What pairs of a family are weighed with: the ledger, the traits by commit, the head of each design, the time.

    `built` are the verified builds of its designs.
    """

    ledger: Ledger
    heads: Mapping[int, str]
    traits: Mapping[str, Traits]
    now: datetime
    known: Mapping[str, Born] = field(default_factory=dict)
    built: Sequence[Built] = ()

    def traits_at_head(self, design: int) -> Traits | None:
        """Returns the traits of the head of a design, None where they are not read yet."""
        return self.traits.get(self.heads.get(design, ""))


@dataclass
class Way:
    """What goes from one design to another: what is offered, has flowed, flowed lately, is still owed, and how fast.

    Each is worked out when it is asked for: a family may have 500 pairs. `tried` says which of the source's
    improvements were applied to the target, and whether they apply.
    """

    scales: Scales
    source: int
    target: int
    one_team: bool
    tried: Mapping[str, bool]

    @property
    def _flowing(self) -> tuple[list[Born], Lives, datetime]:
        """Within one team nothing flows."""
        born = [] if self.one_team else self.scales.ledger.born[self.source]
        return born, self.scales.ledger.lives[self.target], self.scales.now

    @cached_property
    def offered(self) -> Number:
        """What the target could take, or has taken."""
        return offered(*self._flowing)

    @cached_property
    def flow(self) -> Number:
        """What the target has taken and kept."""
        return flow(*self._flowing)

    @cached_property
    def young(self) -> Number:
        """What the target has taken lately."""
        return young(*self._flowing)

    @cached_property
    def latency(self) -> Latency:
        """How long that took."""
        return latency(*self._flowing)

    @cached_property
    def debt(self) -> Debt:
        """What the target has not taken."""
        born, lives = self.scales.ledger.born[self.source], self.scales.ledger.lives[self.target]
        paths = {path for path, _name in self.scales.traits_at_head(self.target) or {}}
        return debt(born, lives, paths, self.tried, self.scales.now)


@dataclass
class Pair:
    """A design in focus and a relative: both ways between them, and what they are to each other.

    `there` goes from the focus to the relative, `back` from the relative to the focus: its debt is what the focus owes.
    """

    scales: Scales
    focus: Design
    relative: Design
    one_team: bool
    there: Way
    back: Way

    @cached_property
    def cooperation(self) -> Number:
        """How much of what could flow between the two does, with its events."""
        there, back = self.there, self.back
        return cooperation(there.flow, back.flow, there.offered, back.offered, self.one_team)

    @cached_property
    def competing(self) -> Number:
        """How much of what either has changed both have, each in its own way, with its events."""
        begun = self.scales.traits.get(parting(self.scales.ledger.forks, self.focus.id, self.relative.id) or "")
        return competition(begun, *self._traits)

    @cached_property
    def code(self) -> Number:
        """How far apart their code is."""
        one, other = (self.scales.ledger.lives[each.id] for each in (self.focus, self.relative))
        return divergence.code(self.scales.known, one, other)

    @cached_property
    def parameters(self) -> Number:
        """How far apart their parameters are."""
        return divergence.parameters(*self._traits)

    @property
    def _traits(self) -> tuple[Traits | None, Traits | None]:
        return self.scales.traits_at_head(self.focus.id), self.scales.traits_at_head(self.relative.id)

    @property
    def coop(self) -> float:
        """How much the two cooperate, 0 to 1."""
        return self.cooperation.value or 0.0

    @property
    def competition(self) -> float | None:
        """How much the two compete, 0 to 1; None while their parts are not read yet."""
        return self.competing.value

    @property
    def word(self) -> str:
        """What they are: apart, allies, rivals or coopetitors; empty within one team and while it is not known."""
        return "" if self.one_team else word(self.coop, self.competition)


def weigh_pairs(work: Work, design: Design) -> list[Pair]:
    """Returns a design with each relative that may be seen, by the relative's number; from the records alone."""
    scales = open_scales(work, design)
    others = sorted(scales.ledger.designs.keys() - {design.id})
    return [weigh(scales, design, scales.ledger.designs[key]) for key in others]


def open_scales(work: Work, design: Design, *others: Design) -> Scales:
    """Returns what the pairs of a design with some others, by default all of its family, are weighed with."""
    ledger = read_ledger(work, design)
    heads = heads_of(work.session, list(ledger.designs.values()))
    shas = [heads.get(each.id) for each in (design, *others)] if others else [*heads.values()]
    shas += [parting(ledger.forks, design.id, each.id) for each in others or ledger.designs.values()]
    traits = {sha: flat(named) for sha, named in traits_of(work.session, filter(None, shas)).items()}
    built = builds_in(judge_family(work, ledger.designs))
    return Scales(ledger, heads, traits, work.began, ledger.known, built)


def weigh(
    scales: Scales, focus: Design, relative: Design, tried: Mapping[int, Mapping[str, bool]] | None = None
) -> Pair:
    """Returns one pair; `tried` says for each of the two which improvements were applied to it, and whether they do."""
    one_team, tried = same_team(focus, relative), tried or {}
    there = Way(scales, focus.id, relative.id, one_team, tried.get(relative.id, {}))
    back = Way(scales, relative.id, focus.id, one_team, tried.get(focus.id, {}))
    return Pair(scales, focus, relative, one_team, there, back)
