"""What the bills of materials at the heads of a family come to: read from git, once for each head."""

from collections.abc import Sequence

from opendesign.actions.house import Work
from opendesign.core import bom
from opendesign.core.bill import Row, totals
from opendesign.core.encoding import text_of
from opendesign.core.errors import NotFound, TooLarge
from opendesign.core.remembered import Remembered
from opendesign.records.family import Relative

KEPT = 2_000  # bills; a commit never changes, and each costs two git processes (≈ 8 ms)
AT_ONCE = 40  # bills that are read for one answer
LARGEST = 256 << 10  # bytes of a bill
_bills = Remembered[tuple[int, str], list[Row]](KEPT)


def price_family(work: Work, relatives: Sequence[Relative], path: str = "") -> tuple[dict[int, dict[str, float]], int]:
    """Returns what each design's bill, or its rows of one part, costs by currency, and how many bills were not read.

    Bills of those that changed last are read first, `AT_ONCE` at most; the next answer goes on from there.
    """
    heads: dict[str, list[Relative]] = {}
    for each in sorted(relatives, key=lambda each: each.moved_at, reverse=True):
        if each.head:
            heads.setdefault(each.head, []).append(each)
    bills = {head: _remembered(those, head) for head, those in heads.items()}
    unread = [head for head, rows in bills.items() if rows is None]
    for head in unread[:AT_ONCE]:
        first = heads[head][0]
        bills[head] = _bills.keep((first.id, head), _bill(work, first))
    found = {}
    for head, those in heads.items():
        priced = totals(row for row in bills[head] or () if not path or row.get("source_file") == path)
        found.update({each.id: {currency: float(cost) for currency, cost in priced.items()} for each in those})
    return found, max(0, len(unread) - AT_ONCE)


def _remembered(designs: Sequence[Relative], head: str) -> list[Row] | None:
    """Returns the bill that was read of one of the designs with this head, None where none was."""
    return next((rows for each in designs if (rows := _bills.get((each.id, head))) is not None), None)


def _bill(work: Work, design: Relative) -> list[Row]:
    """Returns the rows of a design's `bom.csv`; none where there is none that can be read."""
    try:
        with work.house.store.open(str(design.id)) as repository:
            text = text_of(bom.FILE, repository.read(design.head or "", bom.FILE, LARGEST))
    except (NotFound, TooLarge):
        return []
    return list(bom.read(text)[0]) if text else []
