"""What of a contract is missed, in the part's own coordinates (mm), for whoever draws it."""

from typing import Literal

from pydantic import Field

from opendesign.api.shape import Box, Shown, Vector, example


class PlaceShown(Shown):
    """A place that can be drawn: a round one, a flat one, or a box; what it is not is null."""

    ends: tuple[Vector, Vector] | None = Field(None, description="Of a round one's middle line.")
    diameter: float | None = None
    corners: list[Vector] | None = Field(None, description="Four, around a flat one.")
    box: Box | None = None


class FigureShown(Shown):
    """What was promised, what is there, and what is measured between both."""

    kind: Literal["round", "flat", "side"]
    name: str = Field(
        description="Which hole of the contract's list, from 1 on; which tag; or which side, such as “+x”."
    )
    promised: PlaceShown
    found: PlaceShown | None = Field(description="Null where nothing comes near.")
    line: tuple[Vector, Vector] | None = Field(description="From the promised place to the one found.")
    between: Box | None = Field(description="Of a side: the room between where it is promised and where it is.")


class MisfitShown(Shown):
    """One thing of a contract that a part misses."""

    model_config = example(
        {
            "part": "lid.py",
            "build": "5e" * 32,
            "detail": "has the hole ⌀ 3.2 mm at (5, 5, 0) 0.8 mm off its place",
            "by_mm": 0.8,
            "figure": {
                "kind": "round",
                "name": "3",
                "promised": {"ends": [[5, 5, -2], [5, 5, 0]], "diameter": 3.2},
                "found": {"ends": [[5.8, 5, -2], [5.8, 5, 0]], "diameter": 3.2},
                "line": [[5, 5, 0], [5.8, 5, 0]],
                "between": None,
            },
        }
    )
    part: str
    build: str = Field(description="The key of the part's build.")
    detail: str
    by_mm: float | None = Field(description="Null where it cannot be measured.")
    figure: FigureShown
