"""Bisections: which revision made a part larger, heavier or slower to build."""

from typing import Literal

from pydantic import Field

from opendesign.actions.bisect_part import between, bisect_part, want_step
from opendesign.actions.find_revision import find_revision
from opendesign.actions.follow_part import follow_part
from opendesign.actions.house import Work
from opendesign.api.history import PointShown, point_shown
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, Sha, Shown, example
from opendesign.api.visit import brake
from opendesign.core.history import PROPERTIES
from opendesign.records.design import Design

Property = Literal["volume", "mass", "area", "x", "y", "z", "print", "seconds"]


class TurnWanted(Body):
    """What is searched for: the first revision at which a property passes a limit."""

    model_config = Body.model_config | example({"property": "volume", "limit": 9000.0})
    property: Property = Field(
        description="x, y and z are the size along an axis, print the rough time of a print, seconds that of the build."
    )
    limit: float | None = Field(
        None, description="In mm, mm², mm³, g, min or s; by default the middle between the first and the last value."
    )
    density: float = Field(1.0, gt=0, le=100, description="Of the material in g/cm³, for the mass of a solid part.")
    ref: str = Field("", description="A branch, tag or commit; by default the default branch.")
    since: Sha | None = Field(None, description="The older end, a point of the part's history; by default its first.")
    until: Sha | None = Field(None, description="The newer end; by default its last.")


class BisectionShown(Shown):
    """How far a search is, and what it found."""

    model_config = example(
        {
            "state": "none",
            "property": "volume",
            "unit": "mm³",
            "found": None,
            "before": None,
            "skipped": [],
            "making": [],
        }
    )
    state: Literal["found", "making", "none"] = Field(
        description="making: ask again when those builds are made; none: both ends are on the same side of the limit."
    )
    property: Property
    unit: str
    found: PointShown | None = Field(description="The first revision beyond the limit.")
    before: PointShown | None = Field(description="The last one before it that builds.")
    skipped: list[PointShown] = Field(description="Revisions between the two that do not build; any may have been it.")
    making: list[PointShown] = Field(description="What is built to go on.")


@operation(
    "POST",
    f"{DESIGN}/parts/{{path}}/bisections",
    {202: BisectionShown, 200: BisectionShown},
    verb="build",
    body=TurnWanted,
)
def search(work: Work, design: Design, path: str, body: TurnWanted) -> Answer:
    """Finds the revision at which a property of a part passed a limit, building as few revisions as it can.

    202 while it waits for builds, which it wants: ask again. Of a limit that was passed more than once, one passing is
    found. Revisions that do not build are skipped, and named.
    """
    brake()
    place = find_revision(work, design, body.ref)
    points = between(follow_part(work, design, place.sha, path).points, body.since or "", body.until or "")
    result = bisect_part(points, body.property, body.density, body.limit)
    if result.lacking:
        want_step(work, design, result)
    shown = BisectionShown(
        state=result.state,  # type: ignore[arg-type]
        property=body.property,
        unit=PROPERTIES[body.property],
        found=point_shown(result.found) if result.found else None,
        before=point_shown(result.before) if result.before else None,
        skipped=[point_shown(point) for point in result.skipped],
        making=[point_shown(point) for point in result.unknown],
    )
    return Answer(shown, 202 if result.state == "making" else 200)
