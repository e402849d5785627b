"""Two bills of materials side by side: rows that come, go or change, and what everything costs."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from opendesign.core import bom

AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12}")
# By what a row is known on both sides: the first of these that it has.
NAMES = ("ref", "source_file", "mpn", "part")
TOOL = "tool"  # is bought once, whatever is made with it
Row = Mapping[str, str]


@dataclass(frozen=True)
class RowChange:
    """A row before and after, None where it is not; `columns` are those whose cells differ."""

    ref: str
    status: str
    before: Row | None
    after: Row | None
    columns: tuple[str, ...]

    @property
    def part(self) -> str:
        """What the row calls its part, the newer side first."""
        row = self.after or self.before or {}
        return row.get("part", "") or row.get("source_file", "")


@dataclass(frozen=True)
class Cost:
    """What all rows with a unit cost in one currency come to, before and after."""

    currency: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True)
class BillChange:
    """The rows that differ, removed ones last, the sums by currency, and how many rows have no cost after."""

    rows: Sequence[RowChange] = field(default_factory=tuple)
    costs: Sequence[Cost] = field(default_factory=tuple)
    unpriced: int = 0


def rows_of(text: str | None, parts: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Returns the rows of a `bom.csv`, then one piece of each printed part (path, title) that it does not name."""
    rows = bom.read(text)[0] if text else []
    named = {row.get("source_file", "") for row in rows}
    facts = {"quantity": "1", "unit": "piece", "kind": "printed"}
    return rows + [{"part": title, **facts, "source_file": path} for path, title in parts if path not in named]


def compare_bills(before: Sequence[Row], after: Sequence[Row], renamed: Mapping[str, str]) -> BillChange:
    """Pairs the rows of two bills and adds up both; `renamed` has the new path of each part that was renamed.

    Rows pair by ref, else script, maker's number or name; several with one name pair in their order.
    """
    moved = [
        {**row, "source_file": renamed.get(row.get("source_file", ""), row.get("source_file", ""))} for row in before
    ]
    old, new = _named(moved), _named(after)
    rows = [_change(name, old.get(name), row) for name, row in new.items()]
    rows += [_change(name, row, None) for name, row in old.items() if name not in new]
    sums = totals(before), totals(after)
    costs = [
        Cost(currency, *(each.get(currency, Decimal()) for each in sums)) for currency in sorted({*sums[0], *sums[1]})
    ]
    unpriced = sum(cost(row) is None for row in after if _kind(row) != TOOL)
    return BillChange([row for row in rows if row.status != "unchanged"], costs, unpriced)


def amount(text: str) -> Decimal | None:
    """Returns a number from 0 on, None for what is none."""
    plain = text.strip()
    return Decimal(plain) if AMOUNT.fullmatch(plain) else None


def cost(row: Row) -> Decimal | None:
    """Returns quantity times unit cost, in the row's currency; None where there is no unit cost."""
    each, count = amount(row.get("unit_cost", "")), amount(row.get("quantity", "") or "1")
    return None if each is None or count is None else each * count


def totals(rows: Iterable[Row]) -> dict[str, Decimal]:
    """Returns what all rows with a unit cost come to in each currency; tools are not counted."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        price = cost(row)
        if price is not None and _kind(row) != TOOL:
            currency = row.get("currency", "").strip().upper()[:10]
            sums[currency] = sums.get(currency, Decimal()) + price
    return sums


def _kind(row: Row) -> str:
    return row.get("kind", "").strip().lower()


def _named(rows: Iterable[Row]) -> dict[tuple[str, str, int], Row]:
    """The rows by the column that names them, what it says, and which of several of that name they are."""
    found: dict[tuple[str, str, int], Row] = {}
    times: Counter[tuple[str, str]] = Counter()
    for row in rows:
        column = next((name for name in NAMES if row.get(name, "").strip()), "")
        word = row.get(column, "").strip()
        found[column, word, times[column, word]] = row
        times[column, word] += 1
    return found


def _change(name: tuple[str, str, int], before: Row | None, after: Row | None) -> RowChange:
    ref = name[1] if name[0] == "ref" else ""
    if before is None or after is None:
        return RowChange(ref, "added" if before is None else "removed", before, after, ())
    differing = (column for column in dict.fromkeys([*before, *after]) if not _alike(before, after, column))
    columns = tuple(differing)
    return RowChange(ref, "changed" if columns else "unchanged", before, after, columns)


def _alike(before: Row, after: Row, column: str) -> bool:
    one, other = before.get(column, "").strip(), after.get(column, "").strip()
    return one == other or (amount(one) is not None and amount(one) == amount(other))
