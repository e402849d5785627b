"""Merges three versions of a bom.csv by the reference or part of a row, and its column."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from opendesign.core.errors import Invalid
from opendesign.core.merging import SIDES, Merged, Rivals, refuse_strange
from opendesign.core.threeway import join_keys

KEYS = ("ref", "part")  # the columns that name a row; the first that the file has and fills


@dataclass(frozen=True)
class Row:
    """A record as it is written, and its cells."""

    written: str
    cells: tuple[str, ...]


def merge_bom(texts: tuple[str, str, str], chosen: Mapping[str, object]) -> Merged | None:
    """The bill with both sides' rows; None where columns differ, or a row has no name or shares it.

    Conflicts are named by row and column, as `M3x10/quantity`, or by the row where one side dropped it; see
    `merge_scripts` for the rest. A row that only one side changed stays as that side wrote it.
    """
    try:
        heads = {_records(text)[0] for text in texts if text}
        sides = [_rows(text) if text else {} for text in texts]
    except (csv.Error, ValueError, IndexError):
        return None
    if len(heads) != 1:
        return None
    head = heads.pop()
    merged: list[str] = [head.written]
    rivals: dict[str, Rivals] = {}
    order = join_keys(*map(list, sides))
    for key in [*order, *(key for key in sides[0] if key not in order)]:
        three = [side.get(key) for side in sides]
        row = _row(key, head.cells, three, chosen, rivals)
        if row is not None:
            merged.append(row)
    refuse_strange(chosen, rivals)
    end = "\r\n" if head.written.endswith("\r\n") else "\n"
    whole = [line if line.endswith(("\n", "\r")) else line + end for line in merged[:-1]] + merged[-1:]
    return Merged("".join(whole), [each for each in rivals.values() if each.name not in chosen])


def _row(
    key: str, columns: tuple[str, ...], three: list[Row | None], chosen: Mapping[str, object], rivals: dict[str, Rivals]
) -> str | None:
    """A row as both sides leave it, None where it goes; what they set to different values is put to the rivals."""
    base, ours, theirs = three
    if ours == theirs or theirs == base:
        return ours.written if ours else None
    if ours == base:
        return theirs.written if theirs else None
    if ours is None or theirs is None:
        shown = [each.written.strip() if each else None for each in three]
        rivals[key] = Rivals(key, shown[0], shown[1], shown[2])
        side = three[_side(key, chosen.get(key, "ours"))]
        return side.written if side else None
    if ours.cells == theirs.cells:
        return min(ours.written, theirs.written)
    cells = []
    for at, column in enumerate(columns):
        old, mine, yours = base.cells[at] if base else None, ours.cells[at], theirs.cells[at]
        if mine != yours and old not in (mine, yours):
            name = f"{key}/{column}"
            rivals[name] = Rivals(name, old, mine, yours)
            cells.append(_cell(name, [old, mine, yours], chosen.get(name, "ours")))
        else:
            cells.append(yours if mine == old else mine)
    return _written(cells, "\r\n" if ours.written.endswith("\r\n") and theirs.written.endswith("\r\n") else "\n")


def _cell(name: str, three: list[str | None], word: object) -> str:
    if isinstance(word, str) and word not in SIDES:
        return word
    if isinstance(word, int | float) and not isinstance(word, bool):
        return str(word)
    return three[_side(name, word)] or ""


def _side(name: str, word: object) -> int:
    if not isinstance(word, str) or word not in SIDES:
        message = "must be “base”, “ours” or “theirs”"
        raise Invalid(f"{name[:80]} {message}.", [{"name": name[:80], "message": message}])
    return SIDES.index(word)


def _written(cells: list[str], end: str) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator=end).writerow(cells)
    return stream.getvalue()


def _rows(text: str) -> dict[str, Row]:
    """The rows by name; raises ValueError where one has none, two have the same, or cells are missing."""
    head, *records = _records(text)
    names = [head.cells.index(column) for column in KEYS if column in head.cells]
    rows: dict[str, Row] = {}
    for each in records:
        key = next((cell for at in names if at < len(each.cells) and (cell := each.cells[at].strip())), "")
        if not key or key in rows or len(each.cells) != len(head.cells):
            raise ValueError("a row has no name of its own")
        rows[key] = each
    return rows


def _records(text: str) -> list[Row]:
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(lines, strict=True)
    records, at = [], 0
    for cells in reader:
        records.append(Row("".join(lines[at : reader.line_num]), tuple(cells)))
        at = reader.line_num
    return records
