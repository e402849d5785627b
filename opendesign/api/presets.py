"""Presets of a part: named values of its parameters, in `presets.json` next to its script."""

from pydantic import Field

from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.keep_preset import drop_preset, keep_preset, rename_preset
from opendesign.actions.read_tree import read_tree
from opendesign.api.designs import address
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.parts import Committed, PresetShown, presets_shown
from opendesign.api.shape import Body, Page, Query, Sha, Value, example
from opendesign.core.preset import presets_path
from opendesign.records.design import Design

PRESETS = f"{DESIGN}/parts/{{path}}/presets"


class AtRef(Page):
    """A revision, and a page of a part's presets in it."""

    ref: str = Field("", description="A branch, tag or commit; by default the default branch.")


class PresetWanted(Body):
    """The values to keep under a name; those that are the script's own are left out."""

    model_config = Body.model_config | example({"branch": "main", "values": {"wall": 3.2}})
    branch: str = Field("", description="By default the default branch.")
    values: dict[str, Value] = Field(description="Value by name of the parameter.")
    message: str = Field("", description="By default the preset is named.")
    expected: Sha | None = Field(None, description="The commit the branch is thought to be at.")


class NameWanted(Body):
    """Another name for a preset."""

    model_config = Body.model_config | example({"name": "Very thick walls"})
    branch: str = Field("", description="By default the default branch.")
    name: str
    expected: Sha | None = Field(None, description="The commit the branch is thought to be at.")


class PresetDropped(Query):
    """From which branch a preset is dropped, and why."""

    branch: str = Field("", description="By default the default branch.")
    message: str = ""
    expected: str | None = Field(None, pattern=r"^[0-9a-f]{40}$")


@operation("GET", PRESETS, list[PresetShown], verb="see", query=AtRef)
def list_all(work: Work, design: Design, path: str, query: AtRef) -> Answer:
    """Lists the presets of a part, in the order of their file; one that cannot be used says why."""
    snapshot = read_tree(work, design, find_revision(work, design, query.ref).sha)
    shown = presets_shown(snapshot, snapshot.part(path).path)
    return Answer(query.of(shown), total=len(shown))


@operation("PUT", f"{PRESETS}/{{preset}}", {200: Committed, 201: Committed}, verb="edit", body=PresetWanted)
def keep(work: Work, design: Design, path: str, preset: str, body: PresetWanted) -> Answer:
    """Commits values under a name, 201 when it is new; values of a preset that is there are replaced."""
    branch = body.branch or design.default_branch
    snapshot = read_tree(work, design, find_revision(work, design, branch).sha)
    script = snapshot.part(path).path
    there = preset in {each.name for each in snapshot.presets(script)}
    commit = keep_preset(work, design, branch, path, preset, body.values, body.message, body.expected)
    committed = Committed(commit=commit, branch=branch, path=presets_path(script))
    return Answer(committed, 200 if there else 201, f"{address(design)}/parts/{script}/presets")


@operation("PUT", f"{PRESETS}/{{preset}}/name", Committed, verb="edit", body=NameWanted)
def rename(work: Work, design: Design, path: str, preset: str, body: NameWanted) -> Answer:
    """Commits another name for a preset; its values and its place among the others stay."""
    branch = body.branch or design.default_branch
    commit = rename_preset(work, design, branch, path, preset, body.name, body.expected)
    return Answer(Committed(commit=commit, branch=branch, path=presets_path(path)))


@operation("DELETE", f"{PRESETS}/{{preset}}", Committed, verb="edit", query=PresetDropped)
def drop(work: Work, design: Design, path: str, preset: str, query: PresetDropped) -> Answer:
    """Commits the deletion of a preset."""
    branch = query.branch or design.default_branch
    commit = drop_preset(work, design, branch, path, preset, query.message, query.expected)
    return Answer(Committed(commit=commit, branch=branch, path=presets_path(path)))
