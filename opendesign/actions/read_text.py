"""Reads a text file of a design by its blob; blobs never change, so the ones read last are kept."""

from opendesign.actions.house import Work
from opendesign.core.remembered import Remembered
from opendesign.records.design import Design

KEPT = 200  # texts, each at most `LONGEST`: a page would start a git process for its README otherwise
LONGEST = 512 << 10  # bytes
_texts = Remembered[tuple[str, str], str](KEPT)


def read_text(work: Work, design: Design, blob: str) -> str:
    """Returns the first 512 KiB of a blob as text; raises NotFound when the design has no such blob."""
    name = (design.key, blob)
    text = _texts.get(name)
    if text is None:
        with work.house.store.open(design.key) as repository:
            found = repository.read_blobs([blob])[blob][:LONGEST]
        text = _texts.keep(name, found.decode("utf-8", "replace"))
    return text
