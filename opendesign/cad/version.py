"""The name of the engine: part of every build's key, so that a new engine makes new builds."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

INSIDE = Path(__file__).parent / "inside"


@cache
def engine_version() -> str:
    """Returns the kernel and our code in the jail, as `cadquery 2.8.0, ocp 7.9.3.1.1, 3f2a91c04b1d`."""
    digest = hashlib.sha256()
    for path in sorted(INSIDE.glob("*.py")):  # the jail around it (inside/jail) does not change results
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"cadquery {version('cadquery')}, ocp {version('cadquery-ocp')}, {digest.hexdigest()[:12]}"
