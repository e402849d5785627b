"""What a design demands of its own parts: the checks and contracts of its `okh.toml`, read, and judged at a merge."""

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from opendesign.core.checks import Check, Outcome, solids_of
from opendesign.core.contract import contract_misses, read_contract
from opendesign.core.errors import Invalid
from opendesign.core.fit import OPEN
from opendesign.core.limit import Miss, asks_fit, limit_misses, read_limits
from opendesign.core.manifest import fits, patterns, read_manifest
from opendesign.core.mate import is_compared
from opendesign.core.misfit import Misfit
from opendesign.core.printing import density
from opendesign.core.text import clean_line

MOST_DEMANDS, MOST_PATTERNS, MOST_MISFITS = 30, 10, 100
LONGEST_NAME, SHOWN = 60, 5
NOISE = 1e-6
KEPT = 64  # manifests; a page that waits for builds asks each second


class Kind(NamedTuple):
    """A table of the manifest whose entries are demands: what one is called in a sentence, read and tested."""

    table: str
    noun: str
    read: Callable[[Mapping], dict[str, object]]
    misses: Callable[[Mapping, Mapping, float | None], list[Miss]]


KINDS = {
    "limit": Kind("checks", "check", read_limits, limit_misses),
    "contract": Kind("contracts", "contract", read_contract, contract_misses),
}


@dataclass(frozen=True)
class Demand:
    """One named demand: its kind, the patterns of its parts, its terms; or `fault`, why it cannot be used."""

    kind: str
    name: str
    parts: tuple[str, ...] = ("**",)
    terms: Mapping = field(default_factory=dict)
    written: Mapping = field(default_factory=dict)
    fault: str = ""

    @property
    def title(self) -> str:
        """What it is called in a sentence."""
        return f"The {KINDS[self.kind].noun} “{self.name}”"

    @property
    def compares(self) -> bool:
        """Whether it is judged beside the parts of whoever demands it."""
        return is_compared(self.terms)


@dataclass(frozen=True)
class Demands:
    """All that a manifest demands, and the density of each part whose material it says, g/cm³ by path."""

    each: list[Demand] = field(default_factory=list)
    densities: Mapping[str, float] = field(default_factory=dict)
    fault: str = ""

    @property
    def compares(self) -> bool:
        """Whether any is judged beside the parts of whoever demands it."""
        return any(one.compares for one in self.each)


@lru_cache(maxsize=KEPT)
def read_demands(manifest: str | None) -> Demands:
    """Returns what a manifest demands; an entry that is wrong has a `fault` and is judged as failed."""
    try:
        named = read_manifest(manifest or "").named
        table = tomllib.loads(manifest or "")
    except Invalid as refusal:
        return Demands(fault=refusal.message.rstrip("."))
    known = {one.path: density(one.material) for one in named}
    densities = {path: density for path, density in known.items() if density is not None}
    each = [demand for kind in KINDS for demand in _listed(kind, table.get(KINDS[kind].table, {}))]
    return Demands(each, densities)


def _listed(kind: str, table: object) -> list[Demand]:
    word = KINDS[kind].table
    if not isinstance(table, dict):
        return [Demand(kind, word, fault=f"“{word}” in okh.toml is not a table; write [{word}.NAME]")]
    found = [_read(kind, name, entry) for name, entry in list(table.items())[:MOST_DEMANDS]]
    if len(table) > MOST_DEMANDS:
        found.append(Demand(kind, word, fault=f"okh.toml has more than {MOST_DEMANDS} of [{word}.NAME]"))
    return found


def _read(kind: str, name: str, entry: object) -> Demand:
    shown = clean_line(name[:LONGEST_NAME], LONGEST_NAME) or "unnamed"
    if not isinstance(entry, dict):
        return Demand(kind, shown, fault=f"it is not a table; write [{KINDS[kind].table}.{shown}]")
    try:
        return Demand(kind, shown, _parts(entry.get("part", "**")), KINDS[kind].read(entry), entry)
    except Invalid as refusal:
        return Demand(kind, shown, written=entry, fault=refusal.message)


def _parts(value: object) -> tuple[str, ...]:
    found = patterns(value)
    many = len(value) if isinstance(value, list) else 1
    if not found or len(found) != many or many > MOST_PATTERNS:
        raise Invalid(f"“part” must be a path such as lid.py, a pattern such as feet/*.py, or up to {MOST_PATTERNS}")
    return found


def judge_demands(
    asked: Demands,
    asked_before: Demands,
    after: Sequence[Outcome],
    before: Sequence[Outcome],
    origin: Sequence[Outcome] | None = None,
) -> list[Check]:
    """Returns a check for each demand of the merged manifest, judged on the merged builds beside the target's.

    One that is missed blocks, unless the target's own parts miss it already by as much or more. One that the merge
    changes or takes away is said. `origin` are the parts that mates are compared with: the target's, if none are given.
    """
    if asked.fault:
        same = asked.fault == asked_before.fault
        return [_said("okh.toml", "limit", asked.fault, same)]
    old = {(one.kind, one.name): one for one in asked_before.each}
    from_origin = {one.path: one for one in (before if origin is None else origin)}
    checks = [
        _judged(one, old.pop((one.kind, one.name), None), asked, (after, before), from_origin) for one in asked.each
    ]
    return checks + [
        Check(one.name, "passed", f"{one.title} is no longer asked for after the merge.", one.kind, True)
        for one in old.values()
    ]


def asks_fits(asked: Demands) -> bool:
    """Says whether any check is about how the components of a part fit."""
    return any(asks_fit(one.terms) for one in asked.each)


def needs_fit(asked: Demands, after: Sequence[Outcome], before: Sequence[Outcome]) -> list[str]:
    """Returns the keys of the builds whose components must be looked at, so that a merge can be judged.

    Those of parts that have several solids and are not as they were, and those that a check asks about.
    """
    old = {one.path: one for one in before}
    asking = [one.parts for one in asked.each if not one.fault and asks_fit(one.terms)]
    keys = []
    for now in after:
        was = old.get(now.path)
        if (was and was.key != now.key) or any(fits(now.path, parts) for parts in asking):
            keys += [one.key for one in (now, was) if one and (solids_of(one) or 0) > 1]
    return list(dict.fromkeys(keys))


def _judged(
    demand: Demand,
    old: Demand | None,
    asked: Demands,
    sides: tuple[Sequence[Outcome], Sequence[Outcome]],
    origin: Mapping[str, Outcome],
) -> Check:
    if demand.fault:
        same = old is not None and old.fault == demand.fault
        return _said(demand.name, demand.kind, f"{demand.title} cannot be used: {demand.fault}", same)
    after, before = ([one for one in side if fits(one.path, demand.parts)] for side in sides)
    if not after:
        said = f"{demand.title} fits no part: there is no {' or '.join(demand.parts)[:200]}"
        same = old is not None and not any(fits(one.path, old.parts) for one in sides[1])
        return _said(demand.name, demand.kind, said, same)
    missed = {one.path: misses_of(demand, one, asked.densities, origin) for one in after}
    known = {one.path: misses_of(demand, one, asked.densities, origin) for one in before}
    worse = [
        f"{path} {miss.clause}"
        for path, found in missed.items()
        for miss in found
        if not _excused(miss, known.get(path))
    ]
    old_parts = {one.path: one for one in before}
    tested = [one for one in after if not one.left_alone(old_parts.get(one.path))]
    if awaited := _awaited(demand, tested, before, missed, origin):
        return Check(demand.name, "waiting", f"{demand.title} waits for its parts to be {awaited}.", demand.kind)
    changed, misfits = _changes(demand, old), misfits_of(after, missed)
    if worse:
        said = f"{demand.title} fails: {_joined(worse)}.{changed}"
        return Check(demand.name, "failed", said, demand.kind, misfits=misfits)
    still = [f"{path} {miss.clause}" for path, found in missed.items() for miss in found]
    if still:
        said = f"{demand.title} fails: {_joined(still)}; it was so before and is no worse here.{changed}"
        return Check(demand.name, "passed", said, demand.kind, True, misfits=misfits)
    return Check(
        demand.name, "passed", f"{demand.title} {_holds(tested, len(after) - len(tested))}{changed}", demand.kind
    )


def _holds(tested: Sequence[Outcome], left: int) -> str:
    """Says for which parts a demand holds, and how many nobody needs to know of."""
    whom = tested[0].path if len(tested) == 1 else f"{len(tested)} parts"
    if not left:
        return f"holds for {whom}."
    if not tested:
        return "asks nothing of this merge: its parts are as they were before."
    return f"holds for {whom}. {left} more {'is as it was' if left == 1 else 'are as they were'} before."


def _awaited(
    demand: Demand,
    after: Sequence[Outcome],
    before: Sequence[Outcome],
    missed: Mapping[str, list[Miss]],
    origin: Mapping[str, Outcome],
) -> str:
    """Returns what is still to happen to the parts before anything can be said: "built", "looked at" or nothing."""
    open_before = {one.path for one in before if _is_open(one, demand)}
    compared = {path for path, one in origin.items() if demand.compares and _is_open(one)}
    waiting = [
        one.path
        for one in after
        if _is_open(one, demand) or one.path in compared or (missed[one.path] and one.path in open_before)
    ]
    if not waiting:
        return ""
    unbuilt = compared & set(waiting) or any(_is_open(one) for one in [*after, *before])
    return "built" if unbuilt else "looked at"


def _said(name: str, kind: str, fault: str, same: bool) -> Check:
    state, more = ("passed", "; it was so before and is not changed here") if same else ("failed", "")
    return Check(name, state, f"{fault}{more}.", kind, same)


def misfits_of(after: Sequence[Outcome], missed: Mapping[str, list[Miss]]) -> tuple[Misfit, ...]:
    """Returns what can be drawn of the misses, at most 100."""
    found = [
        Misfit(one.path, one.key, miss.clause, miss.by if math.isfinite(miss.by) else None, miss.figure)
        for one in after
        for miss in missed[one.path]
        if miss.figure
    ]
    return tuple(found[:MOST_MISFITS])


def misses_of(
    demand: Demand, outcome: Outcome, densities: Mapping[str, float], origin: Mapping[str, Outcome]
) -> list[Miss]:
    """Returns what a part misses of a demand; mates without a place stand where `origin` has them, by path."""
    if outcome.state == "failed":
        return [Miss("build", 0.0, "does not build, so it cannot be measured")]
    if outcome.state != "made":
        return []
    if outcome.total is None:
        return [Miss("build", 0.0, "has no measurement")]
    promised = origin.get(outcome.path)
    promised_tags = promised.tags if promised and promised.state == "made" else ()
    facts = {**outcome.total, "holes": outcome.holes, "tags": outcome.tags, "promised_tags": promised_tags}
    facts["fit"] = outcome.fit
    return KINDS[demand.kind].misses(demand.terms, facts, densities.get(outcome.path))


def _excused(miss: Miss, known: list[Miss] | None) -> bool:
    """Says whether the target's own part misses the same limit by as much or more."""
    return any(one.limit == miss.limit and miss.by <= one.by + NOISE * abs(one.by) for one in known or [])


def _is_open(outcome: Outcome, demand: Demand | None = None) -> bool:
    """Says whether it is still to be built or, for a demand about its components, to be looked at."""
    if demand and asks_fit(demand.terms) and outcome.fit is not None and outcome.fit["state"] in OPEN:
        return True
    return outcome.state not in ("made", "failed")


def _changes(demand: Demand, old: Demand | None) -> str:
    """Says what the merge changes about a demand that was there before; empty for nothing."""
    if old is None or old.written == demand.written:
        return ""
    keys = [key for key in {**old.written, **demand.written} if old.written.get(key) != demand.written.get(key)]
    said = [
        f"{_short(key)} {_short(old.written.get(key, '–'))} → {_short(demand.written.get(key, '–'))}" for key in keys
    ]
    return f" The merge changes what it asks: {_joined(said)}."


def _short(value: object) -> str:
    return clean_line(str(value)[:80], 80)


def _joined(said: Sequence[str]) -> str:
    more = f"; and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
    return "; ".join(said[:SHOWN]) + more
