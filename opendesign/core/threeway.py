"""Joins what two sides made of a common text or list, where they changed different places."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

MOST_PAIRS = 200_000  # of equal lines, of which each may be compared with each: 450 blank lines, about 0.1 s
Hunk = tuple[int, int, list[str]]  # lines `from` up to `to` of the common version become these


def join_lines(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """The lines with both sides' changes; None where changes meet and differ, or the lines are too many alike.

    The answer is the same whichever side is ours.
    """
    if _too_alike(base, ours) or _too_alike(base, theirs):
        return None
    sides = (_hunks(base, ours), _hunks(base, theirs))
    joined: list[str] = []
    at = 0
    for start, end in _regions([*sides[0], *sides[1]]):
        wanted = [_applied(base, start, end, each) for each in sides if _inside(each, start, end)]
        if any(each != wanted[0] for each in wanted):
            return None
        joined += [*base[at:start], *wanted[0]]
        at = end
    return [*joined, *base[at:]]


def join_keys(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """The keys in the common order, without those a side dropped; new ones stand behind what they followed."""
    dropped = {key for key in base if key not in ours or key not in theirs}
    order = [key for key in base if key not in dropped]
    followers: dict[str, set[str]] = {}
    for side in (ours, theirs):
        last = ""
        for key in side:
            if key in base:
                last = last if key in dropped else key
            else:
                followers.setdefault(last, set()).add(key)
    joined: list[str] = []
    for key in ["", *order]:
        joined += [key] if key else []
        joined += sorted(followers.get(key, set()) - set(joined))
    return joined


def _too_alike(base: Sequence[str], side: Sequence[str]) -> bool:
    counts, others = Counter(base), Counter(side)
    return sum(count * others[line] for line, count in counts.items()) > MOST_PAIRS


def _hunks(base: Sequence[str], side: Sequence[str]) -> list[Hunk]:
    found = SequenceMatcher(None, base, side, autojunk=False).get_opcodes()
    return [(a, b, list(side[c:d])) for tag, a, b, c, d in found if tag != "equal"]


def _regions(hunks: list[Hunk]) -> list[tuple[int, int]]:
    """The places of the common version that change; those that touch are one, as git has it."""
    regions: list[tuple[int, int]] = []
    for start, end, _ in sorted(hunks):
        if regions and start <= regions[-1][1]:
            regions[-1] = (regions[-1][0], max(end, regions[-1][1]))
        else:
            regions.append((start, end))
    return regions


def _inside(hunks: list[Hunk], start: int, end: int) -> list[Hunk]:
    return [each for each in hunks if start <= each[0] and each[1] <= end]


def _applied(base: Sequence[str], start: int, end: int, hunks: list[Hunk]) -> list[str]:
    lines: list[str] = []
    at = start
    for first, last, new in _inside(hunks, start, end):
        lines += [*base[at:first], *new]
        at = last
    return [*lines, *base[at:end]]
