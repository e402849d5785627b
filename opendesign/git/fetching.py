"""The answers to fetches: streamed from git and kept on the way, or sent from where they are kept."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from opendesign.git import processes
from opendesign.git.answers import Shelf

PIECE = 1 << 16


class Answer:
    """Bytes for a client: iterate, then close. A kept one has an open `file`, its `path` and its `size` in
    bytes.
    """

    file: BinaryIO | None = None
    path: Path | None = None
    size: int | None = None
    brings: bool = True
    """Whether it may bring objects; an answer of refs alone does not."""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        raise StopIteration

    def close(self) -> None:
        """Let go of files and processes; safe to call twice and before the end."""


class KeptAnswer(Answer):
    """An answer that was given before."""

    def __init__(self, file: BinaryIO, path: Path):
        self.file = file
        self._source = file
        self.path = path
        self.size = os.fstat(file.fileno()).st_size

    def __next__(self) -> bytes:
        piece = self._source.read(PIECE)
        if not piece:
            raise StopIteration
        return piece

    def close(self) -> None:
        """Close the file."""
        self._source.close()


class Fetch(Answer):
    """The answer of a running upload-pack; a complete one is kept."""

    def __init__(self, process: subprocess.Popen[bytes], shelf: Shelf, place: Path):
        assert process.stdout is not None
        self._process = process
        self._out = process.stdout
        self._shelf = shelf
        self._place = place
        self._draft = shelf.draft()
        self._copy: BinaryIO | None = open(self._draft, "xb")  # noqa: SIM115 — closed in close()
        self._written = 0
        self._complete = False

    def __next__(self) -> bytes:
        piece = self._out.read(PIECE)
        if not piece:
            self._complete = True
            self.close()
            raise StopIteration
        self._keep(piece)
        return piece

    def _keep(self, piece: bytes) -> None:
        self._written += len(piece)
        if self._copy and self._shelf.fits(self._written):
            self._copy.write(piece)
        elif self._copy:
            self._let_go().unlink(missing_ok=True)

    def _let_go(self) -> Path:
        """The draft, closed; nothing is written to it any more."""
        if self._copy:
            self._copy.close()
        self._copy = None
        return self._draft

    def close(self) -> None:
        """End git, reap it, and keep the answer if it is complete."""
        if self._complete:
            self._process.wait()
        self._out.close()
        processes.stop(self._process)
        if self._copy is None:
            return
        draft = self._let_go()
        if self._complete and self._process.returncode == 0:
            self._shelf.keep(draft, self._place)
        else:
            draft.unlink(missing_ok=True)
