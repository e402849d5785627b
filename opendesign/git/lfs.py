"""Where the files of Git LFS lie: each once, named by the SHA-256 of its content, whichever designs have it.

Whether a design has one is for the records to say; nothing here is a permission.
"""

import errno
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from opendesign.core.errors import Invalid, NoRoom, NotFound, TooLarge
from opendesign.core.lfs import OID, Pointer, may_be_pointer, read_pointer
from opendesign.git import locks, names
from opendesign.git.bodies import PIECE, Stream
from opendesign.git.repository import Repository
from opendesign.git.skeleton import settle

FULL = (errno.ENOSPC, errno.EDQUOT)
BATCH = 500  # files that are asked about at once
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

    def found(self, pointer: Pointer) -> Path:
        """Where a file lies; raises NotFound if it does not."""
        if not self.holds(pointer):
            raise NotFound(f"The file {pointer.oid[:12]} of Git LFS is not here; send it again: git lfs push --all.")
        return self.path(pointer.oid)

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
        gone = 0
        old = [path for path in self.root.glob("??/*") if OID.fullmatch(path.name) and _age(path) < before]
        for start in range(0, len(old), BATCH):
            some = old[start : start + BATCH]
            with locks.alone(self.root, WAIT_SECONDS):
                known = kept([path.name for path in some])
                for path in some:
                    if path.name not in known and _age(path) < before:
                        path.unlink(missing_ok=True)
                        gone += 1
        return gone


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
    digest, left = hashlib.sha256(), pointer.size
    with draft.open("xb") as file:
        while piece := stream.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise TooLarge(f"More than the {pointer.size} bytes came that were announced; nothing was kept.")
            digest.update(piece)
            file.write(piece)
        if left:
            raise Invalid(f"{pointer.size - left} of {pointer.size} bytes came; nothing was kept. Send it again.")
        if digest.hexdigest() != pointer.oid:
            raise Invalid(f"What came has the SHA-256 {digest.hexdigest()}, not {pointer.oid}; nothing was kept.")
        file.flush()
        os.fsync(file.fileno())


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
