"""Parameters: the literals of a script that a person may set, and what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from opendesign.core import slider, value
from opendesign.core.errors import Invalid
from opendesign.core.expression import evaluate
from opendesign.core.value import Value


@dataclass(frozen=True)
class Parameter:
    """One settable literal; `type` is number, integer, boolean, text, choice, numbers or texts.

    `name` is dotted for what belongs to something, such as `Params.width`. `minimum`, `maximum` and `step` are None
    where the design declares none; for numbers they hold for each. `labels` say what the choices are called, or are
    none. `resizable`: a list may have another length. `path` and `line` say where the literal stands. A `derived` one
    cannot be set: it follows from others by its `expression`, and its default is None where that is not arithmetic.
    """

    name: str
    type: str
    default: Value | None
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: tuple[str | int | float, ...] = ()
    unit: str = ""
    help: str = ""
    group: str = ""
    path: str = ""
    line: int = 0
    derived: bool = False
    labels: tuple[str, ...] = ()
    resizable: bool = False
    expression: str = ""


@dataclass(frozen=True)
class Change:
    """A parameter's default before and after; status is added, removed or changed."""

    name: str
    path: str
    before: Value | None
    after: Value | None
    unit: str
    status: str


def worked_out(parameters: Sequence[Parameter], values: Mapping[str, Value]) -> list[Parameter]:
    """The parameters with the values of derived ones as they follow from these values and the other defaults."""
    known = {each.name: each.default for each in parameters if not each.derived and each.default is not None}
    known |= values
    answer = []
    for each in parameters:
        found = evaluate(each.expression, known) if each.derived else None
        if found is not None:
            known[each.name] = found
        answer.append(replace(each, default=found, type=kind(found, False)) if each.derived else each)
    return answer


def kind(default: Value | None, is_measure: bool) -> str:
    """The type of a value that no choices are given for; a whole number that is a measure is a number."""
    if isinstance(default, bool):
        return "boolean"
    if isinstance(default, str):
        return "text"
    if isinstance(default, tuple):
        return "texts" if isinstance(default[0], str) else "numbers"
    return "integer" if isinstance(default, int) and not is_measure else "number"


def suggested_range(parameter: Parameter) -> tuple[float, float, float]:
    """Minimum, maximum and step for a slider: as declared, else a round range of the default's sign."""
    default = _largest(parameter.default)
    low, high = slider.around(float(default), parameter.unit)
    low = parameter.minimum if parameter.minimum is not None else min(low, (parameter.maximum or 0.0))
    high = parameter.maximum if parameter.maximum is not None else max(high, low + 1)
    if parameter.step is not None:
        return low, high, parameter.step
    if parameter.type == "integer":
        return low, high, 1.0
    return low, high, slider.nice_step(high - low, low, float(default))


def check_values(parameters: Sequence[Parameter], values: Mapping[str, object]) -> dict[str, Value]:
    """The values asked for, typed and tidied, in the order of the parameters.

    Accepts JSON values and the texts of a query. Raises Invalid with `errors=[{"name", "message"}]` naming
    every value that is unknown, not finite, out of the declared range, too long or of the wrong type.
    """
    known = {parameter.name: parameter for parameter in parameters}
    errors = [{"name": name[:80], "message": "is not a parameter of this part"} for name in values if name not in known]
    accepted: dict[str, Value] = {}
    for name, parameter in known.items():
        if name not in values:
            continue
        try:
            accepted[name] = check_value(parameter, values[name])
        except ValueError as error:
            errors.append({"name": name, "message": str(error)})
    if errors:
        said = "; ".join(f"{error['name']} {error['message']}" for error in errors[:5])
        more = f"; and {len(errors) - 5} more" if len(errors) > 5 else ""
        raise Invalid(f"These parameters cannot be used: {said}{more}.", errors)
    return accepted


def check_value(parameter: Parameter, raw: object) -> Value:
    """One value, typed and tidied; raises ValueError with a clause such as "must be a whole number"."""
    if parameter.derived:
        raise ValueError(f"cannot be set: it follows from {parameter.expression}")
    if parameter.type == "boolean":
        return value.boolean(raw)
    if parameter.type == "choice":
        return value.choice(raw, parameter.choices)
    if parameter.type == "text":
        return value.text(raw)
    if isinstance(parameter.default, tuple):
        return _check_several(parameter, parameter.default, raw)
    number = value.integer(raw) if parameter.type == "integer" else _snapped(parameter, value.number(raw))
    value.within(number, parameter.minimum, parameter.maximum, parameter.unit)
    return _or_same(parameter.default, number)


def _check_several(parameter: Parameter, default: tuple, raw: object) -> Value:
    length = None if parameter.resizable else len(default)
    if parameter.type == "texts":
        return value.texts(raw, length)
    whole = parameter.step is not None and whole_numbers((*default, parameter.step))
    found = value.numbers(raw, length, whole)
    for each in found:
        value.within(each, parameter.minimum, parameter.maximum, parameter.unit)
    return tuple(_or_same(was, each) for was, each in zip_longest(default[: len(found)], found))


def changed(before: Sequence[Parameter], after: Sequence[Parameter]) -> list[Change]:
    """What happened to the parameters between two revisions, found by path and name."""
    old = {(each.path, each.name): each for each in before}
    new = {(each.path, each.name): each for each in after}
    changes = []
    for key in [*new, *(key for key in old if key not in new)]:
        a, b = old.get(key), new.get(key)
        if a and b and a.derived and a.expression == b.expression:
            continue  # what it follows from is named
        if a and b and (a.default == b.default and isinstance(a.default, bool) == isinstance(b.default, bool)):
            continue
        status = "added" if a is None else "removed" if b is None else "changed"
        unit = (b.unit if b else "") or (a.unit if a else "")
        changes.append(Change(key[1], key[0], a.default if a else None, b.default if b else None, unit, status))
    return changes


def _largest(default: Value | None) -> float:
    """The number itself, of several the one farthest from zero, 1 for what is no number."""
    if isinstance(default, tuple):
        return max((each for each in default if not isinstance(each, str)), key=abs, default=1.0)
    return default if isinstance(default, int | float) else 1.0


def whole_numbers(numbers: Sequence[float]) -> bool:
    """Says whether all numbers are whole."""
    return all(float(each).is_integer() for each in numbers)


def _or_same(default: Value | None, number: int | float) -> int | float:
    """The default as it is written when the number is the same but for its last digits."""
    same = isinstance(default, int | float) and slider.tidy(default) == number
    return default if same and isinstance(default, int | float) else number


def _snapped(parameter: Parameter, number: int | float) -> int | float:
    """The number on the grid of its step when only noise keeps it off: 2.5, not 2.5000001."""
    if not parameter.step or isinstance(number, int):
        return number
    start = parameter.minimum or 0.0
    count = round((number - start) / parameter.step)
    near = slider.tidy(start + count * parameter.step)
    return near if abs(near - number) < 1e-6 * parameter.step else number
