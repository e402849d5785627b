"""Shows outside how far a job is: two bytes of memory, which the engine looks at when it likes.

A job may write there whatever it wants, as often as it wants: a number that is no stage counts as none, nobody is
woken, and the memory cannot grow.
"""

import contextlib
import fcntl
import os

# What a job does, one after the other; after "mesh" come the formats asked for.
STAGES = (
    *("starting", "files", "script", "coarse", "mesh", "measure"),
    *("viewer", "step", "stl", "3mf", "glb", "brep", "png", "svg", "dxf", "zip"),
    *("compare", "writing"),
)
SIZE = 2
# What of the output can be looked at already: nothing, the viewer's own file, a coarse one that a fine one will follow.
SIGHTS = ("", "viewer", "coarse")
F_ADD_SEALS, FIXED = 1033, 1 | 2 | 4  # seal, shrink, grow (linux/fcntl.h)


def made() -> int:
    """Returns a new board."""
    board = os.memfd_create("board", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(board, SIZE)
    fcntl.fcntl(board, F_ADD_SEALS, FIXED)
    return board


def write(board: int, stage: str, sight: str = "") -> None:
    """Says what a job does now, and whether the first file of its output can be looked at meanwhile.

    A word that is no stage is "writing", as every other format is a file to write.
    """
    words = bytes([STAGES.index(stage if stage in STAGES else "writing")])
    # A script that has closed or replaced its descriptors is only no longer seen.
    with contextlib.suppress(OSError):
        os.pwrite(board, words + bytes([SIGHTS.index(sight)] if sight else []), 0)


def read(board: int) -> tuple[str, str]:
    """Returns the stage and the sight, whatever was written."""
    stage, sight = os.pread(board, SIZE, 0)
    return STAGES[stage] if stage < len(STAGES) else STAGES[0], SIGHTS[sight] if sight < len(SIGHTS) else ""
