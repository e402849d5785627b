"""What changed between two revisions, line by line, read from `git diff-tree --raw --numstat --patch`."""

import re
from dataclasses import dataclass, field

HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@.*")
ESCAPES = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
ESCAPED = re.compile(rb'\\([0-7]{3}|[abtnvfr"\\])')


@dataclass(frozen=True)
class Hunk:
    """Neighbouring changes; a line is (kind " ", "+" or "-", its old number, its new number, its text)."""

    header: str
    lines: list[tuple[str, int | None, int | None, str]] = field(default_factory=list)


@dataclass
class FileDiff:
    """The change of one file: `status` is A, D, M, R, C or T; `truncated` when lines are left out."""

    status: str
    path: str
    old_path: str
    binary: bool = False
    hunks: list[Hunk] = field(default_factory=list)
    additions: int = 0
    deletions: int = 0
    truncated: bool = False


def parse_diff(printed: bytes, cut: bool, most_lines: int) -> list[FileDiff]:
    """The changes printed by diff-tree; `cut` says that it ends too early, `most_lines` is per file."""
    head, _, patch = printed.partition(b"\n\n")
    lines = head.split(b"\n")
    if cut and not patch:
        lines.pop()
    files = [_file(line) for line in lines if line.startswith(b":")]
    counts = [line for line in lines if line and not line.startswith(b":")]
    for file, line in zip(files, counts, strict=False):
        _count(file, line)
    sections = _sections(patch)
    for file in files:
        wanted = 2 if file.status == "T" else 1
        for section in sections[:wanted]:
            _read(file, section, most_lines)
        file.truncated = file.truncated or (cut and len(sections) <= wanted)
        del sections[:wanted]
    return files


def _file(line: bytes) -> FileDiff:
    facts, *paths = line.split(b"\t")
    status = facts.rsplit(b" ", 1)[1].decode()[0]
    names = [unquoted(path) for path in paths]
    return FileDiff(status=status, path=names[-1], old_path=names[0])


def _count(file: FileDiff, line: bytes) -> None:
    added, deleted, _ = line.split(b"\t", 2)
    file.binary = added == b"-"
    if not file.binary:
        file.additions, file.deletions = int(added), int(deleted)


def _sections(patch: bytes) -> list[list[str]]:
    """The lines of each file's patch: a new one starts with a line that no hunk could hold."""
    sections: list[list[str]] = []
    for line in patch.decode("utf-8", "replace").split("\n"):
        if line.startswith("diff --git "):
            sections.append([])
        elif sections:
            sections[-1].append(line)
    return sections


def _read(file: FileDiff, lines: list[str], most: int) -> None:
    old = new = shown = 0
    inside = False
    for line in lines:
        if found := HUNK.fullmatch(line):
            inside = True
            old, new = int(found[1]), int(found[2])
            file.hunks.append(Hunk(line))
        elif inside and line[:1] in (" ", "+", "-") and line:
            if shown == most:
                file.truncated = True
                return
            kind, text = line[0], line[1:]
            file.hunks[-1].lines.append((kind, None if kind == "+" else old, None if kind == "-" else new, text))
            old, new = old + (kind != "+"), new + (kind != "-")
            shown += 1


def unquoted(path: bytes) -> str:
    """A path as git prints it, C-quoted if it holds a quote, a backslash or a control character."""
    if path.startswith(b'"'):
        path = ESCAPED.sub(lambda found: bytes([_byte(found[1].decode())]), path[1:-1])
    return path.decode("utf-8", "replace")


def _byte(escape: str) -> int:
    return ESCAPES[escape] if escape in ESCAPES else int(escape, 8)
