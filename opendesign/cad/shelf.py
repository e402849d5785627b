"""Keeps made files by the key of what they were made from.

Files are written beside their place, made durable, and renamed: none is ever seen in part.
"""

import contextlib
import fcntl
import gzip
import hashlib
import os
import re
import secrets
import shutil
import struct
from collections.abc import Callable, Container, Iterator, Mapping
from pathlib import Path

from opendesign.core.errors import Away, Invalid, NotFound
from opendesign.core.output import MEDIA, is_output, kind

KEY = re.compile(r"[0-9a-f]{64}")
# Beside the files of builds (core/output.py): those of comparisons.
OTHERS = frozenset(["overlay", "measurements", "log"])
# Formats that shrink to a third; the zips and pictures among them do not shrink.
PACKED = frozenset({"viewer", "glb", "overlay", "step", "stl", "brep", "svg", "dxf"})
SMALLEST_PACKED, LARGEST_PACKED = 1 << 10, 32 << 20
LOCK = "hhqqiq"  # struct flock
# What whoever makes a build, or anything else that is wanted, is alone with: when nobody is, its maker has died.
MAKING = "making"
PACKED_SUFFIX, PACKING = ".gz", "gzip"


class Shelf:
    """A store of made files below a folder, fanned out by the key's first two letters."""

    def __init__(self, root: Path):
        self.root = root
        self.turns = root / ".alone"
        root.mkdir(parents=True, exist_ok=True)

    def __str__(self) -> str:
        return str(self.root)

    def put(self, key: str, files: Mapping[str, bytes]) -> None:
        """Stores the files made under a key, all or none, to outlive a power cut; what was there before is the same.

        Raises Invalid for a key or a name that is none.
        """
        self._store(key, files, settle)

    def lay(self, key: str, files: Mapping[str, bytes]) -> None:
        """Stores files as `put` does without waiting for the disk: 48 ms less of a slider's step.

        A power cut may leave them empty or cut: for files whose sizes are on record, so that `holds` can tell.
        """
        self._store(key, files, lambda path: None)

    def _store(self, key: str, files: Mapping[str, bytes], settle: Callable[[Path], None]) -> None:
        for name in files:
            check_name(name)
        place = self.place(key)
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".{key}-{secrets.token_hex(8)}")
        draft.mkdir()
        try:
            for name, content in files.items():
                (draft / name).write_bytes(content)
            for path in [*draft.iterdir(), draft]:
                settle(path)
            self.replace(draft, place, settle)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def replace(self, draft: Path, place: Path, settle: Callable[[Path], None]) -> None:
        """Moves a draft to its place; where there is one already, file by file, so that none is ever missing."""
        for _ in range(10):
            try:
                os.rename(draft, place)
                settle(place.parent)
                return
            except OSError:
                # The place is taken; if it is deleted at this moment, it is free at the next attempt.
                with contextlib.suppress(FileNotFoundError):
                    for file in list(draft.iterdir()):
                        os.replace(file, place / file.name)
                    settle(place)
                    return
        raise OSError(f"{place} is deleted again and again")

    def path(self, key: str, name: str, packed: bool = False) -> Path:
        """Returns where a file lies; `packed` asks for its gzip variant, which is made at its first use.

        Raises NotFound if there is no such file (or it is none to pack), Invalid for a key or a name that is none.
        """
        check_name(name)
        found = self.place(key) / name
        size = found.stat().st_size if found.is_file() else 0
        packs = kind(name) in PACKED and SMALLEST_PACKED <= size <= LARGEST_PACKED
        if not size or (packed and not packs):
            raise NotFound(f"There is no {name} under {key[:12]}….")
        return packed_variant(found, size) if packed else found

    def has(self, key: str, name: str) -> bool:
        """Says whether there is such a file, without fetching it from anywhere. Raises Invalid as `path` does."""
        check_name(name)
        found = self.place(key) / name
        return found.is_file() and found.stat().st_size > 0

    @contextlib.contextmanager
    def borrowed(self, key: str, name: str) -> Iterator[Path]:
        """Lends a file for a while to whoever goes through all of them. Raises as `path` does."""
        yield self.path(key, name)

    @contextlib.contextmanager
    def alone(self, key: str, name: str) -> Iterator[None]:
        """Lets one thread of all processes at a time make a file; the others wait, and then find it made.

        A lock on one byte of a file that never holds any, at a place that key and name choose: nothing to clear away.
        """
        with self._lock(key, name) as (descriptor, lock):
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLKW, lock)
            yield

    def held(self, key: str, name: str) -> bool:
        """Says whether some thread of a living process is `alone` with a file at this moment."""
        with self._lock(key, name) as (descriptor, lock):
            found = fcntl.fcntl(descriptor, fcntl.F_OFD_GETLK, lock)
        return struct.unpack(LOCK, found)[0] != fcntl.F_UNLCK

    @contextlib.contextmanager
    def _lock(self, key: str, name: str) -> Iterator[tuple[int, bytes]]:
        place = int.from_bytes(hashlib.sha256(f"{key}/{name}".encode()).digest()[:7])
        descriptor = os.open(self.turns, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # Of the open file, not of the process as lockf(3) would have it (fcntl(2)): threads exclude each other too.
            yield descriptor, struct.pack(LOCK, fcntl.F_WRLCK, os.SEEK_SET, place, 1, 0, 0)
        finally:
            os.close(descriptor)

    def names(self, key: str) -> dict[str, int]:
        """Returns the names of the files under a key with their sizes in bytes; nothing for an unknown key."""
        place = self.place(key)
        if not place.is_dir():
            return {}
        found = {entry.name: entry.stat().st_size for entry in os.scandir(place)}
        return {name: size for name, size in sorted(found.items()) if is_name(name)}

    def served(self, key: str, name: str, accepted: Container[str]) -> tuple[Path, str]:
        """Returns the smallest form of a file for a reader that takes these encodings, and its encoding ("" for none).

        Raises as `path` does.
        """
        plain = self.path(key, name)
        if PACKING in accepted:
            with contextlib.suppress(NotFound):
                return self.path(key, name, packed=True), PACKING
        return plain, ""

    def forget(self, key: str, most: int, chosen: Callable[[str], bool]) -> None:
        """Removes the oldest of the chosen files under a key beyond so many; they can be made again."""
        place = self.place(key)
        found = [place / name for name in self.names(key) if chosen(name)]
        for old in sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)[most:]:
            old.with_name(old.name + PACKED_SUFFIX).unlink(missing_ok=True)
            old.unlink(missing_ok=True)

    def everything(self) -> Iterator[str]:
        """Yields every key under which there is something."""
        for folder in sorted(self.root.iterdir()):
            if len(folder.name) == 2:
                yield from sorted(entry.name for entry in os.scandir(folder) if KEY.fullmatch(entry.name))

    def older(self, before: float) -> Iterator[str]:
        """Yields every key under which nothing has been put since a moment (seconds since 1970)."""
        for key in self.everything():
            with contextlib.suppress(FileNotFoundError):
                if self.place(key).stat().st_mtime < before:
                    yield key

    def holds(self, key: str, sizes: Mapping[str, int]) -> bool:
        """Says whether the files under a key have these sizes, in bytes."""
        found = self.names(key)
        return all(found.get(name) == size for name, size in sizes.items())

    def lacking(self, wanted: Mapping[str, Mapping[str, int]]) -> set[str]:
        """Returns the keys under which there are not all of the files that are wanted, by name and size in bytes."""
        return {key for key, sizes in wanted.items() if not self.holds(key, sizes)}

    def make(self) -> None:
        """Makes the place where files are to lie, unless it is there."""
        self.root.mkdir(parents=True, exist_ok=True)

    def ask(self) -> None:
        """Raises Away while nothing can be put on the shelf."""
        if not os.access(self.root, os.W_OK):
            raise Away(f"{self.root} cannot be written to.", 60)

    def prove(self) -> None:
        """Writes something beside the files, reads it and removes it; raises what goes wrong."""
        proof = self.root / f".proof-{secrets.token_hex(8)}"
        try:
            proof.write_bytes(b"proof")
            if proof.read_bytes() != b"proof":
                raise OSError(f"{self.root} does not give back what was written.")
        finally:
            proof.unlink(missing_ok=True)

    def delete(self, key: str) -> None:
        """Removes everything under a key; it may be unknown."""
        shutil.rmtree(self.place(key), ignore_errors=True)

    def place(self, key: str) -> Path:
        """Returns the folder of a key. Raises Invalid."""
        if not KEY.fullmatch(key):
            raise Invalid("A key on the shelf has 64 letters from 0 to 9 and a to f.")
        return self.root / key[:2] / key


def is_name(name: str) -> bool:
    """Says whether a file of a build or comparison has this name."""
    return name in OTHERS or is_output(name)


def check_name(name: str) -> None:
    """Raises Invalid for a name that no build makes."""
    if not is_name(name):
        raise Invalid(f"{name[:80]!r} is no file of a build; there are {', '.join(sorted([*MEDIA, *OTHERS]))}.")


def packed_variant(plain: Path, size: int) -> Path:
    """Returns where the gzip variant of a file of this size lies, made now where there is none that is whole."""
    packed = plain.with_name(plain.name + PACKED_SUFFIX)
    if not ends_with(packed, size.to_bytes(4, "little")):  # as a gzip file does (RFC 1952)
        draft = plain.with_name(f".{packed.name}-{secrets.token_hex(8)}")
        # Level 1 costs 12 ms a megabyte and saves nine tenths of what level 6 does; no time inside.
        draft.write_bytes(gzip.compress(plain.read_bytes(), 1, mtime=0))
        draft.replace(packed)
    return packed


def ends_with(path: Path, ending: bytes) -> bool:
    """Says whether there is a file with this ending; a power cut may have taken it."""
    try:
        with path.open("rb") as file:
            file.seek(-len(ending), os.SEEK_END)
            return file.read() == ending
    except OSError:
        return False


def settle(path: Path) -> None:
    """Waits until a file's content, or a folder's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
