"""Bills of materials side by side, as a comparison shows them."""

from typing import Literal

from pydantic import Field

from opendesign.api.shape import Shown
from opendesign.core.bill import BillChange, Cost, RowChange


class RowCompared(Shown):
    """A row of the bill before and after: its cells by column, null on the side where it is not."""

    ref: str = Field(description="Empty for a row without one: it is known by its script, maker's number or name.")
    part: str
    status: Literal["added", "removed", "changed"]
    columns: list[str] = Field(description="The columns whose cells differ.")
    before: dict[str, str] | None
    after: dict[str, str] | None


class CostCompared(Shown):
    """Quantity times unit cost of all rows in one currency, tools left out."""

    currency: str = Field(description="Empty where the rows name none.")
    before: float
    after: float


class BillCompared(Shown):
    """The rows of bom.csv, and of parts it does not name, that differ; and what all rows cost."""

    rows: list[RowCompared]
    costs: list[CostCompared]
    unpriced: int = Field(description="How many rows after have no unit cost, so that the sum lacks them.")


def bill_compared(change: BillChange) -> BillCompared:
    """Returns what became of the bill of materials."""
    return BillCompared(
        rows=[_row(row) for row in change.rows],
        costs=[_cost(cost) for cost in change.costs],
        unpriced=change.unpriced,
    )


def _row(row: RowChange) -> RowCompared:
    sides = [
        None if side is None else {name: cell for name, cell in side.items() if cell}
        for side in (row.before, row.after)
    ]
    return RowCompared.of(
        ref=row.ref, part=row.part, status=row.status, columns=list(row.columns), before=sides[0], after=sides[1]
    )


def _cost(cost: Cost) -> CostCompared:
    return CostCompared(currency=cost.currency, before=float(cost.before), after=float(cost.after))
