"""Files of Git LFS in a bucket, which every machine of the service reads: a disk they share is not needed for them.

Those that lie on the disk, as all did before there was a bucket, are found there until they are moved.
"""

import io
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from opendesign.core.errors import Away, NotFound
from opendesign.core.lfs import OID, Pointer
from opendesign.git import locks
from opendesign.git.bodies import PIECE, Stream
from opendesign.git.lfs import LargeFiles, absent, checked

ABREAST = 8  # questions at a time about files that are named together
WINDOW = 4 << 20  # bytes that are asked for at once while a file is sent on
log = logging.getLogger(__name__)


class Object(Protocol):
    """What a store says of an object."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def at(self) -> datetime: ...


class Objects(Protocol):
    """A bucket; all of it raises Away while its store does not answer (cad/bucket.py)."""

    def sending(self, name: str, pieces: Iterable[bytes], size: int) -> AbstractContextManager[Callable[[], None]]: ...
    def look(self, name: str) -> Object | None: ...
    def read(self, name: str, start: int, size: int) -> bytes: ...
    def fetch(self, name: str, file: BinaryIO) -> object: ...
    def below(self, start: str) -> Iterator[Object]: ...
    def remove(self, name: str) -> None: ...
    def give_up_old(self, before: float) -> None: ...


class Copies(Protocol):
    """A folder of copies that may go when they are not used (cad/copies.py)."""

    root: Path

    def keep(self, path: Path, write: Callable[[BinaryIO], object]) -> None: ...
    def touch(self, path: Path) -> None: ...


class BucketFiles(LargeFiles):
    """The files of a bucket, and those still on the disk below `root`; the lock against sweeps lies there too.

    A file is sent to the bucket as it arrives and is there only once it was found to be as named. What builds read is
    copied to this machine; what people fetch is passed on without a copy.
    """

    def __init__(self, root: Path, bucket: Objects, copies: Copies):
        super().__init__(root)
        self.bucket, self.copies = bucket, copies
        self._abreast = ThreadPoolExecutor(ABREAST, "large-files")

    def holds(self, pointer: Pointer) -> bool:
        """Whether the file is there, whole."""
        return super().holds(pointer) or self._is_sent(pointer)

    def _is_sent(self, pointer: Pointer) -> bool:
        found = self.bucket.look(pointer.oid)
        return found is not None and found.size == pointer.size

    def here(self, pointers: Collection[Pointer]) -> set[Pointer]:
        """Those of the files that are there, whole; asked for several at a time."""
        named = list(dict.fromkeys(pointers))
        answers = self._abreast.map(self.holds, named)
        return {each for each, there in zip(named, answers, strict=True) if there}

    def found(self, pointer: Pointer) -> Path:
        """Where a file can be read: a copy of this machine's, fetched where there is none; raises NotFound."""
        if super().holds(pointer):
            return self.path(pointer.oid)
        copy = self._copy(pointer)
        if not copy.is_file():
            self.copies.keep(copy, partial(self._fetch, pointer))
        self.copies.touch(copy)
        return copy

    def _copy(self, pointer: Pointer) -> Path:
        return self.copies.root / "lfs" / self.path(pointer.oid).relative_to(self.root)

    def _fetch(self, pointer: Pointer, file: BinaryIO) -> None:
        try:
            self.bucket.fetch(pointer.oid, file)
        except NotFound as gone:
            raise absent(pointer) from gone
        if file.tell() != pointer.size:
            raise absent(pointer)

    def opened(self, pointer: Pointer) -> BinaryIO:
        """A file to be read from any place on, and what no copy has piece by piece; raises NotFound."""
        with suppress(NotFound):
            return super().opened(pointer)
        with suppress(FileNotFoundError):
            self.copies.touch(self._copy(pointer))
            return self._copy(pointer).open("rb")
        if not self._is_sent(pointer):
            raise absent(pointer)
        return io.BufferedReader(Windows(partial(self.bucket.read, pointer.oid), pointer.size), PIECE)

    def everything(self) -> Iterator[Pointer]:
        """Every file that is there, in the bucket or on the disk."""
        on_disk = set(super().everything())
        yield from sorted(on_disk, key=lambda each: each.oid)
        sent = (Pointer(each.name, each.size) for each in self._sent())
        yield from (each for each in sent if each not in on_disk)

    def _sent(self) -> Iterator[Object]:
        return (each for each in self.bucket.below("") if OID.fullmatch(each.name))

    @contextmanager
    def borrowed(self, pointer: Pointer) -> Iterator[Path]:
        """Lends a file for a while; what is not here is fetched and not kept. Raises NotFound."""
        if super().holds(pointer) or self._copy(pointer).is_file():
            yield self.found(pointer)
            return
        loan = self.copies.root / f".borrowed-{uuid4().hex}"
        try:
            with loan.open("xb") as file:
                self._fetch(pointer, file)
            yield loan
        finally:
            loan.unlink(missing_ok=True)

    @contextmanager
    def arriving(self, pointer: Pointer, stream: Stream) -> Iterator[None]:
        """Takes a file from a stream; it is in the bucket while and after this is held, and no sweep takes it away.

        Raises Invalid, and leaves nothing, unless the bytes are as named; Away while the store does not answer.
        """
        self.path(pointer.oid)
        self.root.mkdir(parents=True, exist_ok=True)
        with (
            self.bucket.sending(pointer.oid, checked(pointer, stream), pointer.size) as settle,
            locks.together(self.root),
        ):
            settle()
            yield

    def land(self, path: Path) -> bool:
        """Moves a file of the disk to the bucket, unless it is there; says whether it was not.

        Raises Invalid, and leaves it, where it is not what it is called.
        """
        pointer = Pointer(path.name, path.stat().st_size)
        self.root.mkdir(parents=True, exist_ok=True)
        with locks.together(self.root):
            if self._is_sent(pointer):
                path.unlink(missing_ok=True)
                return False
        with path.open("rb") as file, self.arriving(pointer, file):
            path.unlink(missing_ok=True)
        return True

    def remove(self, oid: str) -> None:
        """Takes a file away; there may be none."""
        super().remove(oid)
        self.bucket.remove(oid)

    def sweep(self, kept: Callable[[Sequence[str]], set[str]], before: float) -> int:
        """Removes files that came before a moment and are not among the kept; returns how many."""
        gone = super().sweep(kept, before)
        try:
            self.bucket.give_up_old(before)
        except Away:  # some stores do not tell of them, or not to everybody
            log.warning("What began to be sent and never came cannot be looked for; a rule of the store may remove it")
        old = [each.name for each in self._sent() if each.at.timestamp() < before]
        return gone + self.cleared(old, kept, partial(self._is_old, before), self.bucket.remove) if old else gone

    def _is_old(self, before: float, oid: str) -> bool:
        found = self.bucket.look(oid)
        return found is not None and found.at.timestamp() < before


class Windows(io.RawIOBase):
    """An object read in windows: nothing is kept open at the store while a slow client takes what it has."""

    def __init__(self, read: Callable[[int, int], bytes], size: int):
        self._read, self._size = read, size
        self._place, self._start, self._held = 0, 0, b""

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._place

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Goes to a place, counted from the beginning, from here, or from the end."""
        self._place = max(0, place + (0, self._place, self._size)[whence])
        return self._place

    def readinto(self, buffer) -> int:
        """Reads some bytes, none at the end."""
        if self._place >= self._size:
            return 0
        if not self._start <= self._place < self._start + len(self._held):
            self._start, self._held = self._place, b""
            self._held = self._read(self._place, min(WINDOW, self._size - self._place))
        begin = self._place - self._start
        count = min(len(buffer), len(self._held) - begin)
        buffer[:count] = self._held[begin : begin + count]
        self._place += count
        return count
