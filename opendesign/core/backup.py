"""What a backup says of itself: when and of what it was made, and each file in it by place, size and SHA-256."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from opendesign.core.errors import Invalid

FORMAT = 1
LARGE = "repos/lfs"
"""Where files of Git LFS belong in a backup, wherever they lie: each is named by its SHA-256."""
KEPT = ("var/secret", LARGE)
"""What is kept below the data folder beside records, repositories and made files, and is in every backup: files, and
folders of files that never change.
"""
SHA256 = re.compile(r"[0-9a-f]{64}")
TABLE = re.compile(r"records/[a-z][a-z0-9_]*\.jsonl")
MADE = re.compile(r"shelf/[0-9a-f]{2}/[0-9a-f]{64}/[a-z0-9][a-z0-9._-]*")
KEY = r"[0-9A-Za-z][0-9A-Za-z_-]{0,79}"
OBJECTS = r"objects/([0-9a-f]{2}/[0-9a-f]{38}|pack/pack-[0-9a-f]{40}\.(pack|idx|rev)|info/alternates)"
REPOSITORY = re.compile(rf"repos/(pools/)?{KEY}\.git/(HEAD|packed-refs|{OBJECTS}|members/{KEY}|logs/(HEAD|refs/.+))")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Piece:
    """One file: where it belongs below the data folder, its bytes, and what they hash to."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Earlier:
    """The backup that another stands on: its file's name, and what its own manifest hashes to."""

    file: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A whole backup. `schema` is the revision of the records; some pieces may lie in the `earlier` backup."""

    made_at: str
    version: str
    schema: str
    pieces: tuple[Piece, ...]
    earlier: Earlier | None = None
    format: int = FORMAT

    @property
    def sizes(self) -> dict[str, int]:
        """The different contents, by what they hash to."""
        return {piece.sha256: piece.size for piece in self.pieces}

    def below(self, folder: str) -> Iterator[Piece]:
        """Yields the pieces that belong below a folder."""
        return (piece for piece in self.pieces if piece.path.startswith(folder + "/"))

    def text(self) -> str:
        """The manifest as JSON."""
        return json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=False)


def read_manifest(text: str) -> Manifest:
    """Returns the manifest of a backup; raises Invalid for one that is none, or names a place no backup has."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise Invalid(f"The backup has format {told['format']!r}; this version of OpenDesign reads {FORMAT}.")
        pieces = tuple(Piece(**piece) for piece in told.pop("pieces"))
        earlier = told.pop("earlier")
        manifest = Manifest(**told, pieces=pieces, earlier=Earlier(**earlier) if earlier else None)
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid("The backup's list of files cannot be read.") from error
    for piece in pieces:
        check_piece(piece)
    if len({piece.path for piece in pieces}) < len(pieces):
        raise Invalid("The backup names a file twice.")
    if manifest.earlier and ("/" in manifest.earlier.file or "\0" in manifest.earlier.file):
        raise Invalid("The backup stands on one that does not lie beside it.")
    return manifest


def check_piece(piece: Piece) -> None:
    """Raises Invalid for a piece that belongs nowhere in what a backup restores."""
    path = piece.path
    known = isinstance(path, str) and (
        any(pattern.fullmatch(path) for pattern in (TABLE, MADE, REPOSITORY))
        or any(path == kept or path.startswith(kept + "/") for kept in KEPT)
    )
    if not known or CONTROL.search(path) or {"", ".", ".."} & set(path.split("/")):
        raise Invalid(f"The backup holds “{str(path)[:200]}”, which belongs nowhere in a service.")
    if not isinstance(piece.size, int) or piece.size < 0 or not SHA256.fullmatch(str(piece.sha256)):
        raise Invalid(f"The backup does not say what “{path[:200]}” is to hold.")
