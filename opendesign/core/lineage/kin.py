"""Kin: what shows that a design is of a family, where it was not forked here."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from opendesign.core.lineage.crowd import is_common

ROOT, TREE, FILES, DECLARED = "root", "tree", "files", "declared"  # the same first commit, first folder, files; a word
APART = (TREE, FILES, DECLARED)  # git knows no commit that both have
BEGINNING = "refs/beginning/"  # below it lie the commits a design began with that are known elsewhere
MOST_ROOTS = 20  # commits without parents of one design that are looked up
LEAST_SHARE = 0.5  # of the files that say something: with fewer it has taken from a design and is no version of it
LEAST_FILES = 2  # a single file is a copy, and told as such


def has_common_commit(kinship: str | None) -> bool:
    """Says whether git knows a commit that a design and its parent both have."""
    return kinship not in APART


def has_common_beginning(kinship: str | None) -> bool:
    """Says whether a design began as its parent, by the same commits or the same files."""
    return kinship not in (FILES, DECLARED)


class Holder(NamedTuple):
    """That a public design received a file, by its content, as which receipt."""

    oid: str
    design: int
    family: int
    at: datetime
    receipt: int


def nearest(files: Collection[str], holders: Iterable[Holder]) -> int | None:
    """Returns the design to whose family a new one belongs by its files, or None.

    It is the one of that family that had most of them, of equal ones the first. What three families had is everybody's
    and does not count on either side.
    """
    listed = sorted(holders, key=lambda each: (each.at, each.receipt))
    having: dict[str, set[int]] = {oid: set() for oid in files}
    for each in listed:
        having[each.oid].add(each.family)
    own = {oid for oid, families in having.items() if not is_common(len(families))}
    shared = Counter(family for oid in own for family in having[oid])
    most = max(shared.values(), default=0)
    if most < LEAST_FILES or most < LEAST_SHARE * len(own):
        return None
    family = next(each.family for each in listed if shared[each.family] == most)
    had: dict[int, set[str]] = {}
    for each in listed:
        if each.family == family and each.oid in own:
            had.setdefault(each.design, set()).add(each.oid)
    return max(had, key=lambda design: len(had[design]))


def begins_alike(line: Iterable[tuple[str, str]], other: Iterable[tuple[str, str]]) -> str | None:
    """Returns the last commit of `other` up to which two lines of (commit, folder) have the same folders, or None."""
    found = None
    for (_, tree), (sha, same) in zip(line, other, strict=False):
        if tree != same:
            break
        found = sha
    return found
