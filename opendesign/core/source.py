"""Python source as text with places: parsed tolerantly, sliced exactly."""

import ast
import re
from dataclasses import dataclass
from functools import cached_property

from opendesign.core.errors import Invalid

BOM = "\ufeff"
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
# IPython's magics (%matplotlib, !pip) stand in 2 of 407 real designs; they are blanked, not run.
MAGIC = re.compile(r"(?m)^[ \t]*[%!](?=[A-Za-z%])")


@dataclass(frozen=True)
class Source:
    """A script's text and its syntax tree; the tree's lines and byte columns fit `lines`."""

    text: str
    tree: ast.Module
    lines: tuple[str, ...]

    @cached_property
    def _starts(self) -> list[int]:
        starts, position = [], len(self.text) - sum(map(len, self.lines))
        for line in self.lines:
            starts.append(position)
            position += len(line)
        return starts

    def position(self, line: int, column: int) -> int:
        """The index into `text` of a 1-based line and a 0-based column in UTF-8 bytes."""
        return self._starts[line - 1] + self._characters(line, column)

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where a node begins and ends in `text`."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self.position(node.lineno, node.col_offset), self.position(end_line, end_column)

    def after(self, node: ast.expr | ast.stmt) -> str:
        """The rest of the line on which a node ends, line ending left out."""
        line = node.end_lineno or node.lineno
        return self.lines[line - 1][self._characters(line, node.end_col_offset or 0) :].rstrip("\r\n")

    def _characters(self, line: int, column: int) -> int:
        text = self.lines[line - 1]
        return column if text.isascii() else len(text.encode()[:column].decode())


def read_source(text: str) -> Source:
    """The source with its tree; raises Invalid with `errors=[{"line", "message"}]` if it is not Python."""
    body = text.removeprefix(BOM)
    tree = _tree(body)
    lines = tuple(match.group() for match in LINE.finditer(body) if match.group())
    return Source(text, tree, lines)


def _tree(body: str) -> ast.Module:
    try:
        return ast.parse(body)
    except SyntaxError as error:
        blanked = MAGIC.sub(lambda match: match.group()[:-1] + "#", body)
        if blanked != body:
            return _tree(blanked)
        line, reason = error.lineno or 1, str(error.msg)[:200]
    except (RecursionError, MemoryError):
        line, reason = 1, "it is nested too deeply to be read"
    except ValueError as error:  # null bytes, lone surrogates
        line, reason = 1, str(error)[:200]
    raise Invalid(f"Line {line} is not Python: {reason}.", [{"line": line, "message": reason}])
