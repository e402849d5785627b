"""Names of people and designs, e-mail addresses, passwords: checked before anything is kept."""

import re

from opendesign.core.errors import Invalid
from opendesign.core.text import clean_line, clean_text, slug

__all__ = ["check_email", "check_name", "check_password", "clean_line", "clean_text", "suggest_name"]

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
LONGEST = 63
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128  # OWASP ASVS 4.0.3, 2.1.1 and 2.1.2
EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\".]{2,}")
# First words of the service's own addresses, and names under which someone could pass for the service.
RESERVED = frozenset(
    [
        *("about", "account", "adoptions", "admin", "administrator", "api", "app", "assets", "builds"),
        *(
            "campaigns",
            "compare",
            "comparisons",
            "credit",
            "designs",
            "discussions",
            "docs",
            "edit",
            "enter",
            "explore",
        ),
        *(
            "families",
            "family",
            "favicon.ico",
            "files",
            "forks",
            "guide",
            "healthz",
            "help",
            "hooks",
            "imports",
            "join",
        ),
        *("labs", "leave", "licences", "lineage", "login", "logout", "make", "metrics", "new", "notices", "null"),
        *("opendesign", "parts", "people", "proposals", "quotes", "radar", "readyz", "releases", "revisions"),
        *("robots.txt", "root", "search", "settings", "sitemap.xml", "static", "status", "support", "system"),
        *("t", "teams", "terms", "tokens", "undefined", "www"),
    ]
)


def check_name(text: str, what: str = "design") -> str:
    """The name itself when it follows the rule and is free of meaning; raises Invalid with a suggestion."""
    if not isinstance(text, str):
        raise _refused(what, "must be a text", "")
    if not NAME.fullmatch(text):
        reason = (
            "may have lower-case letters a-z, digits, dot, hyphen and underscore, must begin with a letter "
            f"or digit, and have at most {LONGEST} characters"
        )
        raise _refused(what, reason, suggest_name(text))
    if text.endswith(".git"):
        raise _refused(what, "must not end with “.git”", suggest_name(text))
    if text in RESERVED:
        raise _refused(what, f"“{text}” is used by the service itself", suggest_name(text))
    return text


def suggest_name(text: str) -> str:
    """A name that follows the rule and is near to the text; empty if nothing of it can be kept."""
    name = slug(text).lstrip("._-")
    while name.endswith((".git", ".", "-")):
        name = name.removesuffix(".git").rstrip(".-")
    name = name[:LONGEST].rstrip(".-").removesuffix(".git")
    return f"{name}-1"[:LONGEST] if name in RESERVED else name


def check_email(text: str) -> str:
    """The address with its domain in lower case; raises Invalid when it cannot be one."""
    address = text.strip() if isinstance(text, str) else ""
    if len(address) > 254 or not EMAIL.fullmatch(address) or not address.isprintable():
        message = "must be an address such as ada@example.org"
        raise Invalid(f"The e-mail {message}.", [{"name": "email", "message": message}])
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def check_password(text: str, name: str = "") -> str:
    """The password itself; raises Invalid when it has not 12 to 128 characters or is the name.

    Those of earlier times, from 8 characters on, are good until they are changed.
    """
    message = ""
    if not isinstance(text, str) or not SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD:
        message = f"must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
    elif name and text.casefold() == name.casefold():
        message = "must not be your name"
    elif "\0" in text or not _encodable(text):
        message = "must be a text that can be typed"
    if message:
        raise Invalid(f"The password {message}.", [{"name": "password", "message": message}])
    return text


def _encodable(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _refused(what: str, reason: str, suggestion: str) -> Invalid:
    hint = f" Try “{suggestion}”." if suggestion else ""
    errors = [{"name": "name", "message": reason} | ({"suggestion": suggestion} if suggestion else {})]
    clause = f"cannot be used: {reason}" if reason.startswith("“") else reason
    return Invalid(f"The name of a {what} {clause}.{hint}", errors)
