"""Where the files of Git LFS lie: each once, named by the SHA-256 of its content, whichever designs have it.

Whether a design has one is for the records to say; nothing here is a permission.
"""

import errno
import hashlib
import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from opendesign.core.errors import Invalid, NoRoom, NotFound, TooLarge
from opendesign.core.lfs import OID, Pointer, may_be_pointer, read_pointer
from opendesign.git import locks, names
from opendesign.git.bodies import PIECE, Stream
from opendesign.git.repository import Repository
from opendesign.git.skeleton import settle

FULL = (errno.ENOSPC, errno.EDQUOT)
BATCH = 100  # files that are asked about at once, while nothing can arrive
WAIT_SECONDS = 60
ABANDONED_SECONDS = 24 * 3600  # after which a file that is still arriving never will


class LargeFiles:
    """The files below a folder, fanned out by the first two digits of their names."""

    def __init__(self, root: Path):
        self.root = root
        self.arrivals = root / "arriving"

    def path(self, oid: str) -> Path:
        """Where a file lies, whether it is there or not; raises Invalid for a name that is none."""
        if not OID.fullmatch(oid):
            raise Invalid("A file of Git LFS is named by 64 of the digits 0-9 and a-f.")
        return self.root / oid[:2] / oid

    def holds(self, pointer: Pointer) -> bool:
        """Whether the file is there, whole."""
        with suppress(FileNotFoundError):
            return self.path(pointer.oid).stat().st_size == pointer.size
        return False

    def here(self, pointers: Collection[Pointer]) -> set[Pointer]:
        """Those of the files that are there, whole."""
        return set(filter(self.holds, pointers))

    def found(self, pointer: Pointer) -> Path:
        """Where a file can be read; raises NotFound if it is not there."""
        if not LargeFiles.holds(self, pointer):
            raise absent(pointer)
        return self.path(pointer.oid)

    def opened(self, pointer: Pointer) -> BinaryIO:
        """A file to be read from any place on; raises NotFound if it is not there."""
        try:
            return LargeFiles.found(self, pointer).open("rb")
        except FileNotFoundError as gone:
            raise absent(pointer) from gone

    def read(self, pointer: Pointer) -> bytes:
        """All of a file that is held in memory; raises NotFound if it is not there."""
        with self.opened(pointer) as file:
            return file.read()

    def everything(self) -> Iterator[Pointer]:
        """Every file that is there."""
        for path in sorted(self.root.glob("??/*")):
            with suppress(FileNotFoundError):
                if OID.fullmatch(path.name):
                    yield Pointer(path.name, path.stat().st_size)

    @contextmanager
    def borrowed(self, pointer: Pointer) -> Iterator[Path]:
        """Lends a file to whoever goes through all of them; raises NotFound if it is not there."""
        yield self.found(pointer)

    def land(self, path: Path) -> bool:
        """Moves a file that is called what its content hashes to where it belongs; says whether it was not here."""
        place, new = self.path(path.name), not self.holds(Pointer(path.name, path.stat().st_size))
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, place)
        return new

    def remove(self, oid: str) -> None:
        """Takes a file away; there may be none."""
        self.path(oid).unlink(missing_ok=True)

    @contextmanager
    def arriving(self, pointer: Pointer, stream: Stream) -> Iterator[None]:
        """Takes a file from a stream; it is in its place, durable, while and after this is held.

        No sweep takes it away meanwhile. Raises Invalid, and leaves nothing, unless the bytes are as named; NoRoom when
        the disk is full.
        """
        self.arrivals.mkdir(parents=True, exist_ok=True)
        draft = self.arrivals / uuid4().hex
        try:
            with _having_room():
                _take(draft, pointer, stream)
            place = self.path(pointer.oid)
            place.parent.mkdir(exist_ok=True)
            with locks.together(self.root):
                # Also where there is one: it may be damaged, or old enough to be swept.
                os.replace(draft, place)
                settle(place.parent)
                settle(self.root)
                yield
        finally:
            draft.unlink(missing_ok=True)

    def sweep(self, kept: Callable[[Sequence[str]], set[str]], before: float) -> int:
        """Removes files that came before a moment (seconds since 1970) and are not among the kept; returns how many.

        Raises Conflict while something arrives all the time.
        """
        if not self.root.is_dir():
            return 0
        _forget_abandoned(self.arrivals)
        old = [each.oid for each in LargeFiles.everything(self) if self.age(each.oid) < before]
        return self.cleared(old, kept, lambda oid: self.age(oid) < before, partial(LargeFiles.remove, self))

    def cleared(
        self,
        oids: Sequence[str],
        kept: Callable[[Sequence[str]], set[str]],
        is_old: Callable[[str], bool],
        remove: Callable[[str], None],
    ) -> int:
        """Removes those of some files that are not kept, and old still while nothing arrives; returns how many."""
        gone = 0
        for start in range(0, len(oids), BATCH):
            some = oids[start : start + BATCH]
            with locks.alone(self.root, WAIT_SECONDS):
                for oid in filter(is_old, sorted(set(some) - kept(some))):
                    remove(oid)
                    gone += 1
        return gone

    def age(self, oid: str) -> float:
        """When a file came to the disk, in seconds since 1970; infinite for none."""
        return _age(self.path(oid))


@contextmanager
def _having_room() -> Iterator[None]:
    """Turns the disk's refusal into ours."""
    try:
        yield
    except OSError as trouble:
        if trouble.errno not in FULL:
            raise
        raise NoRoom("The disk of this service is full; nothing was kept. Tell its operator.") from trouble


def _take(draft: Path, pointer: Pointer, stream: Stream) -> None:
    with draft.open("xb") as file:
        for piece in checked(pointer, stream):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def checked(pointer: Pointer, stream: Stream) -> Iterator[bytes]:
    """The pieces of a file that arrives; raises TooLarge or Invalid, at its end at the latest, for any other."""
    digest, left = hashlib.sha256(), pointer.size
    while piece := stream.read(PIECE):
        left -= len(piece)
        if left < 0:
            raise TooLarge(f"More than the {pointer.size} bytes came that were announced; nothing was kept.")
        digest.update(piece)
        yield piece
    if left:
        raise Invalid(f"{pointer.size - left} of {pointer.size} bytes came; nothing was kept. Send it again.")
    if digest.hexdigest() != pointer.oid:
        raise Invalid(f"What came has the SHA-256 {digest.hexdigest()}, not {pointer.oid}; nothing was kept.")


def absent(pointer: Pointer) -> NotFound:
    """What is said of a file that is not there."""
    return NotFound(f"The file {pointer.oid[:12]} of Git LFS is not here; send it again: git lfs push --all.")


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _forget_abandoned(arrivals: Path) -> None:
    for draft in arrivals.glob("*"):
        if _age(draft) < time.time() - ABANDONED_SECONDS:
            draft.unlink(missing_ok=True)


def pointers_in(repository: Repository, tips: Sequence[str], known: Sequence[str]) -> list[Pointer]:
    """What the pointers name that commits reachable from `tips` and not from `known` have."""
    feed = "".join([f"{names.check_sha(tip)}\n" for tip in tips] + [f"^{names.check_sha(tip)}\n" for tip in known])
    listed = repository.run(
        "rev-list", "--objects", "--no-object-names", "--ignore-missing", "--stdin", feed=feed.encode()
    )
    sizes = repository.run("cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", feed=listed)
    facts = [line.split() for line in sizes.decode().splitlines()]
    small = [sha for sha, kind, size in facts if kind == "blob" and may_be_pointer(int(size))]
    found = map(read_pointer, repository.read_blobs(small).values())
    return [pointer for pointer in dict.fromkeys(found) if pointer]
