"""Turns what a person or a program asked for into a parameter's value, or says why not."""

import math
import re
from collections.abc import Callable

from opendesign.core.slider import tidy

NUMBER = re.compile(r"[-+]?(?:[0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?")
TRUE, FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0")
ENTRY = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^,]*?)\s*),')  # of a list of texts on one line
LARGEST = 1e9  # mm: a thousand kilometres; the kernel's tolerance of 1e-7 has no meaning there
LONGEST_TEXT = 200
LONGEST_LIST = 100
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Scalar = bool | int | float | str
Value = Scalar | tuple[int | float, ...] | tuple[str, ...]


def boolean(raw: object) -> bool:
    """True or false, also as the words a form or a query sends; raises ValueError."""
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) else raw
    if word in TRUE or (word == 1 and isinstance(word, int)):
        return True
    if word in FALSE or (word == 0 and isinstance(word, int)):
        return False
    raise ValueError("must be true or false")


def number(raw: object) -> int | float:
    """A finite number from a number or its text, tidied; whole numbers stay int; raises ValueError."""
    if isinstance(raw, str):
        text = raw.strip()
        if not NUMBER.fullmatch(text):
            raise ValueError("must be a number such as 2.5")
        raw = int(text) if text.lstrip("+-").isdigit() else float(text)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise ValueError("must be a number such as 2.5")
    if isinstance(raw, float) and not math.isfinite(raw):
        raise ValueError("must be a finite number")
    if abs(raw) > LARGEST:
        raise ValueError(f"must lie between -{LARGEST:.0f} and {LARGEST:.0f}")
    return raw if isinstance(raw, int) else tidy(raw)


def integer(raw: object) -> int:
    """A whole number; raises ValueError."""
    value = number(raw)
    if value != int(value):
        raise ValueError("must be a whole number")
    return int(value)


def text(raw: object, longest: int = LONGEST_TEXT) -> str:
    """One line of text without control characters; raises ValueError."""
    if not isinstance(raw, str):
        raise ValueError("must be a text")
    if len(raw) > longest:
        raise ValueError(f"must have at most {longest} characters, has {len(raw)}")
    if CONTROL.search(raw):
        raise ValueError("must be one line without control characters")
    return raw


def numbers(raw: object, length: int | None, whole: bool) -> tuple[int | float, ...]:
    """A sequence of numbers, also as text with commas; `length` None allows 1 to 100; raises ValueError."""
    if isinstance(raw, str):
        raw = [each for each in raw.strip().strip("()[]").split(",") if each.strip()]
    if not isinstance(raw, list | tuple):
        raise ValueError("must be a list of numbers such as 10, 20")
    if length is not None and len(raw) != length:
        raise ValueError(f"must have {length} numbers, has {len(raw)}")
    if not 1 <= len(raw) <= LONGEST_LIST:
        raise ValueError(f"must have 1 to {LONGEST_LIST} numbers, has {len(raw)}")
    read: Callable[[object], int | float] = integer if whole else number
    return tuple(read(each) for each in raw)


def texts(raw: object, length: int | None) -> tuple[str, ...]:
    """A sequence of texts, also as one line with commas as `written` gives it; raises ValueError as `numbers` does."""
    if isinstance(raw, str):
        inner = raw.strip()
        inner = inner[1:-1] if inner[:1] + inner[-1:] in ("[]", "()") else inner
        raw = [plain or quoted.replace('""', '"') for quoted, plain in ENTRY.findall(inner.strip() + ",")]
    if not isinstance(raw, list | tuple):
        raise ValueError("must be a list of texts such as front, back")
    if length is not None and len(raw) != length:
        raise ValueError(f"must have {length} texts, has {len(raw)}")
    if not 1 <= len(raw) <= LONGEST_LIST:
        raise ValueError(f"must have 1 to {LONGEST_LIST} texts, has {len(raw)}")
    return tuple(text(each) for each in raw)


def written(value: object) -> str:
    """A value as a form field or an address holds it; texts with a comma or a quote in them are quoted."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return ", ".join(_quoted(each) if isinstance(each, str) else str(each) for each in value)
    return "" if value is None else str(value)


def _quoted(text: str) -> str:
    needs = any(mark in text for mark in ',"') or text != text.strip() or not text or text[0] in "[("
    return '"' + text.replace('"', '""') + '"' if needs else text


def choice(raw: object, choices: tuple[str | int | float, ...]) -> str | int | float:
    """One of the choices; numbers are found by value; raises ValueError."""
    for each in choices:
        if raw == each and isinstance(raw, bool) == isinstance(each, bool):
            return each
        as_number = isinstance(raw, str) and not isinstance(each, str) and NUMBER.fullmatch(raw.strip())
        if as_number and float(str(raw)) == each:
            return each
    raise ValueError("must be one of " + ", ".join(map(str, choices)))


def within(value: float, minimum: float | None, maximum: float | None, unit: str) -> None:
    """Checks a number against its declared range; raises ValueError with the range in words."""
    low, high = minimum is None or value >= minimum, maximum is None or value <= maximum
    if low and high:
        return
    measure = f" {unit}" if unit else ""
    if minimum is None or maximum is None:
        bound = f"at most {plain(maximum)}" if minimum is None else f"at least {plain(minimum)}"
        raise ValueError(f"must be {bound}{measure}; {plain(value)} was asked for")
    raise ValueError(f"must lie between {plain(minimum)} and {plain(maximum)}{measure}; {plain(value)} was asked for")


def plain(value: object) -> str:
    """A value as people write it: 2.5, 4, true, 85 × 56."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return " × ".join(map(plain, value))
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)
