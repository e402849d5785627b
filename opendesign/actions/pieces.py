"""A backup's file: a ZIP of contents, each called what it hashes to, and last the manifest that gives them places.

A backup may leave out what an earlier one has; it is read together with that, which lies in the same folder.
"""

import hashlib
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from opendesign.core.backup import Earlier, Manifest, Piece, read_manifest
from opendesign.core.errors import Conflict, Invalid

MANIFEST = "manifest.json"
CHUNK = 1 << 20
LEVEL = 3  # of text: level 6 saves a tenth and takes twice as long
PACKED = (".pack", ".idx")  # git has packed them; so are loose objects
LONGEST_CHAIN = 1000
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError)


def pack(
    path: Path,
    files: Iterable[tuple[str, Path | Piece]],
    known: Collection[str],
    describe: Callable[[tuple[Piece, ...]], Manifest],
) -> Manifest:
    """Writes the backup `path` of these files by place, without contents that are `known`; nobody else can read it.

    A piece stands for a file whose content is known without a look at it. Files that are gone by now are left out.
    Raises Conflict when there is something at `path`.
    """
    if path.exists():
        raise Conflict(f"There is something at {path} already; choose another name.")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    try:
        with open(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", compresslevel=LEVEL) as archive:
                manifest = describe(tuple(_packed(archive, files, set(known))))
                archive.writestr(zipfile.ZipInfo(MANIFEST), manifest.text(), zipfile.ZIP_DEFLATED)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError as error:
        raise Invalid(f"The backup {path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _packed(archive: zipfile.ZipFile, files: Iterable[tuple[str, Path | Piece]], known: set[str]) -> Iterator[Piece]:
    for place, source in files:
        if isinstance(source, Piece):
            yield source
            continue
        with suppress(FileNotFoundError), source.open("rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
            size = content.tell()
            if sha256 not in known:
                content.seek(0)
                _add(archive, sha256, place, content)
                known.add(sha256)
            yield Piece(place, size, sha256)


def _add(archive: zipfile.ZipFile, sha256: str, place: str, content) -> None:
    entry = zipfile.ZipInfo(sha256)
    stored = place.endswith(PACKED) or "/objects/" in place
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as target:
        while chunk := content.read(CHUNK):
            target.write(chunk)


@dataclass
class Backup:
    """A backup that is read, with those it stands on."""

    path: Path
    manifest: Manifest
    sha256: str
    archives: list[zipfile.ZipFile] = field(default_factory=list)

    def close(self) -> None:
        """Closes every file."""
        for archive in self.archives:
            archive.close()

    def __enter__(self) -> "Backup":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def check(self) -> None:
        """Reads everything; raises Invalid when something is missing or is not what it was."""
        for sha256, size in self.manifest.sizes.items():
            for _ in self._content(sha256, size):
                continue

    def unpack(self, folder: Path) -> None:
        """Writes every file to its place below a new folder that only we can read; raises Invalid as `check` does."""
        folder.mkdir(mode=0o700)
        for piece in self.manifest.pieces:
            target = folder / piece.path
            target.parent.mkdir(parents=True, exist_ok=True)
            mode = 0o600 if piece.path.startswith("var/") else 0o666
            with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                for chunk in self._content(piece.sha256, piece.size):
                    file.write(chunk)

    def _content(self, sha256: str, size: int) -> Iterator[bytes]:
        damage = Invalid(f"The backup {self.path} is damaged: {sha256[:12]}… is missing or is not what it was.")
        hashed, read = hashlib.sha256(), 0
        try:
            archive = next(each for each in self.archives if sha256 in each.NameToInfo)
            with archive.open(sha256) as content:
                while read <= size and (chunk := content.read(CHUNK)):
                    hashed.update(chunk)
                    read += len(chunk)
                    yield chunk
        except (*DAMAGE, StopIteration) as error:
            raise damage from error
        if read != size or hashed.hexdigest() != sha256:
            raise damage


def open_backup(path: Path) -> Backup:
    """Opens a backup and those it stands on; raises Invalid when one is missing, another or damaged."""
    backup = _opened(path)
    try:
        below = backup
        while below.manifest.earlier:
            if len(backup.archives) >= LONGEST_CHAIN:
                raise Invalid("The backup stands on itself.")
            below = _opened_earlier(below, below.manifest.earlier)
            backup.archives += below.archives
    except BaseException:
        backup.close()
        raise
    return backup


def _opened_earlier(backup: Backup, earlier: Earlier) -> Backup:
    path = backup.path.with_name(earlier.file)
    if not path.is_file():
        raise Invalid(f"{backup.path.name} stands on {earlier.file}, which is not beside it.")
    found = _opened(path)
    if found.sha256 != earlier.sha256:
        found.close()
        raise Invalid(f"{path} is not the backup that {backup.path.name} stands on.")
    return found


def _opened(path: Path) -> Backup:
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise Invalid(f"The backup {path} cannot be read: {error.strerror}.") from error
    except DAMAGE as error:
        raise Invalid(f"{path} is no backup, or it is damaged.") from error
    try:
        text = archive.read(MANIFEST)
        manifest = read_manifest(text.decode())
    except (*DAMAGE, UnicodeDecodeError, json.JSONDecodeError) as error:
        archive.close()
        raise Invalid(f"{path} is no backup, or it is damaged.") from error
    except Invalid:
        archive.close()
        raise
    return Backup(path, manifest, hashlib.sha256(text).hexdigest(), [archive])
