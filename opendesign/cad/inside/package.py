"""Opens a zip that a stranger has packed: so many files, so many bytes, and not one more."""

import io
import zipfile
from dataclasses import dataclass
from typing import IO

from opendesign.cad.inside.failure import Failure

MOST_FILES = 2_000
LARGEST = 400 << 20


class Package:
    """The files in a zip; `left` is how many bytes may still be unpacked."""

    def __init__(self, content: bytes, name: str):
        self.name = name
        self.left = LARGEST
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as trouble:
            raise Failure("geometry", f"{name} is not a zip, or it is cut short ({trouble}).", name) from None
        self.names = {entry.filename.lstrip("/").lower(): entry for entry in self.archive.infolist()}
        if len(self.archive.infolist()) > MOST_FILES:
            raise Failure("output", f"{name} holds more than {MOST_FILES} files.", name)

    def __contains__(self, path: str) -> bool:
        return path.lstrip("/").lower() in self.names

    def open(self, path: str) -> "Unpacked":
        """Returns a file to be read from. Raises Failure when it is missing or damaged."""
        entry = self.names.get(path.lstrip("/").lower())
        if entry is None:
            raise Failure("geometry", f"{self.name} holds no {path[:200]}.", self.name)
        try:
            return Unpacked(self, path[:200], self.archive.open(entry))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as trouble:
            raise Failure("geometry", f"{path[:200]} in {self.name} is damaged ({trouble}).", self.name) from None


@dataclass
class Unpacked:
    """A file of a package, unpacked while it is read: its directory's word on its size is not believed."""

    package: Package
    path: str
    stream: IO[bytes]

    def read(self, size: int) -> bytes:
        """Returns up to so many bytes. Raises Failure for damage, and when all files together exceed 400 MiB."""
        name = self.package.name
        try:
            content = self.stream.read(size)
        except MemoryError:
            raise
        except Exception as trouble:
            # zlib, bz2, lzma and zipfile each have their own.
            raise Failure("geometry", f"{self.path} in {name} is damaged ({trouble}).", name) from None
        self.package.left -= len(content)
        if self.package.left < 0:
            raise Failure("output", f"{name} unpacks to more than {LARGEST >> 20} MiB.", name)
        return content
