"""Finds which parameters, files and shapes that a design took over are no longer there as they came, and since when."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from opendesign.actions.find_shapes_gone import shapes_gone
from opendesign.actions.house import Work
from opendesign.core.declaration import stated_values
from opendesign.core.errors import Invalid
from opendesign.core.lineage.life import Life, values_set
from opendesign.core.lineage.setting import Setting
from opendesign.core.lineage.unit import Unit
from opendesign.core.value import Value
from opendesign.records.blob import copied_hunks
from opendesign.records.revision import Adoption
from opendesign.records.setting import settings_in, settings_of

KINDS = ("parameter", "copy", "geometry")
Units = Mapping[str, Sequence[Unit]]


def find_ends(
    work: Work,
    adoptions: Sequence[Adoption],
    life: Life,
    scripts: Mapping[str, Collection[str]],
    units: Units,
    moments: Mapping[str, datetime],
) -> dict[int, datetime | None]:
    """Returns which of a design's adoptions of these kinds have ended, by number; None where nothing shows when.

    `scripts` are the texts of a design's scripts by path, `moments` those at which its published commits came.
    """
    values, files, shapes = ([each for each in adoptions if each.kind == kind] for kind in KINDS)
    ends = _values_gone(work, values, life, scripts, units, moments), _files_gone(work, files, life, units)
    return dict(chain(*ends, shapes_gone(work, shapes, units, moments)))


def _files_gone(
    work: Work, adoptions: Sequence[Adoption], life: Life, units: Units
) -> Iterator[tuple[int, datetime | None]]:
    names = copied_hunks(work.session, {(each.sha, each.source_sha or "") for each in adoptions})
    for each in adoptions:
        wanted = names.get((each.sha, each.source_sha or ""), ())
        files = [unit for unit in units.get(each.sha, ()) if unit.id in wanted]
        if files and not life.stands(files):
            yield each.id, life.taker(files)


def _values_gone(
    work: Work,
    adoptions: Sequence[Adoption],
    life: Life,
    scripts: Mapping[str, Collection[str]],
    units: Units,
    moments: Mapping[str, datetime],
) -> Iterator[tuple[int, datetime | None]]:
    taken = _taken(work, adoptions)
    stated = _stated(scripts, {one.path for some in taken.values() for one in some})
    names = {one.name for some in taken.values() for one in some}
    later = settings_in(work.session, {each.target_id for each in adoptions}, names)
    for each in adoptions:
        some = taken.get(each.id, [])
        if some and not any(one.after in values_set(*one.key, stated) for one in some):
            values = {(*one.key, repr(one.after)) for one in some}
            left = [
                moments[sha]
                for sha, told in later.items()
                if sha in moments and any((*one.key, repr(one.before)) in values for one in told)
            ]
            lines = [unit for unit in units.get(each.sha, ()) if unit.path in {one.path for one in some}]
            yield each.id, max(left, default=life.taker(lines))


def _taken(work: Work, adoptions: Sequence[Adoption]) -> dict[int, list[Setting]]:
    """Returns, by adoption, what both commits set to the same."""
    known = settings_of(work.session, {sha for each in adoptions for sha in (each.sha, each.source_sha or "")})
    found = {}
    for each in adoptions:
        theirs = {(*one.key, repr(one.after)) for one in known.get(each.source_sha or "", ())}
        found[each.id] = [one for one in known.get(each.sha, ()) if (*one.key, repr(one.after)) in theirs]
    return found


def _stated(scripts: Mapping[str, Collection[str]], wanted: Collection[str]) -> dict[str, list[Mapping[str, Value]]]:
    """Returns what some scripts state; what all do, where one of these has gone or moved."""
    asked = wanted if all(path in scripts for path in wanted) else scripts
    return {path: [_values(text) for text in scripts[path]] for path in asked}


def _values(text: str) -> Mapping[str, Value]:
    try:
        return stated_values(text)
    except (Invalid, RecursionError, ValueError):
        return {}
