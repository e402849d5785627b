"""Credit: who made a revision what it is, in shares that sum to exactly 1,000,000 ppm, and what each share is from."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from opendesign.core.lineage.unit import LONGEST_LINE, SPACE, TOKEN, comment_mark

WHOLE = 1_000_000  # ppm of a revision
# What a design is, first; what lets somebody build it, and who tested it; then the work that nobody sees.
POOLS = {"design": Fraction(60, 100), "docs": Fraction(15, 100), "verification": Fraction(15, 100)}
POOLS |= {"care": Fraction(10, 100)}
MOST_TOKENS = 12  # of one line: a long one is no better
# In the pool of verification: a verified build takes hours, a machine and material, where a review, a measurement of
# what is there, and a look at what another made take an hour each.
BUILT, MEASURED, VOUCHED = 3, 1, 1
MADE = ("build", "measurement", "vouch")  # kinds of what comes of things that were made
DOCS = re.compile(r"(?i)(^|/)docs?/|\.(md|markdown|rst|adoc|txt|tex)$")


@dataclass(frozen=True)
class Event:
    """Something that counts in a pool, for several people in equal parts: `weight` of `count` things in one place.

    `kind` is "lines" (`place` is the commit that brought them, `origin` the one they were first seen in, `elsewhere`
    the number of the design that has it, if of another family), "review", "merge" or "answer" (`place` is the design's
    path and the proposal's number), "translation" (`place` is the address of the text), "build", "measurement" or
    "vouch" (`place` is the address of what was made).
    """

    pool: str
    kind: str
    people: frozenset[str]
    weight: int
    count: int = 1
    place: str = ""
    origin: str = ""
    elsewhere: int = 0


@dataclass(frozen=True)
class Share:
    """What one of the people has: ppm of the whole, the exact part of each pool (of 1), and the events behind it."""

    who: str
    ppm: int
    exact: Fraction
    pools: dict[str, Fraction]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Credit:
    """The shares of a revision, the largest first; `weights` are the pools' parts of the whole, `totals` their sizes.

    `left_out` are files that were not read, being too many or too large. `passed` lines came with files copied from
    other families that were not looked up: they count for whoever brought them.
    """

    shares: tuple[Share, ...]
    weights: dict[str, Fraction]
    totals: dict[str, int]
    left_out: tuple[str, ...] = ()
    passed: int = 0


def pool_of(path: str) -> str:
    """Returns the pool that a file's lines count in: "docs" for what is read, "design" for what is built."""
    return "docs" if DOCS.search(path) else "design"


def bare(path: str, line: str) -> str:
    """Returns a line as units compare it, without white space; empty for a blank one and one of comment alone."""
    text, mark = line.strip(), comment_mark(path)
    return "" if mark and text.startswith(mark) else SPACE.sub("", text)


def tokens(line: str) -> int:
    """Returns how many tokens of a line count: 12 at most."""
    return min(MOST_TOKENS, len(TOKEN.findall(line[:LONGEST_LINE])))


def share(events: Iterable[Event], left_out: Collection[str] = (), passed: int = 0) -> Credit:
    """Returns whose share of a revision is how large; of what is not in these events nothing is known.

    Sums to exactly 1,000,000 ppm, or to nothing where nothing counts. The order of the events does not matter.
    """
    counting = sorted((each for each in events if each.weight > 0 and each.people), key=_order)
    totals = {pool: sum(each.weight for each in counting if each.pool == pool) for pool in POOLS}
    weights = pool_weights(pool for pool, total in totals.items() if total)
    pools: dict[str, dict[str, Fraction]] = {}
    behind: dict[str, list[Event]] = {}
    for each in counting:
        for who in each.people:
            own = pools.setdefault(who, {})
            own[each.pool] = own.get(each.pool, Fraction()) + Fraction(
                each.weight, totals[each.pool] * len(each.people)
            )
            behind.setdefault(who, []).append(each)
    exact = {who: sum((weights[pool] * part for pool, part in own.items()), Fraction()) for who, own in pools.items()}
    ppm = rounded(exact)
    found = (Share(who, ppm[who], exact[who], pools[who], tuple(behind[who])) for who in exact)
    shares = tuple(sorted(found, key=lambda each: (-each.exact, each.who)))
    return Credit(shares, weights, totals, tuple(sorted(left_out)), passed)


def pool_weights(filled: Iterable[str]) -> dict[str, Fraction]:
    """Returns the parts of the whole that the pools with anything in them have: an empty one's goes to the others.

    In proportion to theirs; they sum to 1, and an empty pool has 0.
    """
    filled = set(filled)
    whole = sum((POOLS[pool] for pool in filled), Fraction())
    return {pool: weight / whole if pool in filled else Fraction() for pool, weight in POOLS.items()}


def rounded(exact: dict[str, Fraction], whole: int = WHOLE) -> dict[str, int]:
    """Returns parts of 1 as whole numbers that sum to `whole`: by largest remainder, of equals the first by name."""
    floors = {who: int(part * whole) for who, part in exact.items()}
    lacking = whole - sum(floors.values()) if exact else 0
    order = sorted(exact, key=lambda who: (floors[who] - exact[who] * whole, who))
    return floors | {who: floors[who] + 1 for who in order[:lacking]}


def _order(event: Event) -> tuple:
    pools = list(POOLS)
    return pools.index(event.pool), -event.weight, event.kind, event.place, event.origin, sorted(event.people)
