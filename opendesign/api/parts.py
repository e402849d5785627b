"""Parts: the scripts and model files of a revision that show a shape, and the parameters scripts have."""

from typing import Literal

from pydantic import Field

from opendesign.actions.edit import set_parameters
from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.say_part import say_part
from opendesign.actions.want_build import part_key
from opendesign.api.builds import BuildBrief, build_brief
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, Page, Sha, Shown, Value, example
from opendesign.core.snapshot import MANIFEST, Snapshot
from opendesign.records.build import Build, builds_by_key
from opendesign.records.design import Design, known_refs


class ParameterShown(Shown):
    """A literal of a script that a person may set, or (`derived`) what follows from such."""

    name: str = Field(description="Dotted for a field, argument or entry: Params.width.")
    type: Literal["number", "integer", "boolean", "text", "choice", "numbers", "texts"]
    default: Value = Field(description="Null for a derived one whose value cannot be worked out.")
    minimum: float | None
    maximum: float | None
    step: float | None
    choices: list[Value]
    labels: list[str] = Field(description="What each choice is called; empty: as it is written.")
    resizable: bool = Field(description="Whether a list may have another number of entries.")
    derived: bool = Field(description="It cannot be set: it follows from others by `expression`.")
    expression: str
    unit: str
    help: str
    group: str
    path: str = Field(description="The file it stands in.")
    line: int


class PresetShown(Shown):
    """Values of a part's parameters under a name; what it does not name is as in the script."""

    model_config = example({"name": "Thick walls", "values": {"wall": 3.2}, "problem": ""})
    name: str = Field(description="Empty for a file of presets that cannot be read.")
    values: dict[str, Value]
    problem: str = Field(description="Why it cannot be used; empty when it can.")


class PartShown(Shown):
    """A part of a revision with its parameters, and its build as the design has it."""

    model_config = example(
        {
            "path": "lid.py",
            "title": "Lid",
            "summary": "",
            "engine": "cadquery",
            "parameters": [
                {
                    "name": "wall",
                    "type": "number",
                    "default": 2.0,
                    "minimum": 1.0,
                    "maximum": 5.0,
                    "step": 0.1,
                    "choices": [],
                    "labels": [],
                    "resizable": False,
                    "derived": False,
                    "expression": "",
                    "unit": "mm",
                    "help": "Wall thickness",
                    "group": "",
                    "path": "lid.py",
                    "line": 4,
                }
            ],
            "presets": [{"name": "Thick walls", "values": {"wall": 3.2}, "problem": ""}],
            "build": None,
        }
    )
    path: str
    title: str
    summary: str
    engine: Literal["cadquery", "build123d", "step", "iges", "brep", "stl", "3mf", "dxf", "svg"] = Field(
        description="What makes it: the library of its script, or the kind of a model file."
    )
    parameters: list[ParameterShown]
    presets: list[PresetShown]
    build: BuildBrief | None = Field(description="Its build; null while nobody has wanted it.")


class AtRef(Page):
    """A revision, and a page of what it holds."""

    ref: str = Field("", description="A branch, tag or commit; by default the default branch.")


class ValuesWanted(Body):
    """New values of a part's parameters, to be committed."""

    model_config = Body.model_config | example({"branch": "main", "values": {"wall": 2.4}, "message": "Thicker walls"})
    branch: str = Field("", description="By default the default branch.")
    values: dict[str, Value] = Field(description="Value by name of the parameter.")
    message: str = Field("", description="By default the values are named.")
    expected: Sha | None = Field(None, description="The commit the branch is thought to be at.")


class PartSaid(Body):
    """What a file is to be: a part or none, and its title. What is left out stays as it is."""

    model_config = Body.model_config | example({"listed": True, "title": "Battery cover"})
    branch: str = Field("", description="By default the default branch.")
    listed: bool | None = Field(None, description="Whether it is shown among the parts.")
    title: str | None = Field(None, min_length=1, max_length=80)
    message: str = Field("", description="By default it says what was changed.")
    expected: Sha | None = Field(None, description="The commit the branch is thought to be at.")


class Committed(Shown):
    """A commit that was made on a branch."""

    model_config = example({"commit": "9fceb02d0ae598e95dc970b74767f19372d61af8", "branch": "main", "path": "lid.py"})
    commit: Sha
    branch: str
    path: str


@operation("GET", f"{DESIGN}/parts", list[PartShown], verb="see", query=AtRef)
def list_all(work: Work, design: Design, query: AtRef) -> Answer:
    """Lists the parts of a revision: scripts in order of path, then model files.

    Which files are parts is found by evidence, and said otherwise in `okh.toml`. Any other script or model file can
    be built all the same: name it when you want a build.
    """
    if not query.ref and f"refs/heads/{design.default_branch}" not in known_refs(work.session, design):
        return Answer([], total=0)
    snapshot = read_tree(work, design, find_revision(work, design, query.ref).sha)
    keys = {part.path: part_key(snapshot, part.path) for part in query.of(snapshot.parts)}
    builds = builds_by_key(work.session, keys.values())
    shown = [part_shown(snapshot, path, builds.get(key)) for path, key in keys.items()]
    return Answer(shown, total=len(snapshot.parts))


@operation("PUT", f"{DESIGN}/parts/{{path}}/parameters", Committed, verb="edit", body=ValuesWanted)
def set_values(work: Work, design: Design, path: str, body: ValuesWanted) -> Answer:
    """Commits new parameter values: exactly those literals change in the source.

    To try values without a commit, ask for a build with `parameters`.
    """
    branch = body.branch or design.default_branch
    commit = set_parameters(work, design, branch, path, body.values, body.message, body.expected)
    return Answer(Committed(commit=commit, branch=branch, path=path))


@operation("PUT", f"{DESIGN}/parts/{{path}}", Committed, verb="edit", body=PartSaid)
def say(work: Work, design: Design, path: str, body: PartSaid) -> Answer:
    """Says in `okh.toml` whether a script or model file is a part, and what it is called, as a commit.

    Comments and order in the file stay; it is made when it is missing.
    """
    branch = body.branch or design.default_branch
    commit = say_part(work, design, branch, path, body.listed, body.title, body.message, body.expected)
    return Answer(Committed(commit=commit, branch=branch, path=MANIFEST))


def part_shown(snapshot: Snapshot, path: str, build: Build | None) -> PartShown:
    """Returns a part of a revision."""
    part = snapshot.part(path)
    parameters = [ParameterShown.model_validate(each, from_attributes=True) for each in snapshot.parameters(part.path)]
    return PartShown.of(
        path=part.path,
        title=part.title,
        summary=part.summary,
        engine=part.engine,
        parameters=parameters,
        presets=presets_shown(snapshot, part.path),
        build=build_brief(build) if build else None,
    )


def presets_shown(snapshot: Snapshot, path: str) -> list[PresetShown]:
    """Returns the presets of a part of a revision."""
    return [PresetShown.model_validate(each, from_attributes=True) for each in snapshot.presets(path)]
