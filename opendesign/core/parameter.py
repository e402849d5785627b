"""Parameters: the constants at the top of a script that a person may set."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from opendesign.core import slider, value
from opendesign.core.constant import Constant, constants
from opendesign.core.description import Described, describe
from opendesign.core.errors import Invalid
from opendesign.core.remark import CONTINUOUS_UNITS
from opendesign.core.source import Source, read_source
from opendesign.core.value import CONTROL, LARGEST, LONGEST_TEXT, Value

# Half of the whole numbers in real scripts are lengths written without a point: width = 80, wall_thick = 3.
MEASURE = re.compile(
    r"(?i)width|height|length|depth|thick|radius|diam|angle|pitch|wall(?!s)|gap(?!s)|offset|clearance|distance|"
    r"spacing|margin|toleranc|fillet|chamfer|inset|overhang|extent|tall|(?:^|_)(?:dia|rad|len|dist|tol)(?:_|$)"
)
UNIT_NAMES = ("MM", "CM", "INCH", "INCHES", "IN", "FT")  # MM = 1 and INCH = 25.4 are units, not sizes
MOST_CONSTANTS = 500  # of one script; a part shows at most 200 and real designs have at most 36


@dataclass(frozen=True)
class Parameter:
    """One settable constant; `type` is number, integer, boolean, text, choice or numbers.

    `minimum`, `maximum` and `step` are None where the design declares none; for numbers they hold for each.
    `path` and `line` say where the constant stands.
    """

    name: str
    type: str
    default: Value
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


@dataclass(frozen=True)
class Change:
    """A parameter's default before and after; status is added, removed or changed."""

    name: str
    path: str
    before: Value | None
    after: Value | None
    unit: str
    status: str


def read_parameters(source: str, path: str = "") -> list[Parameter]:
    """The parameters of a script in the order of its text.

    They are the public top-level constants assigned once: numbers, booleans, texts and flat sequences of
    numbers. Raises Invalid with `errors=[{"line", "message"}]` when the source is not Python.
    """
    return list(_read(source, path))


@lru_cache(maxsize=1024)
def _read(source: str, path: str) -> tuple[Parameter, ...]:
    return tuple(parameter for parameter, _ in declared(read_source(source), path))


def declared(source: Source, path: str = "") -> Iterator[tuple[Parameter, Constant]]:
    """Every parameter of a script with the constant that holds it."""
    found = [each for each in constants(source.tree) if _settable(each)][:MOST_CONSTANTS]
    descriptions = describe(source, found)
    for constant in found:
        yield _parameter(constant, descriptions[constant.name], path), constant


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
    if parameter.type == "boolean":
        return value.boolean(raw)
    if parameter.type == "choice":
        return value.choice(raw, parameter.choices)
    if parameter.type == "text":
        return value.text(raw)
    if isinstance(parameter.default, tuple):
        whole = parameter.step is not None and _whole((*parameter.default, parameter.step))
        found = value.numbers(raw, len(parameter.default), whole)
        for each in found:
            value.within(each, parameter.minimum, parameter.maximum, parameter.unit)
        return tuple(_or_same(was, each) for was, each in zip(parameter.default, found, strict=True))
    number = value.integer(raw) if parameter.type == "integer" else _snapped(parameter, value.number(raw))
    value.within(number, parameter.minimum, parameter.maximum, parameter.unit)
    return _or_same(parameter.default, number)


def changed(before: Sequence[Parameter], after: Sequence[Parameter]) -> list[Change]:
    """What happened to the parameters between two revisions, found by path and name."""
    old = {(each.path, each.name): each for each in before}
    new = {(each.path, each.name): each for each in after}
    changes = []
    for key in [*new, *(key for key in old if key not in new)]:
        a, b = old.get(key), new.get(key)
        if a and b and (a.default == b.default and isinstance(a.default, bool) == isinstance(b.default, bool)):
            continue
        status = "added" if a is None else "removed" if b is None else "changed"
        unit = (b.unit if b else "") or (a.unit if a else "")
        changes.append(Change(key[1], key[0], a.default if a else None, b.default if b else None, unit, status))
    return changes


def _settable(constant: Constant) -> bool:
    default = constant.value
    if constant.name.upper() in UNIT_NAMES:
        return False
    if isinstance(default, str):
        return len(default) <= LONGEST_TEXT and not CONTROL.search(default)
    numbers = default if isinstance(default, tuple) else (default,)
    return all(abs(each) <= LARGEST for each in numbers) and len(numbers) <= value.LONGEST_LIST


def _parameter(constant: Constant, said: Described, path: str) -> Parameter:
    default, bounds = constant.value, said.bounds
    low, high, step = bounds if bounds else (None, None, None)
    if bounds and not isinstance(default, str):
        numbers = default if isinstance(default, tuple) else (default,)
        low, high = min(bounds[0], *numbers), max(bounds[1], *numbers)  # a slider shows its own value
    return Parameter(
        name=constant.name,
        type=_type(constant, said),
        default=default,
        minimum=low,
        maximum=high,
        step=step,
        choices=said.choices,
        unit=said.unit,
        help=said.help,
        group=said.group,
        path=path,
        line=constant.node.lineno,
    )


def _largest(default: Value) -> float:
    """The number itself, of several the one farthest from zero, 1 for what is no number."""
    if isinstance(default, tuple):
        return max(default, key=abs)
    return default if isinstance(default, int | float) else 1.0


def _type(constant: Constant, said: Described) -> str:
    """A whole number is an integer unless its annotation, unit, range or name says that it is a measure."""
    default = constant.value
    if isinstance(default, bool):
        return "boolean"
    if said.choices:
        return "choice"
    if isinstance(default, str):
        return "text"
    if isinstance(default, tuple):
        return "numbers"
    measure = "float" in constant.annotation or said.unit in CONTINUOUS_UNITS or MEASURE.search(constant.name)
    bounds = [each for each in said.bounds or () if each is not None]
    return "integer" if isinstance(default, int) and not measure and _whole(bounds) else "number"


def _whole(numbers: Sequence[float]) -> bool:
    return all(float(each).is_integer() for each in numbers)


def _or_same(default: Value, number: int | float) -> int | float:
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
