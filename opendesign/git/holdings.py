"""What lies in a repository itself, and not in the pool that it borrows from."""

import os
from pathlib import Path

CHANCES = 200
COUNTS = 8
"""Where the table of 256 counts begins in an index of a pack, version 2: gitformat-pack(5). The last is of all."""
ID_BYTES = 20


def own_objects(path: Path) -> set[bytes]:
    """The ids of the objects that the packs of a repository hold, or that lie loose in it.

    A repack beside it adds the new pack before it takes the old one away: a list that stayed the same is complete.
    """
    for _ in range(CHANCES):
        before = _indexes(path)
        try:
            found = _loose(path).union(*map(_packed, before))
        except FileNotFoundError:
            continue
        if _indexes(path) == before:
            return found
    raise FileNotFoundError(f"The packs in {path} never stay the same.")


def _indexes(path: Path) -> list[Path]:
    return sorted((path / "objects/pack").glob("pack-*.idx"))


def _packed(index: Path) -> list[bytes]:
    with open(index, "rb") as file:
        file.seek(COUNTS + 255 * 4)
        count = int.from_bytes(file.read(4), "big")
        ids = file.read(count * ID_BYTES)
    return [ids[at : at + ID_BYTES] for at in range(0, len(ids), ID_BYTES)]


def _loose(path: Path) -> set[bytes]:
    objects = path / "objects"
    folders = [name for name in os.listdir(objects) if len(name) == 2]
    names = (name + rest for name in folders for rest in os.listdir(objects / name))
    return {bytes.fromhex(name) for name in names if len(name) == 2 * ID_BYTES}
