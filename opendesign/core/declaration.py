"""Finds what a script declares: each of its parameters with the literal that holds it."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from opendesign.core import value
from opendesign.core.constant import Constant, constants
from opendesign.core.derived import following
from opendesign.core.description import Described, describe
from opendesign.core.literal import literal_value
from opendesign.core.offered import offered
from opendesign.core.parameter import Parameter, kind, whole_numbers, worked_out
from opendesign.core.remark import CONTINUOUS_UNITS
from opendesign.core.slot import belonging
from opendesign.core.source import Source, read_source
from opendesign.core.uses import Uses
from opendesign.core.value import CONTROL, LARGEST, LONGEST_TEXT, Value
from opendesign.core.vocabulary import Vocabulary

# Half of the whole numbers in real scripts are lengths written without a point: width = 80, wall_thick = 3.
MEASURE = re.compile(
    r"(?i)width|height|length|depth|thick|radius|diam|angle|pitch|wall(?!s)|gap(?!s)|offset|clearance|distance|"
    r"spacing|margin|toleranc|fillet|chamfer|inset|overhang|extent|tall|(?:^|_)(?:dia|rad|len|dist|tol)(?:_|$)"
)
# Of the others, these say that something is counted: n_height = 3 rows of holes, wall_count = 2.
COUNT = re.compile(
    r"^(?:n|nb|num|number|count)_|(?:^|_)(?:count|segments|rows|cols|columns|teeth|steps|sides|holes)\d*$"
)
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
HIDDEN = "hidden"  # OpenSCAD's group of what the person at the sliders is not shown
UNIT_NAMES = ("MM", "CM", "INCH", "INCHES", "IN", "FT")  # MM = 1 and INCH = 25.4 are units, not sizes
MOST_CONSTANTS = 500  # of one script; a part shows at most 200 and real designs have at most 36


def read_parameters(source: str, path: str = "") -> list[Parameter]:
    """The parameters of a script in the order of its text.

    They are numbers, booleans, texts, members of enumerations, and flat sequences of numbers or texts: in public
    constants set once, fields of classes, arguments of functions and entries of dictionaries, where they count when
    the script runs; and what follows from these. Raises Invalid with `errors=[{"line", "message"}]` when the source
    is not Python.
    """
    return worked_out([parameter for parameter, _ in _read(source, path)], {})


def imported_parameters(source: str, path: str = "") -> list[Parameter]:
    """As `read_parameters`, but only those that count where the script is imported by another."""
    return worked_out([parameter for parameter, only_run in _read(source, path) if not only_run], {})


def stated_value(statement: ast.stmt) -> tuple[str, Value] | None:
    """Returns the name and value of a statement that gives a public name a literal, None for any other."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target, value = statement.targets[0], literal_value(statement.value)
    if not isinstance(target, ast.Name) or target.id.startswith("_") or value is None:
        return None
    constant = Constant(target.id, value, statement.value, ())
    return (target.id, value) if _settable(constant) else None


@lru_cache(maxsize=1024)
def stated_values(source: str) -> Mapping[str, Value]:
    """Name → value of what a script states as literals, without what follows from these or counts only where it is
    called: a third of the work of reading parameters. Raises Invalid as that does.
    """
    uses = Uses(read_source(source).tree)
    words = Vocabulary(uses)
    stated = {each.name: each for each in [*belonging(uses, words), *constants(uses, words)] if _settable(each)}
    return {name: each.value for name, each in stated.items() if each.value is not None}


@lru_cache(maxsize=1024)
def _read(source: str, path: str) -> tuple[tuple[Parameter, bool], ...]:
    return tuple((parameter, constant.only_run) for parameter, constant in declared(read_source(source), path))


def declared(source: Source, path: str = "") -> Iterator[tuple[Parameter, Constant]]:
    """Every parameter of a script with the constant that holds it; values that follow are not worked out."""
    uses = Uses(source.tree)
    words = Vocabulary(uses)
    found: dict[str, Constant] = {}
    for constant in [*constants(uses, words), *belonging(uses, words), *_of_offered(source, uses, words, path)]:
        if _settable(constant):
            found.setdefault(constant.name, constant)
    for constant in following(uses, found):
        found[constant.name] = constant
    in_order = sorted(found.values(), key=lambda each: (each.node.lineno, each.node.col_offset))[:MOST_CONSTANTS]
    descriptions = describe(source, in_order, words)
    for constant in in_order:
        said = descriptions[constant.name]
        if said.group.strip().lower() != HIDDEN:
            yield _parameter(constant, said, _is_measure(constant, said, words, uses), path), constant


def _of_offered(source: Source, uses: Uses, words: Vocabulary, path: str) -> Iterator[Constant]:
    """What counts where the script shows nothing, so that what it offers is called."""
    if calls := offered(uses, source.text, path):
        yield from (replace(each, only_run=True) for each in belonging(Uses(source.tree, calls), words))


def _settable(constant: Constant) -> bool:
    default = constant.value
    if default is None or constant.name.upper() in UNIT_NAMES:
        return False
    each = default if isinstance(default, tuple) else (default,)
    return len(each) <= value.LONGEST_LIST and all(map(_fits, each))


def _fits(value: bool | int | float | str) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and not CONTROL.search(value)
    return abs(value) <= LARGEST


def _parameter(constant: Constant, said: Described, is_measure: bool, path: str) -> Parameter:
    low, high, step = _bounds(constant.value, said)
    return Parameter(
        name=constant.name,
        type="choice" if said.choices else kind(constant.value, is_measure),
        default=constant.value,
        minimum=low,
        maximum=high,
        step=step,
        choices=said.choices,
        unit=said.unit,
        help=said.help,
        group=said.group,
        path=path,
        line=constant.node.lineno,
        derived=bool(constant.expression),
        labels=said.labels,
        resizable=constant.resizable,
        expression=constant.expression,
    )


def _bounds(default: Value | None, said: Described) -> tuple[float | None, float | None, float | None]:
    """The declared range, widened so that a slider can show its own value."""
    low, high, step = said.bounds or (None, None, None)
    numbers = [
        each for each in (default if isinstance(default, tuple) else (default,)) if isinstance(each, int | float)
    ]
    low = min(low, *numbers) if low is not None else None
    return low, max(high, *numbers) if high is not None else None, step


def _is_measure(constant: Constant, said: Described, words: Vocabulary, uses: Uses) -> bool:
    """Says by use, annotation, unit, range or name that a whole number stands for a measure and not for a count."""
    bounds = [each for each in said.bounds or () if each is not None]
    own = constant.name.rpartition(".")[2]
    if own in uses.counted:
        return False
    by_name = MEASURE.search(own) is not None and not COUNT.search(HUMP.sub("_", own).lower())
    by_unit = said.unit in CONTINUOUS_UNITS
    return "float" in words.types(constant.annotation) or by_unit or by_name or not whole_numbers(bounds)
