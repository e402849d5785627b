"""Lays views out on a sheet of paper: format, standard scale, and where each view goes (third angle, ISO 5456-2)."""

from dataclasses import dataclass, field

import numpy as np

from opendesign.cad.inside.views import View

# ISO 5455, largest first: a scale is how many mm of paper a mm of the part takes.
SCALES = [(over, 1) for over in (100, 50, 20, 10, 5, 2, 1)] + [
    (1, under * ten) for ten in (1, 10, 100, 1000) for under in (2, 5, 10)
]
FORMATS = {"A4": (297, 210), "A3": (420, 297)}
BORDER = 8
BLOCK = 22  # height of the title block
DIMENSION = 15  # room for a dimension line beside a view
GAP = 13  # between views
PAD = 5  # between the frame and whatever is next to it
SMALLEST_ISO, LARGEST_ISO = 14, 90


@dataclass
class Placed:
    """A view on the paper: its scale, and where its lower left corner lies (mm from the sheet's top left)."""

    view: View
    scale: float
    left: float
    bottom: float

    def on_paper(self, points: np.ndarray) -> np.ndarray:
        """Returns points of the view (n × 2) in mm of paper, y downwards."""
        return (np.asarray(points) - self.view.low) * self.scale * (1, -1) + (self.left, self.bottom)

    @property
    def width(self) -> float:
        """Its width on the paper."""
        return float(self.view.high[0] - self.view.low[0]) * self.scale

    @property
    def height(self) -> float:
        """Its height on the paper."""
        return float(self.view.high[1] - self.view.low[1]) * self.scale


@dataclass
class Sheet:
    """A format with its size in mm, the scale as people write it, and the views by name."""

    format: str
    scale: str
    views: dict[str, Placed] = field(default_factory=dict)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in mm."""
        return FORMATS[self.format]


def laid_out(views: dict[str, View]) -> Sheet:
    """Returns the sheet: A4 where the part fits at full size or nearly, else the one with the larger scale."""
    size, depth = views["front"].high - views["front"].low, views["right"].high - views["right"].low
    width, height, deep = float(size[0]), float(max(size[1], depth[1])), float(depth[0])
    small, large = fitting("A4", width, height, deep), fitting("A3", width, height, deep)
    chosen = "A3" if large < small and SCALES[small][0] <= SCALES[small][1] else "A4"
    over, under = SCALES[min(small, large) if chosen == "A3" else small]
    sheet = Sheet(chosen, f"{over}:{under}")
    place(sheet, views, over / under, (width, height, deep))
    return sheet


def alone(view: View) -> Sheet:
    """Returns an A4 sheet with one view in its middle."""
    width, height = (float(length) for length in view.high - view.low)
    over, under = SCALES[fitting("A4", width, height, 0)]
    scale, (wide, high) = over / under, room("A4")
    left = BORDER + PAD + DIMENSION + (wide - width * scale) / 2
    bottom = BORDER + PAD + (high + height * scale) / 2
    return Sheet("A4", f"{over}:{under}", {"section": Placed(view, scale, left, bottom)})


def fitting(format: str, width: float, height: float, depth: float) -> int:
    """Returns the place of the largest scale at which three views of a box fit, the smallest if none does."""
    wide, high = room(format)
    for number, (over, under) in enumerate(SCALES):
        scale = over / under
        if (width + depth) * scale + GAP <= wide and (height + depth) * scale + GAP <= high:
            return number
    return len(SCALES) - 1


def room(format: str) -> tuple[float, float]:
    """Returns how much of a format the three views may take, mm."""
    wide, high = FORMATS[format]
    return wide - 2 * BORDER - DIMENSION - 2 * PAD, high - 2 * BORDER - BLOCK - DIMENSION - 2 * PAD


def place(sheet: Sheet, views: dict[str, View], scale: float, box: tuple[float, float, float]) -> None:
    """Puts the front view lower left, the top view above it, the right view beside it, a picture in the corner."""
    width, height, depth = (length * scale for length in box)
    wide, high = room(sheet.format)
    across = min(GAP * 3, GAP + (wide - width - depth - GAP) / 3)
    along = min(GAP * 3, GAP + (high - height - depth - GAP) / 3)
    left = BORDER + PAD + DIMENSION + (wide - width - depth - across) / 2
    bottom = sheet.size[1] - BORDER - BLOCK - PAD - DIMENSION - (high - height - depth - along) / 2
    beside, above = left + width + across, bottom - height - along
    sheet.views["front"] = Placed(views["front"], scale, left, bottom)
    sheet.views["top"] = Placed(views["top"], scale, left, above)
    sheet.views["right"] = Placed(views["right"], scale, beside, bottom)
    iso = views["iso"]
    free = np.array([sheet.size[0] - BORDER - PAD - beside, above + along / 2 - BORDER - PAD])
    extent = np.maximum(iso.high - iso.low, 1e-9)
    fit = float(min(np.minimum(free, LARGEST_ISO) / extent))
    fit = min(fit, scale)
    size = extent * fit
    if max(size) >= SMALLEST_ISO:
        middle = beside + min(free[0], max(depth, size[0])) / 2
        centre = BORDER + PAD + free[1] / 2
        sheet.views["iso"] = Placed(iso, fit, float(middle - size[0] / 2), float(centre + size[1] / 2))
