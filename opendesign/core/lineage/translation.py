"""Translations: which texts of a revision say in another language what one beside them says, and what that counts."""

import posixpath
import re
from collections.abc import Collection

from opendesign.core.lineage.credit import pool_of

# ISO 639-1; a region or script may follow: pt-BR, zh_Hant.
LANGUAGES = frozenset(
    [
        "aa",
        "ab",
        "ae",
        "af",
        "ak",
        "am",
        "an",
        "ar",
        "as",
        "av",
        "ay",
        "az",
        "ba",
        "be",
        "bg",
        "bh",
        "bi",
        "bm",
        "bn",
        "bo",
        "br",
        "bs",
        "ca",
        "ce",
        "ch",
        "co",
        "cr",
        "cs",
        "cu",
        "cv",
        "cy",
        "da",
        "de",
        "dv",
        "dz",
        "ee",
        "el",
        "en",
        "eo",
        "es",
        "et",
        "eu",
        "fa",
        "ff",
        "fi",
        "fj",
        "fo",
        "fr",
        "fy",
        "ga",
        "gd",
        "gl",
        "gn",
        "gu",
        "gv",
        "ha",
        "he",
        "hi",
        "ho",
        "hr",
        "ht",
        "hu",
        "hy",
        "hz",
        "ia",
        "id",
        "ie",
        "ig",
        "ii",
        "ik",
        "io",
        "is",
        "it",
        "iu",
        "ja",
        "jv",
        "ka",
        "kg",
        "ki",
        "kj",
        "kk",
        "kl",
        "km",
        "kn",
        "ko",
        "kr",
        "ks",
        "ku",
        "kv",
        "kw",
        "ky",
        "la",
        "lb",
        "lg",
        "li",
        "ln",
        "lo",
        "lt",
        "lu",
        "lv",
        "mg",
        "mh",
        "mi",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "mt",
        "my",
        "na",
        "nb",
        "nd",
        "ne",
        "ng",
        "nl",
        "nn",
        "no",
        "nr",
        "nv",
        "ny",
        "oc",
        "oj",
        "om",
        "or",
        "os",
        "pa",
        "pi",
        "pl",
        "ps",
        "pt",
        "qu",
        "rm",
        "rn",
        "ro",
        "ru",
        "rw",
        "sa",
        "sc",
        "sd",
        "se",
        "sg",
        "si",
        "sk",
        "sl",
        "sm",
        "sn",
        "so",
        "sq",
        "sr",
        "ss",
        "st",
        "su",
        "sv",
        "sw",
        "ta",
        "te",
        "tg",
        "th",
        "ti",
        "tk",
        "tl",
        "tn",
        "to",
        "tr",
        "ts",
        "tt",
        "tw",
        "ty",
        "ug",
        "uk",
        "ur",
        "uz",
        "ve",
        "vi",
        "vo",
        "wa",
        "wo",
        "xh",
        "yi",
        "yo",
        "za",
        "zh",
        "zu",
    ]
)
TAG = re.compile(r"(?i)([a-z]{2})(?:[-_](?:[a-z]{2}|[a-z]{4}))?")
SEPARATOR = re.compile(r"[._-]")
LEAST = 40  # tokens of somebody in one text: fewer are a correction
AN_HOUR, MOST = 400, 5  # tokens that take as long as a review or an answer, and how many of those one text counts


def translations(paths: Collection[str]) -> set[str]:
    """Returns those of the texts that are called as another one of them, with a language: `README.pt-BR.md`.

    The language stands at the end of the name, or is a folder: `docs/fr/guide.md` beside `docs/guide.md`.
    """
    known = set(paths)
    return {path for path in known if pool_of(path) == "docs" and any(each in known for each in _originals(path))}


def hours(tokens: int) -> int:
    """Returns what somebody's tokens in one translated text count, as so many reviews or answers."""
    return min(MOST, 1 + tokens // AN_HOUR) if tokens >= LEAST else 0


def _originals(path: str) -> list[str]:
    """Returns what the original of a text could be called."""
    folder, name = posixpath.split(path)
    stem, kind = posixpath.splitext(name)
    places = [each.start() for each in SEPARATOR.finditer(stem)]
    found = [posixpath.join(folder, stem[:at] + kind) for at in places if at and _is_language(stem[at + 1 :])]
    parts = path.split("/")
    found += ["/".join(parts[:at] + parts[at + 1 :]) for at, part in enumerate(parts[:-1]) if _is_language(part)]
    return found


def _is_language(text: str) -> bool:
    tag = TAG.fullmatch(text)
    return tag is not None and tag[1].lower() in LANGUAGES
