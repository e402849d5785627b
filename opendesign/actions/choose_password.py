"""Somebody chooses a password: long enough, and none of those that are tried first."""

import re
from functools import cache
from importlib import import_module
from typing import Any

from opendesign.core.errors import Invalid
from opendesign.core.names import check_password

WEAK = 1  # zxcvbn's scores go from 0 to 4; up to this one fewer than a million tries find it
JUDGED = 40  # characters; more take zxcvbn long, and what is guessed begins with what is guessed
COMMON = "is one of those that are tried first; take several words that do not belong together"


def choose_password(text: str, name: str, email: str = "") -> str:
    """Returns the password itself; raises Invalid for one that is too short, too long, or known to whoever guesses."""
    check_password(text, name)
    if strength(text, name, email) <= WEAK:
        raise Invalid(f"The password {COMMON}.", [{"name": "password", "message": COMMON}])
    return text


def strength(text: str, *known: str) -> int:
    """Returns how hard a password is to guess, 0 to 4, for somebody who knows these texts.

    As zxcvbn counts (Wheeler 2016): 30,000 passwords of breaches, English words, names, keyboard rows, dates, repeats.
    """
    words = [word for each in known for word in (each, *re.split(r"[@.]", each)) if word]
    return int(_zxcvbn()(text[:JUDGED], ["opendesign", *words])["score"]) if text else 0


@cache
def _zxcvbn() -> Any:
    return import_module("zxcvbn").zxcvbn  # its lists take 15 MB: only in a process in which somebody chooses
