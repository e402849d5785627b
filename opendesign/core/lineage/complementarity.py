"""Complementarity: how much of what only one of two designs has would stand together in both."""

from collections.abc import Collection, Iterable, Mapping

from opendesign.core.lineage.flow import Born, Lives
from opendesign.core.lineage.number import Event, Number, ordered, share, summed


def alone(born: Mapping[str, Born], one: Lives, other: Lives) -> list[Born]:
    """Returns the improvements that live in just one of two designs."""
    return [born[sha] for sha in sorted(one.keys() ^ other.keys()) if sha in born]


def complementarity(single: Iterable[Born], stands: Mapping[str, bool | None] | None) -> Number:
    """Returns the share, by value, of the improvements in only one of two designs that merge cleanly and rebuild.

    `stands` says of each whether it does: None for one whose parts are not rebuilt yet; None in its place when nobody
    has tried. High competition and high complementarity together mean: merge these two.
    """
    single = list(single)
    if stands is None:
        return Number(None, "share", "complementarity", (), "not tried yet")
    if any(stands.get(each.sha) is None for each in single):
        return Number(None, "share", "complementarity", (), "not rebuilt yet")
    events = ordered(Event(each.subject, each.value, each.sha, each.design, each.at) for each in single)
    standing = [each for each in events if stands.get(each.sha)]
    return Number(share(summed(standing), summed(events)), "share", "complementarity", tuple(standing))


def standing(
    paths: Iterable[str],
    conflicts: Collection[str],
    readers: Mapping[str, Iterable[str]],
    valid: Mapping[str, bool | None],
) -> bool | None:
    """Says whether an improvement of these files merges cleanly and every merged part that reads them is valid.

    `readers` names those parts by file, `valid` says of each part whether it is; None: it is not rebuilt yet.
    """
    if any(path in conflicts for path in paths):
        return False
    found = {valid.get(part) for path in paths for part in readers.get(path, ())}
    return False if False in found else None if None in found else True
