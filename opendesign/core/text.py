"""Texts people write: cleaned of what is invisible, made into slugs. And numbers as people write them."""

import re
import unicodedata

from opendesign.core.errors import Invalid

# Control characters but tab and line feed; lone surrogates; characters that turn the reading direction or
# are invisible and let one text pass for another (Trojan Source, CVE-2021-42574).
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029\x0b\x0c]")


def clean_text(text: str, limit: int, what: str = "text") -> str:
    """The text as it is kept: one form of Unicode (NFC), `\\n` line ends, nothing hidden, no blanks around.

    Raises Invalid when it is longer than `limit` characters or not a text.
    """
    if not isinstance(text, str):
        raise Invalid(f"The {what} must be a text.", [{"name": what, "message": "must be a text"}])
    # A text far over the limit is refused before any work is done on it.
    cleaned = text if len(text) > 4 * limit + 1000 else _cleaned(text)
    if len(cleaned) > limit:
        message = f"has {len(cleaned)} characters, at most {limit} are allowed"
        raise Invalid(f"The {what} {message}.", [{"name": what, "message": message}])
    return cleaned


def clean_line(text: str, limit: int, what: str = "text") -> str:
    """As `clean_text`, with every run of blanks and line ends made one blank: titles, names, labels."""
    if isinstance(text, str) and len(text) <= 4 * limit + 1000:
        text = " ".join(_cleaned(text).split())
    return clean_text(text, limit, what)


def slug(text: str, keep_sign: bool = False) -> str:
    """A text as part of a file name or address: a-z, 0-9, dot and hyphen; accents are taken off."""
    plain = unicodedata.normalize("NFKD", text[:1000]).encode("ascii", "ignore").decode().lower()
    sign = "-" if keep_sign and plain.startswith("-") else ""
    words = re.sub(r"[^a-z0-9.]+", "-", plain)
    return sign + re.sub(r"\.{2,}", ".", words).strip("-.")


def _cleaned(text: str) -> str:
    return unicodedata.normalize("NFC", HIDDEN.sub("", LINE_ENDS.sub("\n", text))).strip()


def plain(value: float) -> str:
    """Returns a number with at most two decimals, or two digits where it is smaller than that."""
    if 0 < abs(value) < 0.1:
        return f"{value:.2g}"
    return f"{value:.2f}".rstrip("0").rstrip(".")
