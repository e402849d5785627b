"""Bills of materials: the rows of `bom.csv`, and those that the parts themselves make."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opendesign.core import printing

FILE = "bom.csv"
COLUMNS = (
    *("ref", "part", "quantity", "unit", "kind", "source_file", "material", "process", "mpn", "manufacturer"),
    *("supplier", "supplier_ref", "unit_cost", "currency", "substitutes", "spare", "reused_from", "note"),
)
COMPUTED = ("volume_cm3", "box_mm", "solid_mass_g")
MEASURES = ("volume_mm3", "area_mm2")
MOST_ROWS, LONGEST_CELL = 5_000, 2_000
ALIKE = 1e-6
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection).
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Printed:
    """A part that one makes: its script, title and what was measured of it (see core/measurement.py)."""

    path: str
    title: str
    total: Mapping
    quantity: int


def quantity(total: Mapping, assembly: Sequence[Mapping]) -> int:
    """Returns how often a part occurs among the shapes of an assembly, known by volume and area; 1 if never."""
    alike = [one for one in assembly if all(near(one, name, total.get(name) or 0.0) for name in MEASURES)]
    return max(1, len(alike))


def near(shape: Mapping, name: str, own: float) -> bool:
    """Says whether a shape's measure is the same to six digits."""
    return abs((shape.get(name) or 0.0) - own) <= ALIKE * max(own, 1.0)


def table(text: str | None, printed: Sequence[Printed]) -> str:
    """Returns the bill as CSV: the rows of a repository's `bom.csv`, then a row for each printed part it does not name.

    Volume (cm³), box (mm) and the mass of a solid one (g, where the material is known) come from the parts.
    """
    rows, columns = read(text or "")
    by_source = {one.path: one for one in printed}
    named = {row.get("source_file", "") for row in rows}
    for row in rows:
        if row.get("source_file", "") in by_source:
            row |= computed(by_source[row["source_file"]], row.get("material", ""))
    for one in printed:
        if one.path not in named:
            facts = {"part": one.title, "quantity": str(one.quantity), "unit": "piece", "kind": "printed"}
            rows.append(facts | {"source_file": one.path} | computed(one, ""))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [*columns, *COMPUTED], restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: harmless(cell) for name, cell in row.items()} for row in rows)
    return stream.getvalue()


def read(text: str) -> tuple[list[dict[str, str]], list[str]]:
    """Returns the rows of a `bom.csv`, and its columns with those it lacks; an unreadable one has no rows."""
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
        own = [name.strip() for name in reader.fieldnames or [] if name]
        rows = [dict(zip(own, (str(cell or "") for cell in row.values()), strict=False)) for row in reader]
    except csv.Error:
        return [], list(COLUMNS)
    cut = [{name: cell[:LONGEST_CELL] for name, cell in row.items()} for row in rows[:MOST_ROWS]]
    own = [name for name in own if name not in COMPUTED]
    return cut, [*own, *(name for name in COLUMNS if name not in own)]


def computed(part: Printed, material: str) -> dict[str, str]:
    """Returns what is known of a part by its measurement."""
    volume, box = (part.total.get("volume_mm3") or 0.0) / 1000, part.total.get("bbox_mm")
    found = {"volume_cm3": f"{volume:.3f}"}
    if box:
        found["box_mm"] = " x ".join(f"{high - low:.2f}" for low, high in zip(*box, strict=True))
    density = printing.density(material)
    return found | ({"solid_mass_g": f"{volume * density:.1f}"} if density else {})


def material(text: str | None, path: str) -> str:
    """Returns the material that a `bom.csv` gives the part with this script, empty for none."""
    rows = read(text)[0] if text else []
    return next((word for row in rows if row.get("source_file") == path and (word := row.get("material", ""))), "")


def harmless(cell: str) -> str:
    """Returns a cell that no spreadsheet takes for a formula."""
    if not cell.startswith(FORMULAS) or is_number(cell):
        return cell
    return f"'{cell}"


def is_number(cell: str) -> bool:
    """Says whether a cell is a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True
