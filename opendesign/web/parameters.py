"""Parameters between an address or a form and a script: `p.wall=2.4`."""

import re
from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from opendesign.core.parameter import Parameter, check_values, suggested_range, worked_out
from opendesign.core.preset import Preset
from opendesign.core.value import Value, plain, written
from opendesign.records.design import Design
from opendesign.web.cards import part_address

PREFIX = "p."
SLIDING = ("number", "integer")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")
DIGITS = 4  # behind the point, of what is worked out


def asked_values(given: MultiDict[str, str]) -> dict[str, str]:
    """Returns the texts asked for by parameter; of a name that comes twice the first counts (see style guide)."""
    return {name.removeprefix(PREFIX): given[name] for name in given if name.startswith(PREFIX)}


def changed_values(parameters: Sequence[Parameter], given: Mapping[str, str]) -> dict[str, Value]:
    """Returns the values that differ from the script's own; raises Invalid naming every one that cannot be used."""
    defaults = {parameter.name: parameter.default for parameter in parameters}
    checked = check_values(parameters, given)
    return {name: value for name, value in checked.items() if value != defaults[name]}


def fields(parameters: Sequence[Parameter], values: Mapping[str, Value]) -> list[dict[str, object]]:
    """Returns the parameters as the panel's macros want them: numbers with a range, derived ones as they follow."""
    return [_field(parameter) for parameter in worked_out(parameters, values)]


def derived_values(parameters: Sequence[Parameter], values: Mapping[str, Value]) -> dict[str, str]:
    """Returns what follows from these values, as the panel shows it."""
    return {each.name: _told(each) for each in worked_out(parameters, values) if each.derived}


def _field(parameter: Parameter) -> dict[str, object]:
    slides = parameter.type in SLIDING and not parameter.derived
    low, high, step = suggested_range(parameter) if slides else (None, None, None)
    several = isinstance(parameter.default, tuple)
    labels = parameter.labels or tuple(map(plain, parameter.choices))
    return {
        "name": parameter.name,
        "title": title(parameter.name),
        "type": "derived" if parameter.derived else "text" if several else parameter.type,
        "default": _told(parameter) if parameter.derived else _shown(parameter.default),
        "minimum": low,
        "maximum": high,
        "step": step,
        "choices": list(zip(parameter.choices, labels, strict=True)),
        "unit": parameter.unit,
        "help": parameter.help,
        "group": title(parameter.group) if parameter.name.startswith(f"{parameter.group}.") else parameter.group,
        "expression": parameter.expression,
        "resizable": parameter.resizable,
    }


def title(name: str) -> str:
    """Returns a parameter's name for people: “Wall thickness” for `Params.wall_thickness` and `wallThickness`."""
    own = HUMP.sub(" ", name.rpartition(".")[2]).replace("_", " ").strip()
    return own.capitalize() or name


def shown_values(values: Mapping[str, Value]) -> dict[str, object]:
    """Returns values as the panel's fields hold them."""
    return {name: _shown(value) for name, value in values.items()}


def _shown(value: Value | None) -> object:
    return written(value) if isinstance(value, tuple) else value


def _told(parameter: Parameter) -> str:
    value = parameter.default
    if isinstance(value, tuple):
        return ", ".join(plain(round(each, DIGITS) if isinstance(each, float) else each) for each in value)
    return "" if value is None else plain(round(value, DIGITS) if isinstance(value, float) else value)


def preset_links(design: Design, path: str, ref: str, presets: Sequence[Preset], values: Mapping[str, Value]) -> list:
    """Returns presets as the panel shows them; each link carries the values, so that no script is needed."""
    return [
        {
            "title": each.name,
            "href": part_address(design, path, ref, each.values),
            "values": shown_values(each.values),
            "problem": each.problem,
            "current": not each.problem and each.values == values,
        }
        for each in presets
    ]
