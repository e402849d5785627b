"""What people made of a design and say of it: what may be said, whose word counts, and how far off a part came out."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from opendesign.core.errors import Invalid
from opendesign.core.names import clean_line, clean_text

WORKED, CHANGED, FAILED = "worked", "changed", "failed"
RESULTS = (WORKED, CHANGED, FAILED)
CONFIRMED, DOUBTED = "confirmed", "doubted"
WORDS = (CONFIRMED, DOUBTED)
VERIFIED, OPEN = "verified", "open"
# As Open Know-How names them, and what a workshop has besides.
PROCESSES = ("FDM", "SLA", "SLS", "MJF", "DMLS", "CNC", "laser", "other")
AXES = ("x", "y", "z")
LONGEST_LINE, LONGEST_NOTE = 120, 4_000
LARGEST_MM = 10_000.0
MOST_PHOTOS = 6


@dataclass(frozen=True)
class Account:
    """What a maker says: where, by which process and machine, of what (recycled: per cent), and how it came out.

    `readings` are a calliper's, in mm, along the axes of the model.
    """

    result: str
    process: str = ""
    place: str = ""
    machine: str = ""
    material: str = ""
    recycled: int | None = None
    note: str = ""
    readings: Mapping[str, float] | None = None

    def cleaned(self, part: str) -> "Account":
        """Returns the same as it is kept, about a part (empty: the whole); raises Invalid naming what cannot be."""
        _need(self.result in RESULTS, "result", f"is one of {', '.join(RESULTS)}")
        _need(self.process in ("", *PROCESSES), "process", f"is one of {', '.join(PROCESSES)}, or nothing")
        _need(self.recycled is None or 0 <= self.recycled <= 100, "recycled", "is from 0 to 100 per cent")
        readings = dict(self.readings or {})
        _need(not readings or bool(part), "readings", "are those of one part: say which")
        for axis, mm in readings.items():
            _need(axis in AXES and 0 < mm <= LARGEST_MM, axis, f"is more than 0 and at most {LARGEST_MM:,.0f} mm")
        lines = {name: clean_line(getattr(self, name), LONGEST_LINE, name) for name in ("place", "machine", "material")}
        note = clean_text(self.note, LONGEST_NOTE, "note")
        _need(self.result == WORKED or bool(note), "note", "says what was changed, or what failed")
        ordered = {axis: round(readings[axis], 3) for axis in AXES if axis in readings}
        return Account(self.result, self.process, **lines, recycled=self.recycled, note=note, readings=ordered)


@dataclass(frozen=True)
class Word:
    """What somebody says of a thing that another made: confirmed or doubted, and when."""

    person: int | None
    word: str
    at: datetime


@dataclass(frozen=True)
class Off:
    """A reading beside the model's own size along an axis, mm; how far off it is, in mm and as a share of the model."""

    axis: str
    measured: float
    model: float | None

    @property
    def mm(self) -> float | None:
        """How much larger than the model it came out."""
        return None if self.model is None else round(self.measured - self.model, 3)

    @property
    def share(self) -> float | None:
        """The same as a part of the model's size; None where that is nothing."""
        return self.mm / self.model if self.mm is not None and self.model else None


def counting(maker: int | None, told_at: datetime, words: Iterable[Word], mates: Collection[int]) -> list[Word]:
    """Returns the words that count: of people who are neither the maker nor of one team with them (`mates`).

    A word given before the account was last changed is about something else. Without a maker nobody is independent.
    """
    if maker is None:
        return []
    return [each for each in words if each.person not in {None, maker, *mates} and each.at >= told_at]


def standing(words: Iterable[Word]) -> str:
    """Returns what words that count make of a thing: verified by one confirmation, else doubted, else open."""
    said = {each.word for each in words}
    return VERIFIED if CONFIRMED in said else DOUBTED if DOUBTED in said else OPEN


def compare_readings(readings: Mapping[str, float], size: tuple[float, float, float] | None) -> list[Off]:
    """Returns each reading beside the model's size, along x, y and z; `size` is None while the model is not built."""
    model = dict(zip(AXES, size, strict=True)) if size else {}
    return [Off(axis, readings[axis], model.get(axis)) for axis in AXES if axis in readings]


def teams(people: Iterable[int], controls: Iterable[Collection[int]]) -> dict[int, int]:
    """Returns the team of each person, named by its lowest number: whoever controls a design with another is in one.

    `controls` holds the people that control each design.
    """
    team = {person: person for person in people}
    for together in controls:
        own = {team[each] for each in together if each in team}
        if len(own) > 1:
            lowest = min(own)
            team = {person: lowest if each in own else each for person, each in team.items()}
    return team


def number(text: str, name: str) -> float | None:
    """Returns a length as people write it, with a point or a comma; None for nothing. Raises Invalid."""
    text = text.strip().replace(",", ".")
    try:
        value = float(text) if text else None
    except ValueError:
        value = math.nan
    _need(value is None or math.isfinite(value), name, "is a number of millimetres")
    return value


def _need(holds: bool, name: str, message: str) -> None:
    if not holds:
        raise Invalid(f"“{name}” {message}.", [{"name": name, "message": message}])
