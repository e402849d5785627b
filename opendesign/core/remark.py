"""Reads what comments say about a constant: range, choices, unit, help, group."""

import math
import re
from dataclasses import dataclass

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
RANGE = re.compile(rf"\[\s*({NUMBER})\s*(?:\.\.|:)\s*({NUMBER})\s*(?:(?:\.\.|:)\s*({NUMBER})\s*)?\]")
MOST = re.compile(rf"\[\s*({NUMBER})\s*\]")  # OpenSCAD: a maximum alone
STEP = re.compile(r"\d*\.\d+|\d+")  # OpenSCAD: a comment that is only a number is the step of a box
BRACKETS = re.compile(r"\[([^\[\]]*)\]")
UNITS = {
    "mm": ("mm", "millimetre", "millimetres", "millimeter", "millimeters"),
    "cm": ("cm", "centimetre", "centimetres", "centimeter", "centimeters"),
    "m": ("m", "metre", "metres", "meter", "meters"),
    "µm": ("µm", "μm", "um", "micron", "microns"),
    "in": ("in", "inch", "inches"),
    "deg": ("deg", "degs", "degree", "degrees", "°"),
    "rad": ("rad", "radian", "radians"),
    "mm²": ("mm²", "mm^2", "mm2"),
    "mm³": ("mm³", "mm^3", "mm3"),
    "cm²": ("cm²", "cm^2", "cm2"),
    "cm³": ("cm³", "cm^3", "cm3"),
    "g": ("g", "gram", "grams"),
    "kg": ("kg",),
    "%": ("%", "percent"),
    "N": ("N",),
    "Nm": ("Nm",),
    "MPa": ("MPa",),
    "V": ("V",),
    "A": ("A",),
    "s": ("s",),
}
SPELLINGS = {spelling: unit for unit, spellings in UNITS.items() for spelling in spellings}
# fmt: off
CONTINUOUS_UNITS = ("mm", "cm", "m", "µm", "in", "deg", "rad", "mm²", "mm³", "cm²", "cm³", "g", "kg")  # no counts
# fmt: on
# One letter or "in" alone is a word of English, so those need a bracket or a comma before them.
CLEAR = {spelling for spelling in SPELLINGS if len(spelling) > 1 and spelling not in ("in", "Nm")} | {
    "°",
    "%",
}
ANY_UNIT = "|".join(sorted(map(re.escape, SPELLINGS), key=len, reverse=True))
CLEAR_UNIT = "|".join(sorted(map(re.escape, CLEAR), key=len, reverse=True))
LEADING = re.compile(rf"^(?:in\s+)?({CLEAR_UNIT}|in(?=\s*,))\s*(?:[,;:–—]|-(?=\s))\s*(?=\S)")
WRAPPED = re.compile(rf"\s*[(\[]\s*(?:in\s+)?({CLEAR_UNIT})\s*[)\]]")
WRAPPED_ALONE = re.compile(rf"(?:^|\s+)[(\[]\s*(?:in\s+)?({ANY_UNIT})\s*[)\]]")
AFTER_COMMA = re.compile(rf"(?:^|\s*[,;:–—]\s*)(?:in\s+)?({ANY_UNIT})\.?$")
IN_WORDS = re.compile(rf"\s*\bin\s+({CLEAR_UNIT})\b\.?")
AT_END = re.compile(rf"(?:^|(?<![\d\s])\s+)({CLEAR_UNIT})\.?$")
DIRECTIVE = re.compile(r"\s*#?\s*(?:noqa|type:|pylint:|pragma|fmt:|ruff:|mypy:|isort:|yapf:|nosec).*$")
NOT_HELP = re.compile(r"\s*(?:!|-\*-|vim?:|SPDX-|coding[:=]|%%)|.*[\w\])]\s*=\s*\S|(?:import|from)\s|\w+\(.*\)\s*$")
EMACS = re.compile(r"\s*-\*-")  # the coding line at the top of a file
RULE = re.compile(r"\s*[-=*#~_+]{3,}\s*$")
HEADING = re.compile(r"\s*(?:(?:[-=*~]{2,}|#+)\s*(\S.*?)\s*[-=*#~]*|/\*\s*\[(.+)\]\s*\*/|%%\s*(\S.*))\s*$")


@dataclass(frozen=True)
class Remark:
    """What one comment says: bounds as it gives them, choices as texts, and what they are called.

    Two or three bounds are a range; one alone is a maximum; two of which the first is NaN: only a step.
    """

    help: str = ""
    unit: str = ""
    bounds: tuple[float, ...] = ()
    choices: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def read_remark(comment: str, for_text: bool = False) -> Remark:
    """The meaning of a comment without its `#`; `for_text` says that the constant is a text."""
    text = DIRECTIVE.sub("", comment).strip()
    bounds: tuple[float, ...] = ()
    choices: dict[str, str] = {}
    found = None if for_text else RANGE.search(text) or MOST.match(text)
    if found:
        bounds = tuple(float(each) for each in found.groups() if each is not None)
        text = _without(text, found)
    elif not for_text and STEP.fullmatch(text):
        return Remark(bounds=(math.nan, float(text)))
    else:
        found = BRACKETS.match(text)
        if found and "," in found.group(1):
            choices = dict(_choice(each) for each in found.group(1).split(",") if each.strip())
            text = _without(text, found)
    help, unit = (text, "") if for_text else split_unit(text)
    return Remark(help, unit, bounds, tuple(choices), tuple(choices.values()))


def split_unit(text: str) -> tuple[str, str]:
    """A text and the unit it names first, last or in brackets, taken out of the text."""
    for pattern in (LEADING, WRAPPED, WRAPPED_ALONE, AFTER_COMMA, IN_WORDS, AT_END):
        found = pattern.search(text)
        if found:
            return _without(text, found), SPELLINGS[found.group(1)]
    return text, ""


def ordered(bounds: tuple[float, ...], default: float) -> tuple[float | None, float | None, float | None] | None:
    """Minimum, maximum and step of `[min:max]`, `[min:max:step]`, `[min:step:max]`, `[max]`; None if none fits.

    Of three numbers the step may stand in the middle (OpenSCAD's way) or last. A reading fits if the minimum
    is less than the maximum and the step is positive and not longer than the way between them. If both fit
    (which needs a minimum ≤ 0) the reading that holds the default wins, then the one with the smaller step.
    A maximum alone must not be less than the default: otherwise it is the number of a footnote.
    """
    if len(bounds) == 1:
        return (None, bounds[0], None) if bounds[0] >= default and bounds[0] > 0 else None
    if len(bounds) == 2 and math.isnan(bounds[0]):
        return (None, None, bounds[1]) if bounds[1] > 0 else None
    if len(bounds) == 2:
        return (bounds[0], bounds[1], None) if bounds[0] < bounds[1] else None
    first, second, third = bounds
    readings = [(first, third, second), (first, second, third)]
    fitting = [each for each in readings if each[0] < each[1] and 0 < each[2] <= each[1] - each[0]]
    return min(fitting, key=lambda each: (not each[0] <= default <= each[1], each[2]), default=None)


def heading(comments: list[str], at: int) -> str | None:
    """The group that comment `at` of a run opens; None if it is no heading."""
    text = comments[at]
    if RULE.match(text) or EMACS.match(text):
        return None
    found = HEADING.match(text)
    if found:
        return next(filter(None, found.groups()), "").strip() or None
    between_rules = 0 < at < len(comments) - 1 and RULE.match(comments[at - 1]) and RULE.match(comments[at + 1])
    return text.strip() if between_rules else None


def block_help(comments: list[str]) -> str:
    """The help in the comment lines directly above a constant: those after the last heading or rule."""
    lines: list[str] = []
    for at, text in enumerate(comments):
        if RULE.match(text) or heading(comments, at):
            lines = []
        elif text.strip() and not NOT_HELP.match(text):
            lines.append(text.strip())
    return " ".join(lines)


def _without(text: str, found: re.Match[str]) -> str:
    left, right = text[: found.start()].rstrip(), text[found.end() :].lstrip()
    glue = "" if not left or not right or right[0] in ",.;:)" else " "
    return (left + glue + right).strip().lstrip(",;:–— ").rstrip(",;:–— ")


def _choice(text: str) -> tuple[str, str]:
    """The value and the label of OpenSCAD's `value:label`, quotes taken off; a value alone is its own label."""
    value, _, label = text.partition(":")
    value = value.strip().strip("\"'")
    return value, label.strip().strip("\"'") or value
