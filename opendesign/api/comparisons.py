"""Comparisons: what lies between two revisions, in words, in parameters and in geometry."""

from collections.abc import Callable
from typing import Literal

from pydantic import Field

from opendesign.actions.compare import Change3D, compare, want_comparison
from opendesign.actions.find_build import find_comparison
from opendesign.actions.find_sides import Side as Found
from opendesign.actions.find_sides import find_sides, read_side
from opendesign.actions.house import Work
from opendesign.actions.picture import LARGE, picture
from opendesign.api.bills import BillCompared, bill_compared
from opendesign.api.differences import PartCompared, part_compared
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.revisions import FileChanged, file_changed
from opendesign.api.sending import sent_file
from opendesign.api.shape import DesignPath, Sha, Shown, Value, example
from opendesign.api.visit import brake, find_design, house, visitor
from opendesign.core.errors import NotFound
from opendesign.core.output import ending as ending_of
from opendesign.core.parameter import Change
from opendesign.core.snapshot import Snapshot
from opendesign.records.design import Design

OVERLAYS = ("overlay", "png", LARGE)
Side = tuple[Found, Snapshot]


class ParameterChanged(Shown):
    """A parameter whose default is not the same on both sides."""

    name: str
    path: str
    before: Value | None
    after: Value | None
    unit: str
    status: Literal["added", "removed", "changed"]


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
    """Wants what a comparison or review lacks, unless all of it is wanted, on its way or there."""
    if found.lacking:
        with house().writing(visitor()) as work:
            want(work)


@operation("GET", f"{DESIGN}/compare/{{range}}", ComparisonShown, verb="see", before=want_rest)
def show(work: Work, design: Design, range: str) -> Answer:
    """Compares two revisions, written `a...b`: how a is turned into b.

    Each side is a branch, tag or commit of this design, or `owner:ref` (also `owner/name:ref`) for a design of its
    family. Values of parameters may stand behind it, as in `main...main?wall=3` (`?` is written `%3F`): they are set in
    every part that has them; so is a preset, as in `main?preset=Wide`. What is not built yet is built: while `state` is
    “making”, ask again.
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


def draw_rest(key: str, name: str) -> None:
    """Draws the large picture of a comparison when it is first asked for."""
    if name not in OVERLAYS:
        raise NotFound(f"“{name[:40]}” is no file of a comparison; there are {', '.join(OVERLAYS)}.")
    with house().reading(visitor()) as work:
        lacking = LARGE not in (find_comparison(work, key).files or {})
    if name == LARGE and lacking:
        brake()
        picture(house(), visitor(), key)


@operation(
    "GET",
    "/comparisons/{key}/files/{name}",
    {200: None, 206: None},
    before=draw_rest,
    media=["image/png", "model/gltf-binary"],
    refusals={
        404: "No such comparison, or no such file.",
        409: "The comparison has not been made.",
        416: "No such range.",
    },
)
def download(work: Work, key: str, name: str) -> Answer:
    """Downloads a file of a comparison: overlay (GLB: added green, removed red, common grey), png or png-large.

    The pictures have the same colours, and stripes on what was removed; png is 640 × 480, png-large 1600 × 1200, drawn
    when it is first asked for. A comparison never changes, so its files may be kept for ever.
    """
    row = find_comparison(work, key)
    ending = "glb" if name == "overlay" else ending_of(name)[1:]
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


def _parameter(change: Change) -> ParameterChanged:
    return ParameterChanged.model_validate(change, from_attributes=True)


def _sides(work: Work, design: Design, span: str) -> tuple[Side, Side]:
    before, after = find_sides(work, design, span)
    return (before, read_side(work, before)), (after, read_side(work, after))
