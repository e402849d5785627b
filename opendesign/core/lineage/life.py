"""Life: whether a change still lives in a design, and what took it away."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from opendesign.core.lineage.unit import Unit, named_lines
from opendesign.core.value import Value

KEPT = 0.25  # share of a copied file's lines that stand while it lives: imports and the like are a fifth of any


@dataclass(frozen=True)
class Step:
    """A commit of a design's published history: when it came there, and its units."""

    at: datetime
    units: Sequence[Unit]


class Life:
    """What lives in a design: its published history, and the names of the lines that stand in its files.

    `standing` is None where the files are too large to be read: then what was not taken back stands. Merges have no
    units of their own. It does not matter in which order the steps are given.
    """

    def __init__(self, history: Iterable[Step], standing: Collection[str] | None):
        self.standing = standing
        self.times: Counter[str] = Counter()
        self.done: dict[str, datetime] = {}
        self.gone: dict[str, datetime] = {}
        for step in history:
            for unit in step.units:
                self.times[unit.id] += 1
                _latest(self.done, unit.id, step.at)
                for line in named_lines(unit.minus):
                    _latest(self.gone, line, step.at)

    def lives(self, unit: Unit) -> bool:
        """Says whether a unit was put in more often than taken back, and a line of it still stands.

        One that only takes lines away lives until they are put back, and so does one that took back what had come.
        """
        if self.times[unit.id] <= self.times[unit.reverse] and not self._is_last_word(unit):
            return False
        lines = named_lines(unit.plus)
        return self.standing is None or not lines or any(line in self.standing for line in lines)

    def _is_last_word(self, unit: Unit) -> bool:
        """Says whether a unit that only takes lines away has done so as often as they came, and after that."""
        if unit.plus or self.times[unit.id] != self.times[unit.reverse] or unit.id not in self.done:
            return False
        return self.done[unit.id] > self.done[unit.reverse]

    def ended(self, units: Iterable[Unit]) -> bool:
        """Says whether nothing of a change lives: none of its units of value. Without any it cannot end."""
        valued = [unit for unit in units if unit.value]
        return bool(valued) and not any(map(self.lives, valued))

    def stands(self, units: Iterable[Unit]) -> bool:
        """Says whether one of the whole files that units put in is still there, and not written anew."""
        return any(map(self._is_kept, units))

    def _is_kept(self, unit: Unit) -> bool:
        lines = set(named_lines(unit.plus))
        return self.standing is None or not lines or sum(line in self.standing for line in lines) >= KEPT * len(lines)

    def taker(self, units: Iterable[Unit]) -> datetime | None:
        """Returns when the newest step came that took away what a change brought; None when no step shows it."""
        moments = [self.done.get(unit.reverse) for unit in units if unit.value]
        moments += [self.gone.get(line) for unit in units if unit.value for line in named_lines(unit.plus)]
        return max((moment for moment in moments if moment), default=None)


def end(shas: Iterable[str], lapses: Mapping[str, datetime], valued: Collection[str]) -> datetime | None:
    """Returns when the last of some changes ended; None while one of them lives, or none of them has any value."""
    counting = [sha for sha in shas if sha in valued]
    if not counting or any(sha not in lapses for sha in counting):
        return None
    return max(lapses[sha] for sha in counting)


def _latest(moments: dict[str, datetime], name: str, at: datetime) -> None:
    if name not in moments or moments[name] < at:
        moments[name] = at


def values_set(path: str, name: str, scripts: Mapping[str, Iterable[Mapping[str, Value]]]) -> list[Value]:
    """Returns what scripts, by path, set a parameter to: the one it was in, or any where that has gone or moved."""
    told = scripts.get(path) or [each for some in scripts.values() for each in some]
    return [each[name] for each in told if name in each]
