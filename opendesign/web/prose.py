"""Markdown turned into HTML that cannot do anything; links and pictures lead into the repository."""

import posixpath
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

LONGEST = 512 << 10  # characters; a longer text is shown as source
TAGS = nh3.ALLOWED_TAGS - {"article", "aside", "footer", "header", "nav", "section", "form", "input"} | {
    "details",
    "summary",
}
READER = MarkdownIt("commonmark", {"html": True, "linkify": False, "typographer": False}).enable(
    ["table", "strikethrough"]
)
LISTENER = MarkdownIt("commonmark", {"html": False})


@lru_cache(maxsize=256)
def prose(text: str, files: str = "", raw: str = "", folder: str = "") -> Markup:
    """Returns Markdown as safe HTML.

    Relative links are resolved against `folder` below the address `files`, pictures below the address `raw`.
    """

    def resolved(tag: str, name: str, value: str) -> str | None:
        if (tag, name) not in (("a", "href"), ("img", "src")):
            return value
        return _resolved(value, raw if tag == "img" else files, folder)

    html = READER.render(text[:LONGEST])
    return Markup(nh3.clean(html, tags=TAGS, attribute_filter=resolved, link_rel="nofollow noopener"))


def words(text: str) -> str:
    """Returns what Markdown says, in one line without its signs; tags are words there."""
    return Markup(LISTENER.render(text[:LONGEST])).striptags()


def _resolved(value: str, base: str, folder: str) -> str | None:
    """Returns the address a link in a file of `folder` leads to; None drops one that leads out of the design."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path or not base:
        return value
    path = unquote(parts.path)
    inside = posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(folder, path))
    if inside.startswith(".."):
        return None
    ending = f"#{parts.fragment}" if parts.fragment else ""
    return f"{base}/{quote(inside)}{ending}"
