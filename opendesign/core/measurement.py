"""Provisional: the colleague of cad/inside replaces this file."""


def check(shapes: list) -> list[dict]:
    """Returns the measurements."""
    return [dict(shape) for shape in shapes]
