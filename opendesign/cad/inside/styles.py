"""Puts the colours at the end of a STEP file into one order; the kernel writes them by their place in memory."""

import re

ROOT = b"MECHANICAL_DESIGN_GEOMETRIC_PRESENTATION_REPRESENTATION("
ENTITY = re.compile(rb"#(\d+) = (.*?);\r?\n(?=#\d+ = |ENDSEC)", re.DOTALL)
REFERENCE = re.compile(rb"#(\d+)")


def ordered(content: bytes) -> bytes:
    """Returns a STEP file with the entities from its first colour on in an order given by what they say."""
    first = content.find(b" = " + ROOT)
    end = content.find(b"ENDSEC;", first)
    if first < 0 or end < 0:
        return content
    start = content.rfind(b"#", 0, first)
    tail = {int(number): text for number, text in ENTITY.findall(content[start : end + 6])}
    roots = [number for number, text in tail.items() if text.startswith(ROOT)]
    pointed = {int(other) for text in tail.values() for other in REFERENCE.findall(text)}
    # Whatever else stands among the colours and is not part of one comes after them.
    others = [number for number in tail if number not in pointed and number not in roots]
    order: dict[int, int] = {}
    for root in [*sorted(roots, key=lambda number: spelled(number, tail)), *others]:
        follow(root, tail, order, min(tail))
    if len(order) != len(tail):
        return content
    texts = [b"#%d = %s;\n" % (order[number], renumbered(tail[number], order)) for number in order]
    return content[:start] + b"".join(texts) + content[end:]


def spelled(number: int, tail: dict[int, bytes]) -> bytes:
    """Returns an entity with all it points to written out."""
    return REFERENCE.sub(
        lambda found: b"{%s}" % spelled(int(found[1]), tail) if int(found[1]) in tail else found[0],
        tail[number],
    )


def follow(number: int, tail: dict[int, bytes], order: dict[int, int], start: int) -> None:
    """Numbers an entity and then, in the order of their mention, those it points to."""
    if number in tail and number not in order:
        order[number] = start + len(order)
        for other in REFERENCE.findall(tail[number]):
            follow(int(other), tail, order, start)


def renumbered(text: bytes, order: dict[int, int]) -> bytes:
    """Returns an entity's text with its references in the new numbers."""
    return REFERENCE.sub(lambda found: b"#%d" % order.get(int(found[1]), int(found[1])), text)
