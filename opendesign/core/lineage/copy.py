"""Copies: whole files that a design has from a relative without the commits that made them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from opendesign.core.lineage.adoption import NONE_YET, Change, Finding, signs
from opendesign.core.lineage.unit import hunks, is_source

LEAST_LINES = 20  # that are not blank: shorter files are alike by chance


def added(patch: bytes) -> set[str]:
    """Returns the source files of a patch that one hunk puts in with enough lines; a new file is such a hunk."""
    return {path for path, minus, plus in hunks(patch) if not minus and is_source(path) and _is_long(plus)}


def _is_long(lines: Iterable[str]) -> bool:
    return sum(bool(line.strip()) for line in lines) >= LEAST_LINES


def copied(
    fresh: Iterable[tuple[Change, Collection[str]]],
    births: Mapping[str, Change],
    own: Mapping[str, datetime],
    fetches: Mapping[int, Sequence[datetime]] = NONE_YET,
) -> Iterator[Finding]:
    """Yields what commits that are new in a design have copied: each comes with the contents it adds as new files.

    `births` says with which change a content was first received in the family, `own` says since when the design has
    which commits. So many equal lines show by themselves that they are no chance.
    """
    for arrived, contents in sorted(fresh, key=lambda each: each[0].received_at):
        for change in {births[each].sha: births[each] for each in contents if each in births}.values():
            if change.design == arrived.design or change.received_at >= arrived.received_at:
                continue
            if change.sha not in own or own[change.sha] > arrived.received_at:
                evidence = (*signs(arrived, change, fetches.get(change.design, ())), "weight")
                yield Finding("copy", change, arrived, evidence)
