"""Records what a design has from a relative by its shape alone: drawn another way, or brought as a model file."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from opendesign.actions.find_settings import seen_at
from opendesign.actions.house import Work
from opendesign.actions.measure_overlap import overlaps_of, want_overlap
from opendesign.actions.watch_family import begun_with
from opendesign.core.lineage import form as core
from opendesign.core.lineage.adoption import CREDITED, Finding
from opendesign.core.lineage.crowd import is_common
from opendesign.core.lineage.form import Drawn
from opendesign.records import change as kept
from opendesign.records import form as forms
from opendesign.records.design import Design, design_by_id
from opendesign.records.fetch import fetches_for
from opendesign.records.form import Form
from opendesign.records.lapse import forget_sight
from opendesign.records.proposal import squashes
from opendesign.records.revision import Adoption, adoptions_at, adoptions_of
from opendesign.records.untraced import forget_traced

LINE = 20  # forks of forks whose parts are looked up


class Side(NamedTuple):
    """A design that may have taken something, with the designs that count for it."""

    design: Design
    family: Collection[int]


def trace_forms(work: Work, open_to: Mapping[int, Collection[int]], after: int) -> tuple[int | None, bool]:
    """Records who was first with the forms that nobody has looked at yet, of 500 parts whose numbers follow on one.

    `open_to` are the designs that count for each of a family. What waits for a comparison is looked at again once that
    is made. Returns the last number, None where there were none, and whether text is to be looked at once more.
    """
    taken = forms.take_untraced_forms(work.session, open_to, after)
    told = set()
    for target, change in dict.fromkeys((each.design_id, each.change or "") for each in taken):
        design = design_by_id(work.session, target)
        if design is not None and _record(work, Side(design, open_to[target]), change):
            told.add(target)
    forget_traced(work.session, told)
    forget_sight(work.session, {each.design_id for each in taken})
    return max((each.id for each in taken), default=None), bool(told)


def _record(work: Work, side: Side, change: str) -> bool:
    """Replaces what is known by their forms of the parts that one commit of a design drew.

    Says whether what text had shown, before a shape showed more, is to be found once more as that shows it no longer.
    """
    session, target = work.session, side.design.id
    receipts = kept.receipts(session, side.family, [change]).get(change, [])
    found: dict[str, list[Finding]] = {}
    if receipts and receipts[0].design_id == target:
        for row in forms.forms_of_change(session, target, change):
            if finding := _found(work, side, row, receipts[0]):
                found.setdefault(finding.change.sha, []).append(finding)
    old = [each for each in forms.formed_in(session, target).values() if each.sha == change]
    told = {each.source_sha for each in old if {*core.WORDS} & {*each.evidence}}
    sources = kept.receipts(session, side.family, found)
    for sha, some in found.items():
        finding = core.together(some)
        known = adoptions_of(session, sha, [target])
        adoption = adoption_of(finding, target, receipts[0], sources[sha][0])
        if all(each in old or gives_way(each, adoption) for each in known):
            adoption.evidence = [*adoption.evidence, *_replaced(known)]
            session.add(adoption)
            old += [each for each in known if each not in old]
    for each in old:
        session.delete(each)
    session.flush()
    return bool(told - found.keys())


def _replaced(known: Iterable[Adoption]) -> list[str]:
    """Returns what text had shown of a change before its shape showed more."""
    found = {each.kind if core.FINGERPRINT not in each.evidence else "" for each in known}
    return sorted(found.union(*(each.evidence for each in known)) & {*core.WORDS})


def gives_way(known: Adoption, found: Adoption) -> bool:
    """Says whether what is known of a change gives way to what is found of it.

    A mere word and a second solution do to a shape, and a shape to commits and text that show more, unless these were
    there first; of several drawings the first stays.
    """
    by_form = core.FINGERPRINT in found.evidence
    if core.FINGERPRINT not in known.evidence:
        return by_form and found.kind == "geometry" and not known.credited
    if not by_form:
        return not {*core.WORDS} & {*known.evidence} and (found.kind in CREDITED or not known.credited)
    ranks = core.DESERVING.index(found.kind), core.DESERVING.index(known.kind)
    return (ranks[0], found.at) < (ranks[1], known.at)


def _found(work: Work, side: Side, row: Form, arrived: kept.Receipt) -> Finding | None:
    """Returns whose form a part of a design has; None for its own, and while that is looked at."""
    session, form = work.session, row.told
    if form is None or not form.is_telling:
        return None
    drawn = _drawn(work, side, forms.forms_like(session, side.family, form))
    own = [each for each in drawn if (each.change.sha, each.path, each.key) == (row.change, row.path, row.key)]
    if not own:
        return None
    earlier = [each for each in drawn if each.change.received_at < arrived.received_at]
    had = _had(work, side, (each.change.sha for each in earlier), arrived)
    overlaps = overlaps_of(work, row.key, [each.key for each in earlier])
    found = core.likeness(own[0], earlier, had, overlaps)
    if found.wanted:
        row.traced = False
        want_overlap(work, side.design, row.key, found.wanted)
    if found.source is None or _explained(work, side, arrived, {each.change.design for each in earlier}):
        return None
    source = found.source.change
    if is_common(forms.families_drawing(session, form, side.design.root, source.received_at)):
        return None
    fetches = fetches_for(session, side.design.id, [source.design]).get(source.design, ())
    return core.formed(own[0], found, _previous(work, side, row.path, arrived), fetches)


def _drawn(work: Work, side: Side, rows: Iterable[Form]) -> list[Drawn]:
    """Returns parts as lineage sees them, in the order in which the changes that drew them were first received."""
    known = {(each.change or "", each.path, each.key): each for each in rows}
    shas = {sha for sha, _, _ in known}
    receipts, changes = kept.receipts(work.session, side.family, shas), kept.changes(work.session, shas)
    found = []
    for (sha, path, key), row in known.items():
        if sha in receipts and sha in changes and (form := row.told):
            first = receipts[sha][0]
            head = row.sha, row.design_id, first.received_at  # a message may name where the push ended
            change = replace(seen_at(changes[sha], first), copies=(head,))
            drawn = Drawn(change, path, key, form, row.text, row.before, row.share)
            found.append((first.received_at, first.id, path, key, drawn))
    return [drawn for *_, drawn in sorted(found, key=lambda each: each[:4])]


def _had(work: Work, side: Side, shas: Iterable[str], arrived: kept.Receipt) -> set[str]:
    """Returns which commits a design had before another one came: received, or begun with."""
    wanted = set(shas)
    begun = begun_with(work, side.design) if wanted else frozenset()
    received = kept.receipts(work.session, [side.design.id], wanted)
    before = {sha for sha, some in received.items() if some[0].received_at < arrived.received_at}
    return before | (wanted & begun)


def _explained(work: Work, side: Side, arrived: kept.Receipt, sources: Collection[int]) -> bool:
    """Says whether commits or text show, in the same push, that something came from one of these designs."""
    target = side.design.id
    shas = {each.sha for each in forms.push_of(work.session, target, arrived)}
    squashed = squashes(work.session, target)
    if any(squashed.get(sha) in sources for sha in shas):
        return True
    return any(
        each.target_id == target
        and each.kind != "declared"
        and core.FINGERPRINT not in each.evidence
        and (each.source_id in sources or each.by_id in sources)
        for each in adoptions_at(work.session, side.family, shas)
    )


def _previous(work: Work, side: Side, path: str, arrived: kept.Receipt) -> core.Form | None:
    """Returns the form that a part of a design had before a commit came; None where nobody knows."""
    rows: list[Form] = []
    design: Design | None = side.design
    for _ in range(LINE):
        if design is not None:
            rows += forms.forms_at(work.session, design.id, path)
            design = design_by_id(work.session, design.parent_id)
    drawn = _drawn(work, side, rows)
    had = _had(work, side, (each.change.sha for each in drawn), arrived)
    return next((each.form for each in reversed(drawn) if each.change.sha in had), None)


def adoption_of(finding: Finding, target: int, arrived: kept.Receipt, source: kept.Receipt) -> Adoption:
    """Returns the record of a finding: when and with whom it arrived, and what the source had called it."""
    return Adoption(
        source_id=finding.change.design,
        target_id=target,
        kind=finding.kind,
        sha=finding.arrived.sha,
        source_sha=finding.change.sha,
        by_id=finding.road,
        commits=1,
        subject=source.subject,
        evidence=list(finding.evidence),
        share=round(finding.share, 4),
        person_id=arrived.received_by,
        at=arrived.received_at,
    )
