"""Copies: whole files that a design has from another without the commits that made them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from opendesign.core.lineage.adoption import NONE_YET, Change, Fetches, Finding, signs
from opendesign.core.lineage.crowd import is_common
from opendesign.core.lineage.unit import Hunk, is_source, unit

LEAST_LINES = 20  # that are not blank: shorter files are alike by chance
TOGETHER = timedelta(minutes=10)  # two families that show the same within this time have it from a third
# What projects of all kinds have from elsewhere, whoever writes them.
BOILERPLATE = re.compile(
    r"(?i)(^|/)(\.[^/]+(/.*)?|(code[_-]of[_-]conduct|contributing|security|support|changelog|authors)(\.\w+)?"
    r"|__init__\.py|conftest\.py|setup\.(py|cfg)|makefile|dockerfile|[^/]*[.-]lock(\.\w+)?)$"
)


class Showing(NamedTuple):
    """That a design received a content: by its id and the hunk that puts it in, at which path, whether as a new file.

    `public` and `owner` are the design's, `receipt` the number of the revision.
    """

    oid: str
    unit: str
    path: str
    whole: bool
    sha: str
    receipt: int
    at: datetime
    design: int
    family: int
    public: bool
    owner: int

    def like(self, other: "Showing") -> bool:
        """Says whether two contents are the same, or were but for white space and remarks as they came in."""
        return self.oid == other.oid or bool(self.unit and self.unit == other.unit)

    def open_to(self, other: "Showing") -> bool:
        """Says whether it counts for another's design: in public, or for a private one where the owner is the same."""
        own = not other.public and (self.family, self.owner) == (other.family, other.owner)
        return self.public or own or self.design == other.design


def added(hunks: Iterable[Hunk]) -> dict[str, str]:
    """Returns the source files that one hunk of a patch puts in with enough lines, each with the name of that hunk.

    A new file is such a hunk; one of blanks and remarks says nothing.
    """
    long = [(path, plus) for path, minus, plus in hunks if not minus and is_source(path) and _is_long(plus)]
    found = {path: unit(path, [], plus) for path, plus in long}
    return {path: each.id for path, each in found.items() if each and each.value}


def _is_long(lines: Iterable[str]) -> bool:
    return sum(bool(line.strip()) for line in lines) >= LEAST_LINES


def says_something(path: str, text: str, known: Collection[str]) -> bool:
    """Says whether a file is no boilerplate, and long enough without the lines that everybody begins with."""
    return not BOILERPLATE.search(path) and _is_long(line for line in text.splitlines() if line.strip() not in known)


def copied(
    fresh: Iterable[tuple[Change, Collection[str]]],
    births: Mapping[str, Change],
    own: Mapping[str, datetime],
    fetches: Fetches = NONE_YET,
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


def brought_in(arrived: Showing, shown: Iterable[Showing]) -> Showing | None:
    """Returns where a new file came from into a family that had not had it; None where nobody can tell.

    `shown` are in the order they were received. What three other families had before is everybody's, and what two had
    within ten minutes is from a third.
    """
    first: dict[int, Showing] = {}
    for each in shown:
        if each.like(arrived) and each.open_to(arrived):
            first.setdefault(each.family, each)
    own = first.pop(arrived.family)
    before = [each for each in first.values() if each.at < arrived.at]
    if (own.design, own.sha) != (arrived.design, arrived.sha) or not before or is_common(len(before)):
        return None
    source, second, *_ = (*before, arrived)
    return source if second.at - source.at >= TOGETHER and source.sha != arrived.sha else None
