"""What a revision holds: the entries of its folders."""

import stat
from dataclasses import dataclass

KINDS = {0o040000: "tree", 0o120000: "link", 0o160000: "submodule"}
FOLDER = 0o040000


@dataclass(frozen=True)
class Entry:
    """One name in a folder: `kind` is blob, tree, link or submodule; `size` in bytes, 0 for folders and
    submodules.
    """

    name: str
    path: str
    kind: str
    mode: int
    size: int
    sha: str


def parse_entries(printed: bytes, folder: str) -> list[Entry]:
    """The entries printed by `git ls-tree -l -z` of the folder at the path `folder`."""
    return [_entry(line, folder) for line in printed.split(b"\0") if line]


def _entry(line: bytes, folder: str) -> Entry:
    facts, _, raw = line.partition(b"\t")
    mode, _, sha, size = facts.decode().split()
    path = raw.decode("utf-8", "replace")
    return Entry(
        name=path.rpartition("/")[2],
        path=f"{folder}/{path}" if folder else path,
        kind=KINDS.get(stat.S_IFMT(int(mode, 8)), "blob"),
        mode=int(mode, 8),
        size=int(size) if size.isdigit() else 0,
        sha=sha,
    )


def parse_tree(raw: bytes) -> dict[bytes, tuple[int, str]]:
    """The (mode, object id) of every name in a tree object."""
    entries = {}
    at = 0
    while at < len(raw):
        space, nul = raw.index(b" ", at), raw.index(b"\0", at)
        entries[raw[space + 1 : nul]] = (int(raw[at:space], 8), raw[nul + 1 : nul + 21].hex())
        at = nul + 21
    return entries


def encode_tree(entries: dict[bytes, tuple[int, str]]) -> bytes:
    """The tree object; git sorts a folder as if its name ended in a slash."""

    def place(name: bytes) -> bytes:
        return name + b"/" if entries[name][0] == FOLDER else name

    return b"".join(
        b"%o %b\0%b" % (entries[name][0], name, bytes.fromhex(entries[name][1])) for name in sorted(entries, key=place)
    )
