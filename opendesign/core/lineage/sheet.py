"""Adoptions as a table of comma-separated values, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC

from opendesign.core.bom import FORMULAS
from opendesign.core.lineage.account import Adopted

COLUMNS: tuple[str, ...] = ("kind", "credited", "source", "source_commit", "target", "commit", "commits", "share")
COLUMNS += ("evidence", "subject", "person", "proposal", "at")


def sheet(adoptions: Iterable[Adopted]) -> str:
    """Returns a row for each adoption below a row of names, as RFC 4180 writes it."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for each in adoptions:
        words = [each.kind, "yes" if each.credited else "no", each.source, each.source_commit, each.target, each.commit]
        words += [str(each.commits), f"{each.share:g}", " ".join(each.evidence), each.subject]
        words += [each.person.name if each.person else "", str(each.proposal or "")]
        rows.writerow([safe(word) for word in (*words, each.at.astimezone(UTC).isoformat(timespec="seconds"))])
    return written.getvalue()


def safe(cell: str) -> str:
    """Returns a cell that no spreadsheet reads as a formula: an apostrophe stands before what looks like one."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell
