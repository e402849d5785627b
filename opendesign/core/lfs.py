"""Git LFS: files that a repository names by a small pointer, and that are kept beside it."""

import re
from dataclasses import dataclass

from opendesign.core.errors import Invalid, TooLarge
from opendesign.core.text import HIDDEN

OID = re.compile(r"[0-9a-f]{64}")
# As the specification of version 1 has it: three lines in this order. One with extensions is a file like any other.
POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize (0|[1-9][0-9]{0,18})\n"
)
SHORTEST, LONGEST = 126, 144  # bytes of a pointer
LONGEST_PATH = 1000
GIB, MIB = 1 << 30, 1 << 20


@dataclass(frozen=True)
class Pointer:
    """Names a file by the SHA-256 of its content, and says how many bytes it has."""

    oid: str
    size: int

    @property
    def name(self) -> str:
        """What stands for the content among the inputs of a build: nothing that git calls a blob looks like it."""
        return f"sha256:{self.oid}"


def may_be_pointer(size: int) -> bool:
    """Says whether a file of so many bytes can be a pointer."""
    return SHORTEST <= size <= LONGEST


def read_pointer(content: bytes) -> Pointer | None:
    """Returns what a pointer names; None for any other content."""
    found = POINTER.fullmatch(content) if may_be_pointer(len(content)) else None
    return Pointer(found[1].decode(), int(found[2])) if found else None


def check_pointer(oid: object, size: object, most: int) -> Pointer:
    """Returns what a client names; raises Invalid for what is no SHA-256 or no size, TooLarge past `most` bytes."""
    if not isinstance(oid, str) or not OID.fullmatch(oid):
        raise Invalid("“oid” must be a SHA-256: 64 of the digits 0-9 and a-f.")
    if type(size) is not int or size < 0:
        raise Invalid("“size” must be a whole number of bytes, 0 or more.")
    if size > most:
        raise TooLarge(f"A file has {in_words(size)}; at most {in_words(most)} are taken (setting lfs_file_bytes).")
    return Pointer(oid, size)


def check_path(path: object) -> str:
    """Returns the path of a file that somebody locks; raises Invalid for none."""
    if not isinstance(path, str) or not 0 < len(path) <= LONGEST_PATH or HIDDEN.search(path) or "\n" in path:
        raise Invalid(f"“path” must name a file of the design, with at most {LONGEST_PATH} characters.")
    return path


def in_words(size: int) -> str:
    """A number of bytes for people: 2 GiB, 10.5 MiB, 700 bytes."""
    for unit, word in ((GIB, "GiB"), (MIB, "MiB")):
        if size >= unit:
            return f"{size / unit:.1f} {word}".replace(".0 ", " ")
    return f"{size} bytes"
