"""Source as the pages show it: highlighted lines, and the rows of a difference."""

from collections.abc import Iterable, Sequence
from itertools import chain

from flask_babel import gettext as _
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from opendesign.git.differences import FileDiff, Hunk

LONGEST = 256 << 10  # characters; highlighting more would take longer than a page may (≈ 1 MB/s)
FORMATTER = HtmlFormatter(nowrap=True)
STATUS = {"A": "added", "D": "removed", "R": "moved", "C": "added", "M": "changed", "T": "changed"}


def highlighted(path: str, text: str) -> list[Markup]:
    """Returns the lines of a file, coloured by the language its name stands for."""
    if len(text) > LONGEST:
        return [escape(line) for line in text.split("\n")]
    lines = highlight(text, _lexer(path), FORMATTER).split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return [Markup(line) for line in lines]


def diff_files(changes: Iterable[FileDiff]) -> list[dict[str, object]]:
    """Returns the changes as `diff_file` wants them (templates/_macros/code.html)."""
    return [
        {
            "path": change.path,
            "old_path": change.old_path,
            "status": STATUS.get(change.status, "changed"),
            "added": change.additions,
            "removed": change.deletions,
            "binary": change.binary,
            "rows": _rows(change),
        }
        for change in changes
    ]


def _rows(change: FileDiff) -> list[dict[str, object]]:
    rows = list(chain.from_iterable(_hunk_rows(change.path, hunk) for hunk in change.hunks))
    if change.truncated:
        rows.append({"kind": "hunk", "html": _("The rest is left out: this difference is very long.")})
    return rows


def _hunk_rows(path: str, hunk: Hunk) -> list[dict[str, object]]:
    """Each side is coloured as a whole, so that a text over several lines keeps its colour."""
    new = iter(_coloured(path, [text for kind, _old, _new, text in hunk.lines if kind != "-"]))
    old = iter(_coloured(path, [text for kind, _old, _new, text in hunk.lines if kind != "+"]))
    rows: list[dict[str, object]] = [{"kind": "hunk", "html": escape(hunk.header)}]
    for kind, before, after, _text in hunk.lines:
        line = next(old) if kind == "-" else next(new)
        if kind == " ":
            next(old)
        rows.append({"kind": {"+": "add", "-": "del"}.get(kind, "same"), "old": before, "new": after, "html": line})
    return rows


def _coloured(path: str, lines: Sequence[str]) -> list[Markup]:
    """Returns exactly as many lines as came in, plain ones where the language would change their number."""
    text = "\n".join(line.rstrip("\r").replace("\x0c", " ") for line in lines)
    coloured = highlighted(path, text + "\n") if lines else []
    return coloured if len(coloured) == len(lines) else [escape(line) for line in lines]


def _lexer(path: str) -> Lexer:
    options = {"stripnl": False, "ensurenl": True}
    try:
        return get_lexer_for_filename(path.rpartition("/")[2], **options)
    except ClassNotFound:
        return TextLexer(**options)
