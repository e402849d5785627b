"""Parameters between an address or a form and a script: `p.wall=2.4`."""

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from opendesign.core.parameter import Parameter, check_values, suggested_range
from opendesign.core.value import Value
from opendesign.web.cards import as_text

PREFIX = "p."
SLIDING = ("number", "integer")


def asked_values(given: MultiDict[str, str]) -> dict[str, str]:
    """Returns the texts asked for by parameter; of a name that comes twice the first counts (see style guide)."""
    return {name.removeprefix(PREFIX): given[name] for name in given if name.startswith(PREFIX)}


def changed_values(parameters: Sequence[Parameter], given: Mapping[str, str]) -> dict[str, Value]:
    """Returns the values that differ from the script's own; raises Invalid naming every one that cannot be used."""
    defaults = {parameter.name: parameter.default for parameter in parameters}
    checked = check_values(parameters, given)
    return {name: value for name, value in checked.items() if value != defaults[name]}


def fields(parameters: Sequence[Parameter]) -> list[dict[str, object]]:
    """Returns the parameters as the panel's macros want them, each number with a range to slide in."""
    return [_field(parameter) for parameter in parameters]


def _field(parameter: Parameter) -> dict[str, object]:
    slides = parameter.type in SLIDING
    low, high, step = suggested_range(parameter) if slides else (None, None, None)
    several = isinstance(parameter.default, tuple)
    return {
        "name": parameter.name,
        "type": "text" if several else parameter.type,
        "default": as_text(parameter.default) if several else parameter.default,
        "minimum": low,
        "maximum": high,
        "step": step,
        "choices": parameter.choices,
        "unit": parameter.unit,
        "help": parameter.help,
        "group": parameter.group,
    }


def shown_values(values: Mapping[str, Value]) -> dict[str, object]:
    """Returns values as the panel's fields hold them."""
    return {name: as_text(value) if isinstance(value, tuple) else value for name, value in values.items()}
