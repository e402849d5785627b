"""Builds: a part made from exactly these inputs, its measurements and its files."""

from datetime import datetime
from typing import Literal, cast

from pydantic import Field

from opendesign.actions.export import export, is_ready
from opendesign.actions.find_build import find_build, is_at_home
from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.stop_build import stop_build
from opendesign.actions.want_build import want_build
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.progress import ProgressShown, progress_shown
from opendesign.api.remarks import RemarkShown
from opendesign.api.sending import sent_file
from opendesign.api.shape import Body, Box, Shown, Value, Vector, example
from opendesign.api.visit import brake, house, visitor
from opendesign.api.waiting import LONGEST, Patience, await_end, await_seen
from opendesign.core.errors import Conflict
from opendesign.core.output import MEDIA, ON_DEMAND, demand_output, download_name
from opendesign.records.build import Build
from opendesign.records.design import Design, design_by_id

BUILDS = "/api/v1/builds"
State = Literal["wanted", "making", "made", "failed"]


class Ailment(Shown):
    """Why something was not made."""

    kind: str = Field(description="script, syntax, empty, time, memory, output, crash, invalid, geometry or stopped.")
    message: str
    file: str | None = None
    line: int | None = None


class Measured(Shown):
    """What was measured of a shape, or of all of a build together; lengths in mm."""

    name: str = ""
    volume_mm3: float | None = None
    area_mm2: float | None = None
    bbox_mm: Box | None = Field(None, description="The lowest and the highest corner.")
    centre_mm: Vector | None = None
    valid: bool | None = None
    solids: int | None = None
    faces: int | None = None
    edges: int | None = None
    level_mm2: float | None = Field(None, description="Area of the planes within 45° of level.")
    overhang_mm2: float | None = Field(None, description="Area that hangs over at more than 45°, off the bed.")
    wall_mm: float | None = Field(None, description="The thinnest wall at 24 places: there may be thinner ones.")
    colour: list[float] | str | None = None


class FileMade(Shown):
    """A file that was made, and where it is."""

    name: str
    format: str
    bytes: int
    href: str


class FileOffered(Shown):
    """A file that is not there yet, and where it is made when it is asked for."""

    name: str
    href: str


class BuildBrief(Shown):
    """How far a build is, and what it gave."""

    key: str = Field(pattern=r"^[0-9a-f]{64}$")
    state: State
    part: str
    parameters: dict[str, Value] = Field(description="The values asked for; empty: the design's own.")
    error: Ailment | None
    seconds: float | None
    total: Measured | None = Field(description="Everything the part shows, measured together.")
    files: list[FileMade]
    on_demand: list[FileOffered] = Field(default_factory=list, description="Files that are made when first asked for.")
    href: str


class BuildShown(BuildBrief):
    """A build with all that is known of it."""

    model_config = example(
        {
            "key": "5e" * 32,
            "state": "made",
            "part": "lid.py",
            "parameters": {"wall": 2.4},
            "error": None,
            "seconds": 0.41,
            "total": {"volume_mm3": 9540.0, "bbox_mm": [[0, 0, 0], [120, 80, 12]], "valid": True, "solids": 1},
            "files": [
                {
                    "name": "step",
                    "format": "step",
                    "bytes": 41233,
                    "href": f"/api/v1/builds/{'5e' * 32}/files/step",
                }
            ],
            "href": f"/api/v1/builds/{'5e' * 32}",
            "shapes": [],
            "warnings": [],
            "remarks": [],
            "log": "",
            "progress": None,
            "wanted_at": "2024-05-01T12:00:00Z",
            "finished_at": "2024-05-01T12:00:01Z",
        }
    )
    shapes: list[Measured]
    warnings: list[str] = Field(description="The messages of all remarks.")
    remarks: list[RemarkShown]
    log: str = Field(description="What the script printed; of more than 64 KiB the beginning and the end.")
    progress: ProgressShown | None = Field(description="How far it is, while it is wanted or being made.")
    wanted_at: datetime
    finished_at: datetime | None


class BuildWanted(Body):
    """Which part is to be built, from which revision, with which parameters."""

    model_config = Body.model_config | example({"part": "lid.py", "ref": "main", "parameters": {"wall": 2.4}})
    part: str = Field(description="The part's path; “.py” may be left out.")
    ref: str = Field("", description="A branch, tag or commit; by default the default branch.")
    parameters: dict[str, Value] = Field(default_factory=dict)


def wait_for_it(answer: Answer, query: Patience) -> Answer:
    """Returns how far a wanted build is when it has ended, or the patience has."""
    if not query.wait or answer.status == 200:
        return answer
    key = cast(BuildShown, answer.content).key
    await_end(key, query.wait)
    with house().reading(visitor()) as work:
        return _wished(work, find_build(work, key))


def _wished(work: Work, build: Build) -> Answer:
    return Answer(build_shown(work, build), 200 if build.ended else 202, f"{BUILDS}/{build.key}")


@operation(
    "POST",
    f"{DESIGN}/builds",
    {202: BuildShown, 200: BuildShown},
    verb="build",
    query=Patience,
    body=BuildWanted,
    until=wait_for_it,
)
def want(work: Work, design: Design, query: Patience, body: BuildWanted) -> Answer:
    """Wants a part built with these parameters.

    200 when it has ended (made with all files, or failed), 202 while it is being made: ask its `href`. With `wait`
    the answer comes when it has ended, or when the time is over; one that is repeated under its Idempotency-Key does
    not wait.
    """
    brake()
    snapshot = read_tree(work, design, find_revision(work, design, body.ref).sha)
    return _wished(work, want_build(work, design, snapshot, body.part, body.parameters))


@operation("GET", "/builds/{key}", BuildShown, query=Patience, before=await_seen, refusals={404: "No such build."})
def show(work: Work, key: str, query: Patience) -> Answer:
    """Shows how far a build is, and what it gave."""
    return Answer(build_shown(work, find_build(work, key)))


@operation(
    "POST",
    "/builds/{key}/cancellation",
    {200: BuildShown},
    refusals={403: "Somebody else asked for it.", 404: "No such build.", 409: "It has ended already."},
)
def cancel(work: Work, key: str) -> Answer:
    """Stops a build that is wanted or being made; it then has failed, with an error of the kind “stopped”.

    Whoever asked for it may, and whoever may edit a design that has it. Wanting it afterwards has it made again.
    """
    brake()
    return Answer(build_shown(work, stop_build(work, key)))


def make_rest(key: str, name: str) -> None:
    """Makes a file that a build does not have yet, when it is asked for."""
    demand_output(name)
    with house().reading(visitor()) as work:
        made = find_build(work, key).state == "made"
    if made:
        if not is_ready(house(), key, name):
            brake()
        export(house(), visitor(), key, name)


@operation(
    "GET",
    "/builds/{key}/files/{name}",
    {200: None, 206: None},
    before=make_rest,
    media=sorted(set(MEDIA.values())),
    refusals={
        404: "No such build, or no such file.",
        409: "The build has not been made.",
        416: "No such range.",
    },
)
def download(work: Work, key: str, name: str) -> Answer:
    """Downloads a file of a build: step, stl, 3mf, glb, brep, png, viewer (GLB with edges), svg, dxf, png-large.

    svg is a drawing with three views and overall dimensions; dxf the outline of a flat result, the profile of a plate,
    else the section at mid-height (z). Sections are named for their plane and its place in mm: dxf-z-12.5, svg-x--3.
    png is 640 × 480, png-large 1600 × 1200. Whatever not every build needs is made when it is first asked for, which
    takes a second, and then kept. A build never changes, so its files may be kept for ever. Ranges are served, and
    gzip where it is accepted.
    """
    build = find_build(work, key)
    if build.state != "made":
        raise Conflict(f"This build is {build.state}; ask {BUILDS}/{key}?wait={LONGEST} until it is made.")
    design = design_by_id(work.session, build.design_id) if is_at_home(work, build) else None
    called = download_name(design.name if design else "part", build.part, key, build.recipe["values"], name)
    open_to_all = design is not None and design.visibility == "public"
    return Answer(sent_file(work, key, name, called, open_to_all))


def build_shown(work: Work, build: Build) -> BuildShown:
    """Returns all that is known of a build."""
    return BuildShown(
        **build_brief(build).model_dump(),
        shapes=[Measured.model_validate(shape) for shape in build.shapes],
        warnings=[remark["message"] for remark in build.remarks],
        remarks=[RemarkShown.model_validate(remark) for remark in build.remarks],
        log=build.log or "",
        progress=progress_shown(work, build),
        wanted_at=build.wanted_at,
        finished_at=build.finished_at,
    )


def build_brief(build: Build) -> BuildBrief:
    """Returns how far a build is, and what it gave."""
    return BuildBrief.of(
        key=build.key,
        state=build.state,
        part=build.part,
        parameters=build.recipe["values"],
        error=build.error,
        seconds=build.seconds,
        total=build.total,
        files=files_made(f"{BUILDS}/{build.key}", build.files),
        on_demand=files_offered(build),
        href=f"{BUILDS}/{build.key}",
    )


def files_offered(build: Build) -> list[FileOffered]:
    """Returns the files that a build which was made can still have; sections are beyond number."""
    lacking = [name for name in ON_DEMAND if build.state == "made" and name not in (build.files or {})]
    return [FileOffered(name=name, href=f"{BUILDS}/{build.key}/files/{name}") for name in lacking]


def files_made(base: str, files: dict | None) -> list[FileMade]:
    """Returns the files of a build or comparison with their addresses."""
    return [
        FileMade(name=name, format=name, bytes=size, href=f"{base}/files/{name}")
        for name, size in sorted((files or {}).items())
    ]
