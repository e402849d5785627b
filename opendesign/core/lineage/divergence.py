"""Divergence: how far apart two designs are in code, in parameters and in geometry, each from 0 to 1."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from opendesign.core.lineage.flow import Born, Lives
from opendesign.core.lineage.number import Event, Number, ordered, share
from opendesign.core.lineage.trait import Trait, Traits, is_parameter


@dataclass(frozen=True)
class Overlap:
    """A part that both designs have, by name: the volume common to both and the volume of both together, in mm³.

    None while nobody has compared them.
    """

    path: str
    common: float | None
    union: float | None


def code(born: Mapping[str, Born], one: Lives, other: Lives) -> Number:
    """Returns 1 − weighted Jaccard of the improvements that live in two designs; its events live more in one."""
    least, most, events = 0.0, 0.0, []
    for sha in sorted(one.keys() | other.keys()):
        if each := born.get(sha):
            here, there = (lives[sha].share if sha in lives else 0.0 for lives in (one, other))
            least, most = least + each.value * min(here, there), most + each.value * max(here, there)
            if here != there:
                value = round(each.value * abs(here - there), 6)
                events.append(Event(each.subject, value, sha, each.design, each.at))
    return Number(share(most - least, most), "share", "code", ordered(events))


def parameters(one: Traits | None, other: Traits | None) -> Number:
    """Returns the mean difference of the parameters of two designs; one that the other lacks differs by 1."""
    if one is None or other is None:
        return Number(None, "share", "parameters", (), "not read yet")
    keys = sorted(key for key in one.keys() | other.keys() if is_parameter(key[1]))
    apart = {key: difference(one.get(key), other.get(key)) for key in keys}
    events = ordered(Event(" · ".join(key), round(value, 6)) for key, value in apart.items() if value)
    return Number(share(sum(apart.values()), len(keys)), "share", "parameters", events)


def difference(one: Trait | None, other: Trait | None) -> float:
    """Returns how different two values are, 0 to 1: of numbers in parts of the larger, of lists on average."""
    if one == other:
        return 0.0
    if isinstance(one, tuple) and isinstance(other, tuple):
        return sum(difference(*both) for both in zip_longest(one, other)) / max(len(one), len(other))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return min(1.0, abs(one - other) / max(abs(one), abs(other)))
    return 1.0


def geometry(overlaps: Iterable[Overlap]) -> Number:
    """Returns 1 − Σ common / Σ union over the parts that two designs both have; not measured while one is not."""
    common, union, events, lacking = 0.0, 0.0, [], 0
    for each in overlaps:
        if each.common is None or each.union is None:
            lacking += 1
            continue
        common, union = common + each.common, union + each.union
        events.append(Event(each.path, round(1 - share(each.common, each.union), 6) if each.union else 0.0))
    value = share(union - common, union) if events and not lacking else None
    note = "not compared yet" if lacking else "" if events else "no part in common"
    return Number(value, "share", "geometry", ordered(events), note)
