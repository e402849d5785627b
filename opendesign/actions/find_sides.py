"""Finds what `main...ada/laptop-case:wider?wall=2` compares: two revisions of a family, or two sets of parameters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from opendesign.actions.find_revision import Place, find_revision
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.core.errors import Invalid, NotFound
from opendesign.core.snapshot import Snapshot
from opendesign.records.design import Design
from opendesign.records.kin import family_of

PARTING = re.compile(r"[,;&\n]+")  # between the values that people type
MOST_VALUES = 200  # parameters of one side
PRESET = "preset"  # stands among the values for all of a preset, unless a part has a parameter of this name


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a revision of a design, with parameters set to these values."""

    design: Design
    place: Place
    values: Mapping[str, str] = field(default_factory=dict)

    def name_in(self, focus: Design) -> str:
        """Returns how the side is written on the pages of a design."""
        return with_values(self.bare_name_in(focus), self.values)

    def bare_name_in(self, focus: Design) -> str:
        """Returns how its revision alone is written there."""
        return self.place.ref if self.design.id == focus.id else f"{self.design.path}:{self.place.ref}"


def find_sides(work: Work, design: Design, span: str) -> tuple[Side, Side]:
    """Returns both sides of `a...b`; each is a ref of the design, or `owner:ref` (`owner/name:ref`) of a relative.

    Behind a ref may stand values of parameters, or a preset, written as in an address: `main?preset=Wide&holes=3`.
    Raises Invalid for another form, NotFound for what is not there or may not be seen.
    """
    before, dots, after = span.partition("...")
    if not dots:
        message = "must be two revisions with three dots between them, such as main...thicker"
        raise Invalid(f"The comparison {message}.", [{"name": "range", "message": message}])
    return find_side(work, design, before), find_side(work, design, after)


def find_side(work: Work, design: Design, text: str) -> Side:
    """Returns the revision that `ref`, `owner:ref` or `owner/name:ref` means; no ref means the default branch."""
    name, mark, query = text.partition("?")
    whose, colon, ref = name.rpartition(":")
    meant = _relative(work, design, whose) if colon else design
    return Side(meant, find_revision(work, meant, ref), _values(query) if mark else {})


def read_side(work: Work, side: Side) -> Snapshot:
    """Returns the tree of a side with its preset, then its values set; raises Invalid for what no part takes."""
    snapshot, values = read_tree(work, side.design, side.place.sha), dict(side.values)
    if PRESET in values and not _has_parameter(snapshot, PRESET):
        snapshot = snapshot.with_preset(values.pop(PRESET))
    return snapshot.with_values(values) if values else snapshot


def presets_in(snapshot: Snapshot) -> list[str]:
    """Returns the names of the presets that can stand on a side, each once."""
    found = [each for part in snapshot.parts for each in snapshot.presets(part.path) if not each.problem]
    return list(dict.fromkeys(each.name for each in found))


def with_values(name: str, values: Mapping[str, str]) -> str:
    """Returns how a side is written, by its name and the values of its parameters."""
    return f"{name}?{urlencode(values)}" if values else name


def valued(text: str, values: str) -> str:
    """Returns how a side is written with other values than it may have; `values` as people type them: `a=1, b=2`."""
    typed = (each.partition("=") for each in PARTING.split(values) if each.strip())
    return with_values(text.partition("?")[0], {name.strip(): value.strip() for name, _sign, value in typed})


def _values(query: str) -> dict[str, str]:
    message = f"must be like wall=2.4&holes=3, of at most {MOST_VALUES}"
    try:
        return dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=MOST_VALUES))
    except ValueError:
        raise Invalid(f"The values of a side {message}.", [{"name": "range", "message": message}]) from None


def _has_parameter(snapshot: Snapshot, name: str) -> bool:
    return any(each.name == name for part in snapshot.parts for each in snapshot.parameters(part.path))


def _relative(work: Work, design: Design, whose: str) -> Design:
    """Returns the design of the family that `owner` or `owner/name` means, the oldest of an owner's first."""
    for member in family_of(work.session, design):
        if whose in (member.owner.name, member.path) and work.may("see", member):
            return member
    raise NotFound(f"No design of “{whose[:130]}” is in the family of {design.path}.")
