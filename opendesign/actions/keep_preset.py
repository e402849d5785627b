"""Somebody keeps the values of a part's sliders under a name, renames it or drops it: a commit of `presets.json`."""

from collections.abc import Callable, Mapping

from opendesign.actions.edit import edit_files
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.core import preset
from opendesign.core.parameter import check_values
from opendesign.core.snapshot import Snapshot
from opendesign.records.design import Design


def keep_preset(
    work: Work,
    design: Design,
    branch: str,
    path: str,
    name: str,
    values: Mapping[str, object],
    message: str = "",
    expected: str | None = None,
) -> str:
    """Commits a preset of a part, new or in the place of the one of this name; returns the commit.

    Only values that differ from the script's own are kept. Raises Invalid for values the part does not take, Conflict
    when the branch has moved.
    """

    def change(snapshot: Snapshot, script: str, text: str | None) -> str:
        parameters = snapshot.parameters(script)
        defaults = {each.name: each.default for each in parameters}
        checked = check_values(parameters, values)
        differing = {each: value for each, value in checked.items() if value != defaults[each]}
        return preset.keep_preset(text, script, name, differing)

    return _commit(work, design, branch, path, change, message or f"Preset {name} of {path}", expected)


def rename_preset(
    work: Work, design: Design, branch: str, path: str, was: str, name: str, expected: str | None = None
) -> str:
    """Commits another name for a preset and returns the commit; raises NotFound for none, Conflict for a name taken."""

    def change(snapshot: Snapshot, script: str, text: str | None) -> str:
        return preset.rename_preset(text, script, was, name)

    return _commit(work, design, branch, path, change, f"Preset {was} of {path} is called {name}", expected)


def drop_preset(
    work: Work, design: Design, branch: str, path: str, name: str, message: str = "", expected: str | None = None
) -> str:
    """Commits the file without a preset and returns the commit; raises NotFound when there is none of this name."""

    def change(snapshot: Snapshot, script: str, text: str | None) -> str:
        return preset.drop_preset(text, script, name)

    return _commit(work, design, branch, path, change, message or f"Drop preset {name} of {path}", expected)


def _commit(
    work: Work,
    design: Design,
    branch: str,
    path: str,
    change: Callable[[Snapshot, str, str | None], str],
    message: str,
    expected: str | None,
) -> str:
    with work.house.store.open(design.key) as repository:
        tip = repository.resolve(branch)
    snapshot = read_tree(work, design, tip)
    script = snapshot.part(path).path
    file = preset.presets_path(script)
    text = change(snapshot, script, snapshot.presets_files.get(file))
    return edit_files(work, design, branch, {file: text.encode()}, message[:200], expected or tip)
