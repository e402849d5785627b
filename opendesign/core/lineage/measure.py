"""What the parts of a design measure together, and how far they are built: one row among many hundred."""

from collections.abc import Sequence
from dataclasses import dataclass

from opendesign.core.history import AXES, value_of
from opendesign.core.printing import density, filament, minutes

UNITS = {"mass": "g", "volume": "mm³", "area": "mm²", "x": "mm", "y": "mm", "z": "mm", "filament": "g", "print": "min"}


@dataclass(frozen=True)
class Part:
    """A part: its script and title, the state of its build, and the measurement of what it shows."""

    path: str
    title: str
    state: str
    total: dict | None

    def value(self, name: str, material: str) -> float | None:
        """Returns a property of it, in the unit `UNITS` has; None while it is not known."""
        if self.state != "made" or not self.total:
            return None
        if name == "filament":
            return filament(self.total, material)
        if name == "print":
            return minutes(self.total)
        if name == "mass" and density(material) is None:
            return None
        return value_of(name, self.total, None, density(material) or 0.0)


@dataclass(frozen=True)
class Facts:
    """The parts of a design, and what came of its own checks: (passed, of how many), None where none are known."""

    parts: Sequence[Part] = ()
    checks: tuple[int, int] | None = None

    @property
    def whole(self) -> Sequence[Part]:
        """The parts that are the design together: the assembly where there is one, as it holds the others."""
        assemblies = [part for part in self.parts if "assembly" in f"{part.path} {part.title}".lower()]
        return assemblies[:1] or self.parts

    def value(self, name: str, material: str, path: str = "") -> float | None:
        """Returns a property of one part, else of the whole: the sum, of lengths the largest; None if any is unknown.

        Who lacks a part by that path has no value.
        """
        parts = [part for part in self.parts if part.path == path] if path else self.whole
        values = [part.value(name, material) for part in parts]
        known = [value for value in values if value is not None]
        if not values or len(known) < len(values):
            return None
        return max(known) if name in AXES else sum(known)

    @property
    def failed(self) -> int:
        """How many parts do not build."""
        return sum(part.state == "failed" for part in self.parts)

    @property
    def invalid(self) -> int:
        """How many parts build into something that is no valid solid."""
        return sum(part.state == "made" and not (part.total or {}).get("valid", True) for part in self.parts)

    @property
    def waiting(self) -> int:
        """How many parts are still to be built."""
        return sum(part.state in ("wanted", "making") for part in self.parts)

    @property
    def trouble(self) -> tuple[int, int, int]:
        """What is wrong, the worst first, to sort by: parts that fail, checks that fail, parts that are not valid."""
        passed, of = self.checks or (0, 0)
        return self.failed, of - passed, self.invalid
