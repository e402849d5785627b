"""The table of a family: which designs are listed, in which order, and which are folded away as unchanged."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

YEAR = timedelta(days=365)
FEW = 10  # designs without changes that are listed like the others; from more on they are folded into one line
SORTS = ("tree", "name", "activity", "ahead", "behind", "took", "gave", "mass", "volume", "print", "builds", "checks")
MEASURED = ("mass", "volume", "print", "checks")  # known only once the parts have been looked at
GROWING = ("tree", "name", "mass", "volume", "print")  # of these the least comes first, of the others the most


@dataclass(frozen=True)
class Row:
    """A design as the table sorts it; `place` is its place in the tree, and measures are None while not known."""

    key: int
    place: int
    path: str
    title: str
    moved_at: datetime
    private: bool
    changes: int
    ahead: int = 0
    behind: int = 0
    took: int = 0
    gave: int = 0
    volume: float | None = None
    mass: float | None = None
    minutes: float | None = None
    trouble: tuple[int, ...] = ()
    builds: int = 0

    @property
    def quiet(self) -> bool:
        """Whether nothing was changed in it, taken from it or by it, or verifiedly built."""
        return not (self.changes or self.took or self.gave or self.builds)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see: words, an order (with “-” before it turned round), and which designs alone.

    `unchanged` lists those without changes too.
    """

    words: str = ""
    sort: str = "tree"
    active: bool = False
    differs: bool = False
    flow: bool = False
    visibility: str = ""
    unchanged: bool = False


def is_measured(sort: str) -> bool:
    """Says whether an order needs to know what parts measure."""
    return sort.removeprefix("-") in MEASURED


def choose(rows: Iterable[Row], wish: Wish, now: datetime, keep: int) -> tuple[list[Row], int]:
    """Returns the rows to list, in order, and how many were folded away; the row `keep` never is.

    Whoever searches finds those without changes too.
    """
    found = [row for row in rows if _fits(row, wish, now)]
    quiet = sum(row.quiet and row.key != keep for row in found)
    folded = quiet if quiet > FEW and not wish.unchanged and not wish.words.strip() else 0
    if folded:
        found = [row for row in found if not row.quiet or row.key == keep]
    return sorted_rows(found, wish.sort), folded


def sorted_rows(rows: Sequence[Row], sort: str) -> list[Row]:
    """Returns rows in an order; what is not known comes last whichever way it goes, and equals as in the tree."""
    name = sort.removeprefix("-")
    name = name if name in SORTS else "tree"
    value = _value(name)
    known = [row for row in rows if value(row) is not None]
    unknown = [row for row in rows if value(row) is None]
    turned = (name not in GROWING) != sort.startswith("-")
    known.sort(key=lambda row: row.place)
    known.sort(key=value, reverse=turned)
    return known + sorted(unknown, key=lambda row: row.place)


def _value(name: str) -> Callable[[Row], Any]:
    column = {"tree": "place", "name": "path", "activity": "moved_at", "checks": "trouble", "print": "minutes"}.get(
        name, name
    )
    return lambda row: getattr(row, column)


def _fits(row: Row, wish: Wish, now: datetime) -> bool:
    text = f"{row.path} {row.title}".lower()
    return (
        all(word in text for word in wish.words.lower().split())
        and (not wish.active or now - row.moved_at <= YEAR)
        and (not wish.differs or bool(row.ahead or row.behind))
        and (not wish.flow or bool(row.took or row.gave))
        and (not wish.visibility or row.private == (wish.visibility == "private"))
    )
