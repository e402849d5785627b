"""How the components of a build fit: clean facts from a source nobody trusts, and which interference is gained.

Components are named by the steps from the assembly down to them, such as `lamp/foot/screw`. mm and mm³.
"""

from collections.abc import Iterable, Mapping
from fnmatch import filter as fitting
from typing import NamedTuple

from opendesign.core.errors import Invalid
from opendesign.core.measurement import clean_name, count, size_or_none

MOST_PAIRS = 1000
NEAR_MM = 2.0  # gaps are measured up to this
GROWN_MM3, GROWN_PART = 0.01, 1e-4  # two runs of one script agree to nine digits
OPEN = ("wanted", "making")


class Contact(NamedTuple):
    """Two components, what they have in common (mm³) and how far they are apart (mm); None: nobody knows."""

    between: tuple[str, str]
    common: float | None
    gap: float | None

    @property
    def words(self) -> str:
        """Both names, without the assembly's own where both stand in it."""
        one, other = (name.split("/") for name in self.between)
        while len(one) > 1 and len(other) > 1 and one[0] == other[0]:
            one, other = one[1:], other[1:]
        return f"{'/'.join(one)} and {'/'.join(other)}"


class Growth(NamedTuple):
    """A pair that has more in common than before, and how much that was, mm³; None: nobody knows."""

    contact: Contact
    before: float | None


def check(result: object) -> dict:
    """Returns a fit from hostile JSON, cleaned: `pairs`, and `whole`, false where not all could be listed.

    Raises Invalid.
    """
    if not isinstance(result, dict):
        raise Invalid("How the components fit is not a table.")
    pairs = result.get("pairs")
    if not isinstance(pairs, list) or len(pairs) > MOST_PAIRS or not all(isinstance(pair, dict) for pair in pairs):
        raise Invalid(f"The pairs of components are not a list of at most {MOST_PAIRS} tables.")
    return {
        "components": count(result, "components"),
        "pairs": [_check_pair(pair) for pair in pairs],
        "whole": result.get("whole") is True,
    }


def _check_pair(pair: dict) -> dict:
    between = pair.get("between")
    if not isinstance(between, list) or len(between) != 2:
        raise Invalid("A pair of components has not two names.")
    sizes = {key: size_or_none(pair, key) for key in ("common_mm3", "gap_mm")}
    return {"between": sorted(clean_name(name) for name in between), **sizes}


def contacts(fit: Mapping | None, between: Iterable[str] = ()) -> list[Contact]:
    """Returns the pairs of a fit; with two names only those of one component that fits each."""
    found = [
        Contact(tuple(each["between"]), each["common_mm3"], each["gap_mm"]) for each in (fit or {}).get("pairs", [])
    ]
    names = tuple(between)
    if not names:
        return found
    components = {name for each in found for name in each.between}
    one, other = (called(components, name) for name in names)
    return [each for each in found if _is_between(each.between, one, other)]


def _is_between(pair: tuple[str, str], one: set[str], other: set[str]) -> bool:
    a, b = pair
    return (a in one and b in other) or (a in other and b in one)


def called(components: Iterable[str], name: str) -> set[str]:
    """Returns those components that have a name or fit a pattern, or are in a part or assembly that does."""
    steps = {each: each.split("/") for each in components}
    words = [word for word in name.split("/") if word != "**"]
    each_step = {step for found in steps.values() for step in found}
    meant = each_step if not words else {*fitting(each_step, words[0]), words[0]} if len(words) == 1 else set()
    return {each for each, found in steps.items() if each == name or not meant.isdisjoint(found)}


def is_known(fit: Mapping | None, between: Iterable[str] = ()) -> bool:
    """Says whether every pair of components, or of those that two names fit, was looked at for interference."""
    return fit is not None and _is_whole(fit) and all(each.common is not None for each in contacts(fit, between))


def grown(now: Mapping, was: Mapping | None) -> list[Growth]:
    """Returns the pairs that interfere more than before, the most first; `was` is None where nothing could.

    What is renamed is known by its volume: a pair that is new is that of one which is gone and had as much, or whose
    volume nobody knows. Nor does anybody know that of a pair which is not listed where not all are.
    """
    old = {each.between: each.common for each in contacts(was)}
    new = [each for each in contacts(now) if each.common]
    unlisted = 0.0 if was is None or _is_whole(was) else None
    gone = [volume for pair, volume in old.items() if volume != 0 and pair not in {each.between for each in new}]
    gone.sort(key=lambda volume: (volume is None, volume or 0.0))
    found = []
    for each in sorted(new, key=lambda one: (-(one.common or 0.0), one.between)):
        before = old.get(each.between, unlisted)
        if before is not None and not _is_more(each.common or 0.0, before):
            continue
        heirs = gone if before == 0 else []
        heir = next((at for at, volume in enumerate(heirs) if not _is_more(each.common or 0.0, volume)), None)
        volume = before if heir is None else gone.pop(heir)
        if heir is None or volume is None:
            found.append(Growth(each, volume))
    return found


def _is_whole(fit: Mapping) -> bool:
    return fit.get("state") == "made" and fit.get("whole") is True


def _is_more(now: float, was: float | None) -> bool:
    return was is not None and now > was + max(GROWN_MM3, GROWN_PART * was)
