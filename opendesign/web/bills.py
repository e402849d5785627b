"""What the pages show of two bills of materials side by side."""

from collections.abc import Mapping

from flask_babel import gettext as _

from opendesign.core.bill import BillChange, RowChange

# The columns that somebody who buys reads first.
FIRST = ("quantity", "unit_cost", "currency", "material", "supplier")
MOST_ROWS = 100


def bill_view(change: BillChange) -> dict[str, object]:
    """Returns a change of the bill as `compare/_bill.html` wants it: rows, costs, and what was left out."""
    return {
        "rows": [_row(row) for row in change.rows[:MOST_ROWS]],
        "more": max(0, len(change.rows) - MOST_ROWS),
        "costs": [
            {"label": cost.currency or _("no currency named"), "before": float(cost.before), "after": float(cost.after)}
            for cost in change.costs
        ],
        "unpriced": change.unpriced,
    }


def _row(row: RowChange) -> dict[str, object]:
    sides = row.before or {}, row.after or {}
    columns = sorted(row.columns, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    return {
        "ref": row.ref,
        "part": row.part,
        "status": row.status,
        "quantity": _quantity(sides[1] or sides[0]),
        "cells": [(name, sides[0].get(name) or "–", sides[1].get(name) or "–") for name in columns],
    }


def _quantity(row: Mapping[str, str]) -> str:
    return f"{row.get('quantity', '')} {row.get('unit', '')}".strip()
