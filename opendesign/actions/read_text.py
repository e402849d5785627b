"""Reads a text file of a design by its blob; blobs never change, so the ones read last are kept."""

import threading
from collections import OrderedDict

from opendesign.actions.house import Work
from opendesign.records.design import Design

KEPT = 200  # texts, each at most `LONGEST`: a page would start a git process for its README otherwise
LONGEST = 512 << 10  # bytes
_texts: OrderedDict[tuple[str, str], str] = OrderedDict()
_lock = threading.Lock()


def read_text(work: Work, design: Design, blob: str) -> str:
    """Returns the first 512 KiB of a blob as text; raises NotFound when the design has no such blob."""
    name = (design.key, blob)
    with _lock:
        if name in _texts:
            _texts.move_to_end(name)
            return _texts[name]
    with work.house.store.open(design.key) as repository:
        text = repository.read_blobs([blob])[blob][:LONGEST].decode("utf-8", "replace")
    with _lock:
        _texts[name] = text
        while len(_texts) > KEPT:
            _texts.popitem(last=False)
    return text
