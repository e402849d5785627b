"""What a search in the code of a design finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from opendesign.core.errors import Invalid
from opendesign.core.text import clean_text

LONGEST = 200
MOST_LINES, MOST_PATHS = 200, 20


class Line(NamedTuple):
    """A line that holds what was searched for."""

    path: str
    number: int
    text: str


@dataclass(frozen=True)
class Found:
    """Lines, and paths of files whose names hold it; `cut`: there are more."""

    lines: Sequence[Line]
    paths: Sequence[str]
    cut: bool


def clean_words(text: str) -> str:
    """Returns what is searched for, letter by letter; raises Invalid for more than one line."""
    words = clean_text(text, LONGEST, "q")
    if "\n" in words:
        raise Invalid("Search for something in one line.", [{"name": "q", "message": "has more than one line"}])
    return words


def pieces(text: str, words: str) -> list[tuple[str, bool]]:
    """Returns a text cut where it holds the words, whatever their case: (piece, whether it is them)."""
    low, sought, at, found = text.lower(), words.lower(), 0, list[tuple[str, bool]]()
    if len(low) != len(text) or not sought:
        return [(text, False)]
    while (here := low.find(sought, at)) >= 0:
        found += [(text[at:here], False), (text[here : here + len(sought)], True)]
        at = here + len(sought)
    return [piece for piece in (*found, (text[at:], False)) if piece[0]]
