"""Units: the smallest improvements, one hunk of a commit each, named by what they take away and put in."""

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

LEAST_TOKENS = 4  # less is a typing slip: it is worth nothing
MOST_WORTH = 5.0  # of one hunk, however long: value is logarithmic and capped, so that bulk buys nothing
MOST_UNITS = 2000  # of one commit: what has more was written by a machine, and counts nothing
LONGEST_LINE = 1 << 16  # characters of a line whose tokens are counted
ID_LENGTH = 32  # hexadecimal digits kept of a sha256; 128 bits name a unit for good
LINE_LENGTH = 10  # hexadecimal digits that name a line: in a tree of a million lines one in a million is mistaken
MOST_LINES = 64  # of one side of a hunk that are remembered, those with the most tokens
TELLING = 3  # tokens of a line that says something; `else:` and `)` stand everywhere

# What a machine wrote, what is bought by the word, and what is somebody else's.
EXPORTS: tuple[str, ...] = (".step", ".stp", ".stl", ".3mf", ".amf", ".obj", ".glb", ".gltf", ".brep", ".iges", ".igs")
EXPORTS += (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".pdf", ".gcode")
LICENCE = re.compile(r"(?i)^(licen[sc]e|copying|notice|unlicen[sc]e)(\W|$)")
VENDORED = re.compile(r"(^|/)(vendor|vendored|third_party|third-party|node_modules|site-packages|\.venv|venv)/")

HEAD = re.compile(rb"^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
TOKEN = re.compile(
    r"[^\W\d]\w*|\d(?:[\w.]|(?<=[eE])[+-])*|\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?|[^\w\s]", re.UNICODE
)
COMMENT = {".scad": "//", ".js": "//", ".ts": "//", ".c": "//", ".h": "//", ".cpp": "//", ".csv": None, ".md": None}
SPACE = re.compile(r"[\s\0]+")  # a NUL parts minus from plus

Hunk = tuple[str, list[str], list[str]]  # path, lines taken away, lines put in


@dataclass(frozen=True)
class Unit:
    """One hunk: its name, the name of the hunk that would undo it, its file and its size in tokens of the language.

    `plus` and `minus` name the lines it puts in and takes away, one after the other.
    """

    id: str
    reverse: str
    path: str
    tokens: int
    plus: str = ""
    minus: str = ""

    @property
    def value(self) -> float:
        """What it counts: log2 of its tokens, 0 under 4 of them and 5 at most."""
        return value(self.tokens)


def value(tokens: int) -> float:
    """Returns what a change of so many tokens counts."""
    return min(MOST_WORTH, math.log2(1 + tokens)) if tokens >= LEAST_TOKENS else 0.0


def is_source(path: str) -> bool:
    """Says whether a file is written by people for this design: no export, no licence text, nothing vendored."""
    name = path.rpartition("/")[2]
    return not (path.lower().endswith(EXPORTS) or LICENCE.match(name) or VENDORED.search(path))


def unit(path: str, minus: Sequence[str], plus: Sequence[str]) -> Unit | None:
    """Returns the unit of a hunk; None where only blanks or comments change.

    White space, blank lines and lines of comment alone do not count, nor does the path.
    """
    mark = comment_mark(path)
    before, after = (list(_counting(lines, mark)) for lines in (minus, plus))
    gone, come = ("\n".join(SPACE.sub("", line) for line in lines) for lines in (before, after))
    if gone == come:
        return None
    sizes = [{line: len(TOKEN.findall(line[:LONGEST_LINE])) for line in lines} for lines in (before, after)]
    tokens = sum(size[line] for size, lines in zip(sizes, (before, after), strict=True) for line in lines)
    minus_lines, plus_lines = map(_line_names, sizes)
    return Unit(_digest(gone, come), _digest(come, gone), path, tokens, plus_lines, minus_lines)


def line_name(line: str) -> str:
    """Returns the short name of a line; white space does not count."""
    return hashlib.blake2b(SPACE.sub("", line).encode("utf-8", "replace"), digest_size=LINE_LENGTH // 2).hexdigest()


def line_names(path: str, text: str) -> set[str]:
    """Returns the names of the lines that count in a file."""
    return {line_name(line) for line in _counting(text.split("\n"), comment_mark(path))}


def named_lines(names: str) -> list[str]:
    """Returns the names of lines that were written one after the other."""
    return [names[start : start + LINE_LENGTH] for start in range(0, len(names), LINE_LENGTH)]


def comment_mark(path: str) -> str | None:
    """Returns what begins a comment in a file of this name; None where there are none."""
    name = path.rpartition("/")[2].lower()
    return COMMENT.get("." + name.rpartition(".")[2], "#") if "." in name else "#"


def units(patch: bytes) -> list[Unit]:
    """Returns the units of what `git diff-tree -p -U0 -M -w --root` prints of one commit, in its order.

    Bytes that are no UTF-8 are read as replacement characters: a commit that cannot be read well is indexed all the
    same.
    """
    return units_in(hunks(patch))


def units_in(hunks: Iterable[Hunk]) -> list[Unit]:
    """Returns the units of some hunks, none where there are too many."""
    found = (unit(path, minus, plus) for path, minus, plus in hunks if is_source(path))
    some = list(islice((each for each in found if each is not None), MOST_UNITS + 1))
    return some if len(some) <= MOST_UNITS else []


def hunks(patch: bytes) -> Iterator[Hunk]:
    """Yields path, lines taken away and lines put in of every hunk of a patch without context."""
    lines = iter(patch.split(b"\n"))
    old = path = ""
    for line in lines:
        if line.startswith(b"--- "):
            old = _named(line[4:])
        elif line.startswith(b"+++ "):
            path = _named(line[4:]) or old
        elif head := HEAD.match(line):
            counts = [1 if count is None else int(count) for count in head.groups()]
            minus, plus = (_taken(lines, count) for count in counts)
            yield path, minus, plus


def _taken(lines: Iterator[bytes], count: int) -> list[str]:
    """Takes so many lines of a hunk; git's remark on a missing newline is none of them."""
    found: list[str] = []
    while len(found) < count:
        line = next(lines, None)
        if line is None:
            return found
        if not line.startswith(b"\\"):
            found.append(line[1:].decode("utf-8", "replace"))
    return found


def _named(word: bytes) -> str:
    """Returns the path of a header line, empty for /dev/null; git quotes a name with quotes, tabs or newlines in it."""
    word = word.removesuffix(b"\r").removesuffix(b"\t")
    if word == b"/dev/null":
        return ""
    if word.startswith(b'"') and word.endswith(b'"'):
        word = _unquoted(word[1:-1])
    return word[2:].decode("utf-8", "replace")


ESCAPED = re.compile(rb"\\([abfnrtv\"\\]|[0-7]{3})")
LETTERS = dict(zip(b'abfnrtv"\\', b'\a\b\f\n\r\t\v"\\', strict=True))


def _unquoted(word: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8) & 255 if len(code) == 3 else LETTERS[code[0]]])

    return ESCAPED.sub(plain, word)


def _counting(lines: Iterable[str], mark: str | None) -> Iterator[str]:
    for line in lines:
        text = line.strip()
        if text and not (mark and text.startswith(mark)):
            yield text


def _line_names(sizes: Mapping[str, int]) -> str:
    """Names the lines of one side that say something, all of them where none does, the longest first."""
    telling = [line for line, tokens in sizes.items() if tokens >= TELLING] or list(sizes)
    telling.sort(key=lambda line: -sizes[line])
    return "".join(dict.fromkeys(line_name(line) for line in telling[:MOST_LINES]))


def _digest(minus: str, plus: str) -> str:
    return hashlib.sha256(f"{minus}\0{plus}".encode("utf-8", "replace")).hexdigest()[:ID_LENGTH]
