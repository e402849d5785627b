"""Presets: named values of a part's parameters, kept in `presets.json` next to its script.

    {"lid.py": {"Thick walls": {"wall": 3.2, "screw": "M4"}}}

One file serves all scripts of its folder. OpenSCAD's form is read too, and holds for every script whose parameters
it names: `{"parameterSets": {"Thick walls": {"wall": "3.2"}}, "fileFormatVersion": "1"}`.
"""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opendesign.core.errors import Conflict, Invalid, NotFound
from opendesign.core.parameter import Parameter, check_values
from opendesign.core.text import clean_line
from opendesign.core.value import Value

FILE = "presets.json"
OPENSCAD = "parameterSets"
LONGEST_NAME = 80
MOST = 100  # presets of one part; more is no choice any more
INDENT = re.compile(r"\A\s*\{\r?\n([ \t]+)")


@dataclass(frozen=True)
class Preset:
    """A name and the values that differ from the script's own; `problem` says why it cannot be used."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)
    problem: str = ""


def presets_path(script: str) -> str:
    """The path of the file that holds a script's presets."""
    return posixpath.join(posixpath.dirname(script), FILE)


def read_presets(text: str, script: str, parameters: Sequence[Parameter]) -> list[Preset]:
    """The presets of a script, in the order of the file; a bad one has no values and says what is wrong.

    A file that cannot be read at all is one bad preset without a name.
    """
    try:
        entries = list(_entries(_parsed(text), posixpath.basename(script), parameters))
    except Invalid as refusal:
        return [Preset("", problem=refusal.message)]
    return [_checked(name, values, parameters) for name, values in entries[:MOST]]


def keep_preset(text: str | None, script: str, name: str, values: Mapping[str, Value]) -> str:
    """The file with this preset: in the place of the one of this name, else as the last of its script.

    Everything else in it stays, in its order. Raises Invalid for a bad name, no values, too many presets, or a file
    that cannot be read.
    """
    name, base = check_name(name), posixpath.basename(script)
    if not values:
        raise Invalid("A preset needs a value other than the script's own.", [{"name": "values"}])
    content = _parsed(text or "{}")
    home = _home(content, base, name)
    if name not in home and len(home) >= MOST:
        raise Invalid(f"{base} has {MOST} presets, and that is the most it may have.", [{"name": "name"}])
    home[name] = _written(values, home is content.get(OPENSCAD))
    return _dumped(content, text)


def rename_preset(text: str | None, script: str, was: str, name: str) -> str:
    """The file with another name for a preset, in its place; NotFound when there is none, Conflict for a name taken."""
    name, base = check_name(name), posixpath.basename(script)
    content = _parsed(text or "{}")
    home = _home(content, base, was)
    _need(home, base, was)
    if name != was and name in {**content.get(base, {}), **home}:
        raise Conflict(f"There is a preset “{name}” of {base} already; choose another name, or drop that one first.")
    renamed = {name if key == was else key: value for key, value in home.items()}
    home.clear()
    home.update(renamed)
    return _dumped(content, text)


def drop_preset(text: str | None, script: str, name: str) -> str:
    """The file without this preset; raises NotFound when it has none of this name."""
    content, base = _parsed(text or "{}"), posixpath.basename(script)
    home = _home(content, base, name)
    _need(home, base, name)
    del home[name]
    if not home:
        content.pop(base, None)
    return _dumped(content, text)


def check_name(name: str) -> str:
    """The name as it is kept: one line of 1 to 80 characters without a slash, which addresses need; else Invalid."""
    cleaned = clean_line(name, LONGEST_NAME, "name")
    if not cleaned or "/" in cleaned or cleaned in (".", ".."):
        message = "must have 1 to 80 characters and no slash"
        raise Invalid(f"The name of a preset {message}.", [{"name": "name", "message": message}])
    return cleaned


def _entries(content: dict, base: str, parameters: Sequence[Parameter]) -> Iterator[tuple[str, Any]]:
    own = content.get(base, {})
    if not isinstance(own, dict):
        raise Invalid(f"{FILE}: “{base}” must hold presets by their names.")
    yield from own.items()
    known = {each.name for each in parameters}
    sets = content.get(OPENSCAD)
    for name, values in sets.items() if isinstance(sets, dict) else ():
        if name not in own and (not isinstance(values, dict) or known & values.keys()):
            yield name, values


def _checked(name: str, values: Any, parameters: Sequence[Parameter]) -> Preset:
    shown = name[:LONGEST_NAME]
    try:
        if check_name(name) != name:
            return Preset(shown, problem="The name has blanks or marks that cannot be kept.")
        if not isinstance(values, dict):
            return Preset(shown, problem="A preset must hold values by the names of parameters.")
        return Preset(name, check_values(parameters, values))
    except Invalid as refusal:
        return Preset(shown, problem=refusal.message)


def _home(content: dict, base: str, name: str) -> dict:
    """Where a preset stands, or would be put."""
    own = content.setdefault(base, {})
    if not isinstance(own, dict):
        raise Invalid(f"{FILE}: “{base}” must hold presets by their names.")
    sets = content.get(OPENSCAD)
    if name not in own and isinstance(sets, dict) and name in sets:
        if not own:
            del content[base]
        return sets
    return own


def _need(home: dict, base: str, name: str) -> None:
    if name not in home:
        raise NotFound(f"There is no preset “{name[:LONGEST_NAME]}” of {base}.")


def _written(values: Mapping[str, Value], as_texts: bool) -> dict[str, object]:
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    if not as_texts:
        return dict(plain)
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in plain.items()}


def _parsed(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text.removeprefix("\ufeff"), parse_constant=refuse_word)
    except (ValueError, RecursionError) as error:
        reason = str(error)[:200]
        raise Invalid(f"{FILE} is not JSON: {reason}.", [{"path": FILE, "message": reason}]) from None
    if not isinstance(content, dict):
        raise Invalid(f"{FILE} must be an object of presets by script.", [{"path": FILE}])
    return content


def refuse_word(word: str) -> None:
    """Raises ValueError for NaN and Infinity, which are no JSON."""
    raise ValueError(f"{word} is no number")


def _dumped(content: dict, text: str | None) -> str:
    found = INDENT.match(text or "")
    return json.dumps(content, indent=found[1] if found else 2, ensure_ascii=False) + "\n"
