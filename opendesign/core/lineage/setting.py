"""Settings: parameters that a commit gives another value, and which of them are a relative's."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from opendesign.core.declaration import stated_value, stated_values
from opendesign.core.errors import Invalid
from opendesign.core.lineage.adoption import APART, NONE_YET, Change, Fetches, Finding, signs
from opendesign.core.lineage.unit import Hunk
from opendesign.core.value import Value

MOST = 100  # of one commit: what sets more was written by a machine, and counts nothing
LONGEST = 1000  # bytes of a script's path and a parameter's name: an index holds no more
TOGETHER = 2  # that move in one commit are no chance
TELLING_DIGITS = 3  # nor is one value of so many digits
LITERAL = re.compile(r"^\s*[\"']?[A-Za-z_][\w.]*[\"']?\s*(?::[^=]*)?[=:]\s*[-+(\[]*\s*[\d.\"'TF]")


@dataclass(frozen=True)
class Setting:
    """A parameter of a script that a commit gave another value."""

    path: str
    name: str
    before: Value
    after: Value

    @property
    def key(self) -> tuple[str, str]:
        """Which parameter of which script it is."""
        return self.path, self.name

    @property
    def digits(self) -> int:
        """How many significant digits its new value has, the most of several; none for words."""
        values = self.after if isinstance(self.after, tuple | list) else (self.after,)
        return max((significant(each) for each in values), default=0)


@dataclass(frozen=True)
class Values:
    """A change with the parameters it sets."""

    change: Change
    settings: tuple[Setting, ...]


def significant(value: object) -> int:
    """Returns how many significant digits a number has."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    digits = repr(value).partition("e")[0].lstrip("-0.").removesuffix(".0")
    return len(digits.replace(".", "").lstrip("0")) if "." in digits else len(digits.rstrip("0"))


def scripts_set(hunks: Iterable[Hunk]) -> set[str]:
    """Returns the scripts in which a patch seems to write another literal: only those are worth reading whole."""
    return {
        path
        for path, minus, plus in hunks
        if path.endswith(".py") and any(map(LITERAL.match, minus)) and any(map(LITERAL.match, plus))
    }


def plain_settings(hunks: Iterable[Hunk], scripts: Collection[str]) -> dict[str, list[Setting]]:
    """Returns what a patch sets in those of some scripts in which every changed line is `NAME = literal`, by script.

    These need not be read whole, which costs a hundred times as much; most changes of parameters are such.
    """
    found: dict[str, list[Setting]] = {}
    others: set[str] = set()
    for path, minus, plus in hunks:
        if path in scripts and path not in others:
            old, new = _plain(minus), _plain(plus)
            if old is None or new is None or old.keys() != new.keys():
                others.add(path)
            else:
                found.setdefault(path, []).extend(_moved(path, old, new))
    return {path: some for path, some in found.items() if path not in others}


def _plain(lines: Sequence[str]) -> dict[str, Value] | None:
    found: dict[str, Value] = {}
    for line in filter(str.strip, lines):
        try:
            statement = ast.parse(line).body[0]
        except (SyntaxError, ValueError, RecursionError, MemoryError, IndexError):
            return None
        stated = stated_value(statement)
        if stated is None or stated[0] in found:
            return None
        found[stated[0]] = stated[1]
    return found


def settings(path: str, before: str, after: str) -> list[Setting]:
    """Returns the parameters of a script that have another value after than before; none where it cannot be read."""
    try:
        old, new = stated_values(before), stated_values(after)
    except (Invalid, RecursionError, ValueError):
        return []
    return _moved(path, old, new)


def _moved(path: str, old: Mapping[str, Value], new: Mapping[str, Value]) -> list[Setting]:
    """Returns what has another value after than before, but for names that no index holds."""
    return [
        Setting(path, name, old[name], value)
        for name, value in new.items()
        if name in old and old[name] != value and len(f"{path}{name}".encode("utf-8", "replace")) <= LONGEST
    ]


def set_alike(
    fresh: Sequence[Values],
    seen: Iterable[Values],
    own: Mapping[str, datetime],
    base: Mapping[tuple[str, str], Value],
    fetches: Fetches = NONE_YET,
) -> Iterator[Finding]:
    """Yields what the commits that are new in a design set to the value that a relative gave the parameter before.

    `seen` are in the order they were received, the design's among them: the first to set a value is its origin. `own`
    says since when the design has which commits, `base` what each parameter was where the designs parted: to go back
    to that is nobody's. Two such values in one commit count, or one of three digits, or one that a trailer declares.
    """
    births: dict[tuple[str, str, str], Values] = {}
    for each in seen:
        for setting in each.settings:
            births.setdefault((*setting.key, repr(setting.after)), each)
    sources = {each.change.sha: each for each in births.values()}
    for arrived in sorted(fresh, key=lambda each: each.change.received_at):
        by_source: dict[int, dict[str, list[Setting]]] = {}
        for setting in arrived.settings:
            born = births.get((*setting.key, repr(setting.after)))
            if born is None or _had(born, own, arrived.change) or base.get(setting.key) == setting.after:
                continue
            if born.change.design != arrived.change.design:
                by_source.setdefault(born.change.design, {}).setdefault(born.change.sha, []).append(setting)
        for found in by_source.values():
            yield from _found(arrived.change, [(sources[sha], some) for sha, some in found.items()], fetches)


def _had(born: Values, own: Mapping[str, datetime], arrived: Change) -> bool:
    return born.change.sha in own and own[born.change.sha] <= arrived.received_at


def _found(arrived: Change, found: Sequence[tuple[Values, list[Setting]]], fetches: Fetches) -> Iterator[Finding]:
    together = sum(len(some) for _, some in found)
    for source, some in found:
        change = source.change
        evidence = signs(arrived, change, fetches.get(change.design, ()))
        told = together >= TOGETHER or max(each.digits for each in some) >= TELLING_DIGITS or "trailer" in evidence
        if told:
            soon = arrived.received_at - change.received_at < APART
            share = len(some) / len(source.settings)
            yield Finding("twice" if soon and not evidence else "parameter", change, arrived, evidence, share)
