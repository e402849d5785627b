"""What a comparison shows of one part: its facts, shapes and geometry before and after."""

from typing import Literal

from pydantic import Field

from opendesign.actions.compare import PartComparison
from opendesign.actions.picture import LARGE
from opendesign.api.builds import Ailment, FileMade, FileOffered, files_made
from opendesign.api.promises import PromiseShown, promise_shown
from opendesign.api.shape import Box, Shown, Vector
from opendesign.core.printing import counted
from opendesign.core.shapes import Change
from opendesign.records.build import Comparison

COMPARISONS = "/api/v1/comparisons"


class Volumes(Shown):
    """Volumes in mm³; null for what is not known (yet)."""

    before: float | None
    after: float | None
    added: float | None
    removed: float | None
    common: float | None


class Numbers(Shown):
    """A number before and after."""

    before: float | None
    after: float | None


class Truths(Shown):
    """Whether it is a valid shape, before and after."""

    before: bool | None
    after: bool | None


class Boxes(Shown):
    """The bounding box in mm, before and after."""

    before: Box | None
    after: Box | None


class Centres(Shown):
    """The centre of mass in mm, before and after."""

    before: Vector | None
    after: Vector | None


class Materials(Shown):
    """What a part is made of by bom.csv, else okh.toml; PLA is counted with where it is assumed."""

    before: str | None
    after: str | None
    assumed: bool


class ShapeCompared(Shown):
    """One shape of a part before and after."""

    name: str
    old_name: str | None = Field(description="The name before, where it is another.")
    status: Literal["moved", "renamed", "changed", "added", "removed"]
    volume_mm3: Numbers
    centre_mm: Centres


class PartCompared(Shown):
    """One part before and after."""

    path: str
    old_path: str | None = Field(description="The path before, where it is another.")
    status: Literal["unchanged", "changed", "added", "removed", "renamed"]
    state: Literal["none", "wanted", "making", "made", "failed"] = Field(
        description="How far the difference in geometry is; none is needed for an unchanged part."
    )
    before: str | None = Field(description="The key of the build before.")
    after: str | None = Field(description="The key of the build after.")
    volume_mm3: Volumes
    area_mm2: Numbers
    bbox_mm: Boxes
    centre_mm: Centres
    solids: Numbers
    faces: Numbers
    valid: Truths
    material: Materials
    mass_g: Numbers = Field(description="The mass of a solid one.")
    filament_g: Numbers = Field(description="What a print takes, estimated without slicing: -5 % to +30 %.")
    print_min: Numbers = Field(description="How many minutes a print takes, by a rate: rough, -20 % to +50 %.")
    wall_mm: Numbers = Field(description="The thinnest wall, sampled at 24 places.")
    overhang_mm2: Numbers = Field(description="Area that hangs over at more than 45°, off the bed.")
    shapes: list[ShapeCompared] = Field(description="The shapes that differ, where there is more than one.")
    contracts: list[PromiseShown] = Field(
        description="The interface contracts of both sides that are about a part that differs."
    )
    method: str | None = Field(description="How the volumes were found: exact (by the kernel) or mesh (by triangles).")
    approximate: bool | None = Field(description="False: the volumes make up those before and after to a thousandth.")
    error: Ailment | None
    files: list[FileMade] = Field(description="overlay: a GLB of what was added, removed and kept; png: a picture.")
    on_demand: list[FileOffered] = Field(description="Files drawn when they are first asked for: png-large.")


def part_compared(part: PartComparison) -> PartCompared:
    """Returns one part before and after."""
    row = part.comparison
    totals = [build.total or {} if build else {} for build in (part.before, part.after)]

    # For an unchanged part this is known without any kernel.
    same = {"added": 0.0, "removed": 0.0, "common": totals[1].get("volume_mm3")}
    volumes = same if part.status == "unchanged" else part.volumes

    def both(name: str) -> dict:
        return {"before": totals[0].get(name), "after": totals[1].get(name)}

    return PartCompared.of(
        path=part.path,
        old_path=part.pair.before if part.pair.before != part.path else None,
        status=part.status,
        state=part.state,
        before=part.before.key if part.before else None,
        after=part.after.key if part.after else None,
        volume_mm3=both("volume_mm3") | dict.fromkeys(("added", "removed", "common")) | volumes,
        area_mm2=both("area_mm2"),
        bbox_mm=both("bbox_mm"),
        centre_mm=both("centre_mm"),
        solids=both("solids"),
        faces=both("faces"),
        valid=both("valid"),
        material=_materials(part),
        mass_g=_numbers(part, "mass"),
        filament_g=_numbers(part, "filament"),
        print_min=_numbers(part, "print"),
        wall_mm=both("wall_mm"),
        overhang_mm2=both("overhang_mm2"),
        shapes=[_shape(change) for change in part.shapes if change.status != "unchanged"],
        contracts=[promise_shown(each) for each in part.promises] if part.status != "unchanged" else [],
        method=part.method or None,
        approximate=part.approximate if part.volumes else None,
        error=part.error,
        files=files_made(f"{COMPARISONS}/{row.key}", row.files) if row is not None else [],
        on_demand=_offered(row),
    )


def _offered(row: Comparison | None) -> list[FileOffered]:
    if row is None or row.state != "made" or LARGE in (row.files or {}):
        return []
    return [FileOffered(name=LARGE, href=f"{COMPARISONS}/{row.key}/files/{LARGE}")]


def _numbers(part: PartComparison, name: str) -> Numbers:
    found = next((fact for fact in part.facts if fact.name == name), None)
    return Numbers.of(before=found.before if found else None, after=found.after if found else None)


def _shape(change: Change) -> ShapeCompared:
    sides = [side or {} for side in (change.before, change.after)]
    return ShapeCompared.of(
        name=change.name,
        old_name=sides[0]["name"] if change.before and change.before["name"] != change.name else None,
        status=change.status,
        volume_mm3={"before": sides[0].get("volume_mm3"), "after": sides[1].get("volume_mm3")},
        centre_mm={"before": sides[0].get("centre_mm"), "after": sides[1].get("centre_mm")},
    )


def _materials(part: PartComparison) -> Materials:
    sides = [
        path and counted(word) for path, word in zip((part.pair.before, part.pair.after), part.materials, strict=True)
    ]
    return Materials.of(before=sides[0], after=sides[1], assumed=part.material_assumed)
