"""What a part weighs, and what a printer puts into it, known without slicing."""

from collections.abc import Mapping
from dataclasses import dataclass

# g/cm³, as sold; printed parts with infill weigh less than solid ones.
DENSITY = {"PLA": 1.24, "PETG": 1.27, "ABS": 1.04, "ASA": 1.07, "TPU": 1.21, "PA": 1.14, "PC": 1.20}
USUAL = "PLA"
# Skirt, seams and what is lost at the nozzle.
LOST = 1.05


@dataclass(frozen=True)
class Profile:
    """How something is printed: layers and lines in mm, the infill as a share; the usual settings of slicers.

    `rate` says how much is laid in a second, in mm³, and `per_layer` how many seconds a layer costs besides: fitted to
    what a slicer says of a dozen parts at two usual speeds (perimeters at 45 and 60 mm/s).
    """

    layer: float = 0.2
    line: float = 0.45
    perimeters: int = 2
    top: int = 5
    bottom: int = 4
    infill: float = 0.15
    rate: float = 2.7
    per_layer: float = 4.0


PROFILE = Profile()


def density(material: str) -> float | None:
    """Returns the density of a material, g/cm³; None for one that is not known. Recycled ones count as new."""
    word = material.strip().upper()
    return DENSITY.get(word) or DENSITY.get(word.removeprefix("R"))


def counted(material: str) -> str:
    """Returns the material to count with: the one that is named, else PLA."""
    return material.strip() if density(material) else USUAL


def mass(total: Mapping, material: str) -> float | None:
    """Returns what a solid of a material weighs, g; None for what has no volume."""
    volume = total.get("volume_mm3") or 0.0
    return grams(volume, material) if volume > 0 else None


def grams(volume: float, material: str) -> float:
    """Returns what a volume (mm³) of a material weighs, g; one that is not known counts as PLA."""
    return volume / 1000 * (density(material) or DENSITY[USUAL])


def filament(total: Mapping, material: str) -> float | None:
    """Returns how much filament a print takes, g; None where level and upright areas were not measured.

    The shell is the level planes times half of top and bottom layers, and the rest times the perimeters; infill has a
    share of what is within.
    """
    laid = _laid(total)
    return grams(sum(laid), material) * LOST if laid else None


def minutes(total: Mapping) -> float | None:
    """Returns how long a print takes as the part lies, in minutes, by a rate; None where it is not known what is laid.

    It is rough: speeds and accelerations, which a printer has and a part has not, decide as much.
    """
    laid, box = _laid(total), total.get("bbox_mm")
    if laid is None or not box:
        return None
    layers = (box[1][2] - box[0][2]) / PROFILE.layer
    return (sum(laid) / PROFILE.rate + layers * PROFILE.per_layer) / 60


def _laid(total: Mapping) -> tuple[float, float] | None:
    """Returns how much is laid in the shell and within it, mm³."""
    volume, area, level = (total.get(name) for name in ("volume_mm3", "area_mm2", "level_mm2"))
    if not volume or volume < 0 or area is None or level is None:
        return None
    upright = max(area - level, 0.0) * PROFILE.perimeters * PROFILE.line
    layers = level * (PROFILE.top + PROFILE.bottom) / 2 * PROFILE.layer
    shell = min(volume, upright + layers)
    return shell, PROFILE.infill * (volume - shell)
