"""The languages of pages and letters, and what marks the words that core writes for either."""

from collections.abc import Callable
from pathlib import Path

CATALOGUES = str(Path(__file__).parent.parent / "translations")
NAMES = {"en": "English", "pt_BR": "Português (Brasil)", "fr": "Français"}  # catalogue → its own name
TAGS = {name.replace("_", "-"): name for name in NAMES}  # as browsers and HTML write it → catalogue

Say = Callable[[str], str]


def N_(text: str) -> str:
    """Marks what is looked up in a catalogue when it is shown."""
    return text
