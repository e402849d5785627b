"""Comparisons: what lies between two revisions, in words, in parameters and in geometry."""

from collections.abc import Callable
from typing import Literal

from pydantic import Field

from opendesign.actions.compare import Change3D, PartComparison, compare, want_comparison
from opendesign.actions.find_build import find_comparison
from opendesign.actions.find_sides import Side as Found
from opendesign.actions.find_sides import find_sides, read_side
from opendesign.actions.house import Work
from opendesign.api.bills import BillCompared, bill_compared
from opendesign.api.builds import Ailment, FileMade, brake, files_made
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.revisions import FileChanged, file_changed
from opendesign.api.sending import sent_file
from opendesign.api.shape import Box, DesignPath, Sha, Shown, Value, Vector, example
from opendesign.api.visit import find_design, house, visitor
from opendesign.core.errors import NotFound
from opendesign.core.parameter import Change
from opendesign.core.printing import counted
from opendesign.core.snapshot import Snapshot
from opendesign.records.design import Design

COMPARISONS = "/api/v1/comparisons"
OVERLAYS = ("overlay", "png")
Side = tuple[Found, Snapshot]


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


class ParameterChanged(Shown):
    """A parameter whose default is not the same on both sides."""

    name: str
    path: str
    before: Value | None
    after: Value | None
    unit: str
    status: Literal["added", "removed", "changed"]


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
    wall_mm: Numbers = Field(description="The thinnest wall, sampled at 24 places.")
    overhang_mm2: Numbers = Field(description="Area that hangs over at more than 45°, off the bed.")
    method: str | None = Field(description="How the volumes added, removed and common were found.")
    error: Ailment | None
    files: list[FileMade] = Field(description="overlay: a GLB of what was added, removed and kept; png: a still.")


class Compared(Shown):
    """The parts and parameters of two trees side by side."""

    state: Literal["making", "made"] = Field(description="making: ask again; made: everything is known.")
    parameters: list[ParameterChanged]
    parts: list[PartCompared]
    bom: BillCompared


class EndShown(Shown):
    """One side of a comparison."""

    design: DesignPath
    ref: str
    commit: Sha
    parameters: dict[str, str] = Field(default_factory=dict, description="The values asked for.")


class ComparisonShown(Compared):
    """What lies between two revisions."""

    model_config = example(
        {
            "state": "making",
            "before": {
                "design": "ada/laptop-case",
                "ref": "main",
                "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            },
            "after": {"design": "bia/laptop-case", "ref": "main", "commit": "d670460b4b4aece5915caf5c68d12f560a9fe3e4"},
            "text": [],
            "parameters": [
                {"name": "wall", "path": "lid.py", "before": 2.0, "after": 2.4, "unit": "mm", "status": "changed"}
            ],
            "parts": [],
            "bom": {"rows": [], "costs": [{"currency": "EUR", "before": 12.4, "after": 13.1}], "unpriced": 2},
        }
    )
    before: EndShown
    after: EndShown
    text: list[FileChanged] = Field(description="What changed line by line.")


def want_rest(owner: str, name: str, range: str) -> None:
    """Wants the builds and differences of a comparison that nobody has wanted yet."""
    with house().reading(visitor()) as work:
        before, after = _sides(work, find_design(work, owner, name), range)
        found = compare(work, before[1], after[1])
        trees = (before[0].design, before[1]), (after[0].design, after[1])
    if found.lacking:
        brake()
    want_missing(found, lambda work: want_comparison(work, *trees))


def want_missing(found: Change3D, want: Callable[[Work], object]) -> None:
    """Wants what a comparison lacks, unless all of it is wanted, on its way or there."""
    if found.lacking:
        with house().writing(visitor()) as work:
            want(work)


@operation("GET", f"{DESIGN}/compare/{{range}}", ComparisonShown, verb="see", before=want_rest)
def show(work: Work, design: Design, range: str) -> Answer:
    """Compares two revisions, written `a...b`: how a is turned into b.

    Each side is a branch, tag or commit of this design, or `owner:ref` (also `owner/name:ref`) for a design of its
    family. Values of parameters may stand behind it, as in `main...main?wall=3` (`?` is written `%3F`): they are set in
    every part that has them. What is not built yet is built: while `state` is “making”, ask again.
    """
    (before, old), (after, new) = _sides(work, design, range)
    with work.house.store.open(after.design.key, also=[before.design.key]) as repository:
        text = [file_changed(change) for change in repository.diff(before.place.sha, after.place.sha)]
    ends = [_end(side, asked) for side, asked in zip((before, after), range.split("...", 1), strict=True)]
    found = compared(compare(work, old, new))
    return Answer(ComparisonShown(**found.model_dump(), before=ends[0], after=ends[1], text=text))


def _end(side: Found, asked: str) -> EndShown:
    ref = asked.partition("?")[0].rpartition(":")[2] or side.design.default_branch
    return EndShown(design=side.design.path, ref=ref, commit=side.place.sha, parameters=dict(side.values))


@operation(
    "GET",
    "/comparisons/{key}/files/{name}",
    {200: None, 206: None},
    media=["image/png", "model/gltf-binary"],
    refusals={404: "No such comparison, or no such file.", 416: "No such range."},
)
def download(work: Work, key: str, name: str) -> Answer:
    """Downloads a file of a comparison: overlay (GLB: added green, removed red, common grey) or png.

    A comparison never changes, so its files may be kept for ever.
    """
    if name not in OVERLAYS:
        raise NotFound(f"“{name[:40]}” is no file of a comparison; there are {', '.join(OVERLAYS)}.")
    row = find_comparison(work, key)
    ending = "png" if name == "png" else "glb"
    return Answer(sent_file(work, row.key, name, f"comparison-{key[:12]}.{ending}", False))


def compared(change: Change3D) -> Compared:
    """Returns a comparison as far as it is known."""
    parameters = {(each.path, each.name): each for part in change.parts for each in part.parameters}
    return Compared(
        state="making" if change.waiting else "made",
        parameters=[_parameter(each) for each in parameters.values()],
        parts=[part_compared(part) for part in change.parts],
        bom=bill_compared(change.bill),
    )


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
        wall_mm=both("wall_mm"),
        overhang_mm2=both("overhang_mm2"),
        method=part.method or None,
        error=part.error,
        files=files_made(f"{COMPARISONS}/{row.key}", row.files) if row is not None else [],
    )


def _numbers(part: PartComparison, name: str) -> Numbers:
    found = next((fact for fact in part.facts if fact.name == name), None)
    return Numbers.of(before=found.before if found else None, after=found.after if found else None)


def _materials(part: PartComparison) -> Materials:
    sides = [
        path and counted(word) for path, word in zip((part.pair.before, part.pair.after), part.materials, strict=True)
    ]
    return Materials.of(before=sides[0], after=sides[1], assumed=part.material_assumed)


def _parameter(change: Change) -> ParameterChanged:
    return ParameterChanged.model_validate(change, from_attributes=True)


def _sides(work: Work, design: Design, span: str) -> tuple[Side, Side]:
    before, after = find_sides(work, design, span)
    return (before, read_side(work, before)), (after, read_side(work, after))
