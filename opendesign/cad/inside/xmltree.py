"""Reads XML strictly: nothing is expanded, nothing is fetched, and no document is deeper or larger than it may be."""

from collections.abc import Callable
from typing import Protocol
from xml.parsers import expat

from opendesign.cad.inside.failure import Failure


class Stream(Protocol):
    """Where a document comes from."""

    def read(self, size: int) -> bytes:
        """Returns up to so many bytes."""


DEEPEST = 200
MOST_ELEMENTS = 8_000_000


def read(stream: Stream, name: str, begin: Callable[[str, dict], object], end: Callable[[str], object]) -> None:
    """Calls `begin` with every element's tag ("namespace tag") and attributes, and `end` when it closes.

    Raises Failure "geometry" for what is no XML, or declares an entity.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    depth = count = 0

    def opened(tag: str, attributes: dict) -> None:
        """Counts, then hands on."""
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            limit = f"more than {DEEPEST} deep" if depth > DEEPEST else f"with more than {MOST_ELEMENTS} elements"
            raise Failure("geometry", f"{name} is XML {limit}.", name)
        begin(tag, attributes)

    def closed(tag: str) -> None:
        """Counts, then hands on."""
        nonlocal depth
        depth -= 1
        end(tag)

    def refused(*_: object) -> None:
        """Refuses an entity: a few of them can unfold to gigabytes, or name files."""
        raise Failure("geometry", f"{name} declares XML entities, which are not read.", name)

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.EntityDeclHandler = refused
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.ParseFile(stream)
    except expat.ExpatError as trouble:
        raise Failure("geometry", f"{name} is not sound XML: {trouble}.", name) from None
