"""A shelf whose files lie in a bucket; those in use are copied to a folder of this machine."""

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from opendesign.cad.bucket import Bucket, Object
from opendesign.cad.copies import Copies
from opendesign.cad.shelf import PACKED_SUFFIX, Shelf, check_name, is_name
from opendesign.core.errors import NotFound
from opendesign.core.shelf import BucketAddress

# The object that is put last under a key and removed first: without it there is nothing under the key yet.
SEAL = ".made"
ABREAST = 8  # requests at a time for what belongs together
MANY = 500  # keys from which on a listing of everything costs less than one of each


class BucketShelf(Shelf):
    """Made files in a bucket, named as in a folder. Files never change, so a copy is right for as long as it lasts.

    A gzip variant is made of the copy, and kept beside it only. What asks the store raises Away without an answer.
    """

    def __init__(self, address: BucketAddress, copies: Path, limit: int, turns: Path):
        self.bucket = Bucket(address)
        self.copies = Copies(copies, limit)
        super().__init__(self.copies.root)
        self.turns = turns
        self._abreast = ThreadPoolExecutor(ABREAST, "shelf")

    def __str__(self) -> str:
        return str(self.bucket.address)

    def put(self, key: str, files: Mapping[str, bytes]) -> None:
        """Stores the files made under a key; a reader finds all of them or none, unless there were some before.

        Raises Invalid for a key or a name that is none.
        """
        place = self.place(key)
        for name, content in files.items():
            check_name(name)
            memoryview(content)  # refuses what are no bytes before anything is stored
        self._all(lambda name: self.bucket.put(named(key, name), files[name]), files)
        self.bucket.put(named(key, SEAL), b"")
        for name, content in files.items():
            self._keep(place / name, content)

    lay = put

    def _keep(self, path: Path, content: bytes) -> None:
        with contextlib.suppress(OSError):  # without a copy it is fetched
            self.copies.keep(path, lambda file: file.write(content))

    def path(self, key: str, name: str, packed: bool = False) -> Path:
        """Returns a copy of a file as the folder's shelf does, fetched where there is none here."""
        check_name(name)
        copy = self.place(key) / name
        if not copy.is_file():
            if name not in self.names(key):
                raise NotFound(f"There is no {name} under {key[:12]}….")
            self.copies.keep(copy, lambda file: self._fetch(key, name, file))
        found = super().path(key, name, packed)
        for each in {copy, found}:
            self.copies.touch(each)
        return found

    def _fetch(self, key: str, name: str, file: BinaryIO) -> None:
        at = self.bucket.fetch(named(key, name), file)
        file.flush()
        os.utime(file.fileno(), (time.time(), at.timestamp()))  # readers are told the same time by every machine

    def has(self, key: str, name: str) -> bool:
        """Says whether there is such a file, without fetching it. Raises Invalid as `path` does."""
        return super().has(key, name) or self.names(key).get(name, 0) > 0

    @contextlib.contextmanager
    def borrowed(self, key: str, name: str) -> Iterator[Path]:
        """Lends a file for a while; what is not here is fetched and not kept, or a backup would take all the room."""
        if super().has(key, name):
            yield self.path(key, name)
            return
        copy = self.root / f".borrowed-{secrets.token_hex(8)}"
        try:
            with copy.open("xb") as file:
                self._fetch(key, name, file)
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def names(self, key: str) -> dict[str, int]:
        """Returns the names of the files under a key with their sizes in bytes; nothing for an unknown key."""
        return sizes(self._under(key))

    def _under(self, key: str) -> list[Object]:
        self.place(key)
        return list(self.bucket.below(named(key, "")))

    def forget(self, key: str, most: int, chosen: Callable[[str], bool]) -> None:
        """Removes the oldest of the chosen files under a key beyond so many; they can be made again."""
        found = [each for each in self._under(key) if is_name(last(each)) and chosen(last(each))]
        for old in sorted(found, key=lambda each: (each.at, each.name), reverse=True)[most:]:
            self.bucket.remove(old.name)
            for suffix in ("", PACKED_SUFFIX):
                (self.place(key) / (last(old) + suffix)).unlink(missing_ok=True)

    def everything(self) -> Iterator[str]:
        """Yields every key under which there is something."""
        return (key for key, objects in self._by_key() if any(last(each) == SEAL for each in objects))

    def older(self, before: float) -> Iterator[str]:
        """Yields every key under which nothing has been put since a moment, also what was never put to its end."""
        return (key for key, objects in self._by_key() if max(each.at.timestamp() for each in objects) < before)

    def _by_key(self) -> Iterator[tuple[str, list[Object]]]:
        found = (each for each in self.bucket.below("") if each.name.count("/") == 2)
        return ((key, list(objects)) for key, objects in groupby(found, lambda each: each.name.split("/")[1]))

    def lacking(self, wanted: Mapping[str, Mapping[str, int]]) -> set[str]:
        """Returns the keys under which there are not all of the files that are wanted, by name and size in bytes."""
        if len(wanted) > MANY:
            there = {key: sizes(objects) for key, objects in self._by_key() if key in wanted}
        else:
            there = dict(zip(wanted, self._all(self.names, wanted), strict=True))
        return {key for key, asked in wanted.items() if not asked.items() <= there.get(key, {}).items()}

    def make(self) -> None:
        """Makes the bucket, unless it is there."""
        self.bucket.make()

    def ask(self) -> None:
        """Raises Away while the store does not answer."""
        self.bucket.ask()

    def prove(self) -> None:
        """Writes something beside the files, reads it and removes it; raises what goes wrong."""
        proof = f".proof-{secrets.token_hex(8)}"
        self.bucket.put(proof, b"proof")
        with (self.root / proof).open("w+b") as file:
            (self.root / proof).unlink()
            self.bucket.fetch(proof, file)
        self.bucket.remove(proof)

    def delete(self, key: str) -> None:
        """Removes everything under a key; it may be unknown."""
        for each in sorted(self._under(key), key=lambda each: last(each) != SEAL):
            self.bucket.remove(each.name)
        shutil.rmtree(self.place(key), ignore_errors=True)

    def _all(self, act: Callable, each: Mapping) -> list:
        """Does something for each, several at a time, and returns what came of it; raises what one of them raises."""
        return list(self._abreast.map(act, each)) if len(each) > 1 else [act(one) for one in each]


def named(key: str, name: str) -> str:
    """Returns what an object is called."""
    return f"{key[:2]}/{key}/{name}"


def last(each: Object) -> str:
    """Returns the name of the file that an object holds."""
    return each.name.rpartition("/")[2]


def sizes(objects: list[Object]) -> dict[str, int]:
    """Returns names and sizes in bytes of the files among the objects of one key; nothing before they are sealed."""
    if not any(last(each) == SEAL for each in objects):
        return {}
    return {last(each): each.size for each in objects if is_name(last(each))}
