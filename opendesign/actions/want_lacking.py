"""What was made and whose files are gone from the shelf is wanted again."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from opendesign.actions.house import House, Work
from opendesign.records.build import Build, Comparison, made
from opendesign.records.database import Session
from opendesign.records.design import shown_builds

SHOWN = 1  # priority: what designs show is made again before the rest
Rows = Callable[[Session, Any], Iterable[Any]]  # those of a kind that are looked at: `made`, or `made_last`


def want_lacking(house: House) -> int:
    """Wants again each build and comparison that has not all of its files; returns how many. Raises Away."""
    keys = lacking(house, made)
    with house.writing() as work:
        shown, again = shown_builds(work.session), want_again(work, keys, made)
        for row in again:
            row.priority = SHOWN if row.key in shown else row.priority
    return len(again)


def lacking(house: House, rows: Rows) -> set[str]:
    """Returns the keys of builds and comparisons that have not all of their files. Raises Away."""
    with house.reading() as work:
        sizes = {row.key: row.files or {} for kind in (Build, Comparison) for row in rows(work.session, kind)}
    return house.shelf.lacking(sizes)


def want_again(work: Work, keys: Collection[str], rows: Rows) -> list[Build | Comparison]:
    """Has those of builds and comparisons with these keys wanted, and returns them."""
    found = [row for kind in (Build, Comparison) for row in rows(work.session, kind) if row.key in keys]
    for row in found:
        row.state = "wanted"
        if isinstance(row, Build):
            row.exported_at = None
    return found
