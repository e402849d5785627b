"""What a change does to the thing: parts paired, parameters, facts and the difference in geometry."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from opendesign.actions.check_merge import outcome
from opendesign.actions.house import Work
from opendesign.actions.want_build import part_key, want_each, want_files, want_parts
from opendesign.cad.version import engine_version
from opendesign.core import shapes
from opendesign.core.asker import asker
from opendesign.core.bill import BillChange, compare_bills, rows_of
from opendesign.core.build import comparison_key
from opendesign.core.comparison import Fact, Pair, conserved, facts, overlaps, pair_alike, pair_edited, pair_parts
from opendesign.core.demand import read_demands
from opendesign.core.parameter import Change, Parameter, changed
from opendesign.core.printing import density
from opendesign.core.promise import Promise, promises
from opendesign.core.snapshot import Snapshot
from opendesign.records.base import now
from opendesign.records.build import (
    Build,
    Comparison,
    builds_by_key,
    comparisons_by_key,
)
from opendesign.records.design import Design

FOR_COMPARISON = 5
DIRECT = ("added", "removed", "renamed")
AFTER_BUILDS = 3  # priority: builds come first, a difference of an assembly can take a minute


@dataclass
class PartComparison:
    """One part before and after: how it is paired, both builds, their facts, parameters, difference and materials.

    `manifests` are the texts of both sides' okh.toml, whose contracts it is held to.
    """

    pair: Pair
    before: Build | None
    after: Build | None
    comparison: Comparison | None
    facts: list[Fact]
    parameters: list[Change]
    materials: tuple[str, str] = ("", "")
    manifests: tuple[str | None, str | None] = (None, None)

    @property
    def path(self) -> str:
        """The part's path, the new one when it was renamed."""
        return self.pair.path

    @property
    def status(self) -> str:
        """`unchanged`, `changed`, `added`, `removed` or `renamed`."""
        return self.pair.status

    @property
    def material_assumed(self) -> bool:
        """True when a side's material is not named, or its density not known."""
        sides = zip((self.pair.before, self.pair.after), self.materials, strict=True)
        return any(path and density(material) is None for path, material in sides)

    @property
    def lacking(self) -> bool:
        """True while nobody has wanted one of its builds, or its difference since both builds are wanted again."""
        sides = ((self.pair.before, self.before), (self.pair.after, self.after))
        if self.comparison is None or any(path and build is None for path, build in sides):
            return True
        return self.comparison.stopped and not any(build and build.stopped for _, build in sides)

    @property
    def shapes(self) -> list[shapes.Change]:
        """What happened to each shape; empty while a side is not made, and where each is one shape."""
        sides = [build.shapes if build and build.state == "made" else [] for build in (self.before, self.after)]
        there = [
            path is None or bool(own) for path, own in zip((self.pair.before, self.pair.after), sides, strict=True)
        ]
        return shapes.differences(*sides) if all(there) and max(map(len, sides)) > 1 else []

    @property
    def promises(self) -> list[Promise]:
        """How the part keeps the interface contracts of both sides, before and after, as far as it is built."""
        sides = (self.pair.before, self.before), (self.pair.after, self.after)
        held = [path and outcome(path, build.key if build else "", build) for path, build in sides]
        asked = [read_demands(text) for text in self.manifests]
        return promises((asked[0], held[0] or None), (asked[1], held[1] or None))

    @property
    def volumes(self) -> dict[str, float]:
        """What was `added`, `removed` and kept (`common`) in mm³; empty while the difference is not made."""
        return (self.comparison.result or {}).get("volume_mm3") or {} if self.comparison else {}

    @property
    def method(self) -> str:
        """How those volumes were found; empty while they are not."""
        return (self.comparison.result or {}).get("method") or "" if self.comparison else ""

    @property
    def approximate(self) -> bool:
        """True when those volumes come from triangles, or do not make up the volumes before and after."""
        return bool(self.volumes) and (self.method != "exact" or not conserved(self.volumes, *self._wholes))

    @property
    def overlapping(self) -> bool:
        """True when bodies of the part lie in one another, so that those volumes count once what they share."""
        return bool(self.volumes) and overlaps(self.volumes, *self._wholes)

    @property
    def _wholes(self) -> tuple[float, float]:
        before, after = ((build.total or {}) if build else {} for build in (self.before, self.after))
        return before.get("volume_mm3") or 0.0, after.get("volume_mm3") or 0.0

    @property
    def error(self) -> dict | None:
        """Why there is no difference: the error of the newer build that failed, else the kernel's."""
        failed = [build for build in (self.after, self.before) if build and build.state == "failed"]
        return failed[0].error if failed else self.comparison.error if self.comparison else None

    @property
    def state(self) -> str:
        """How far the difference in geometry is: `wanted`, `making`, `made`, `failed` or `none` needed."""
        if self.status == "unchanged":
            return "none"
        if any(build and build.state == "failed" for build in (self.before, self.after)):
            return "failed"
        return self.comparison.state if self.comparison else "wanted"


@dataclass
class Change3D:
    """A whole comparison of two trees of one design, or of two designs of a family.

    Of parts that differ, those with their own script changed first, `most` are built and shown, from `start` on.
    """

    parts: list[PartComparison] = field(default_factory=list)
    bill: BillChange = field(default_factory=BillChange)
    edited: frozenset[str] = frozenset()
    start: int = 0
    most: int = 200

    @property
    def changed(self) -> list[PartComparison]:
        """The parts whose builds are not the same."""
        return [part for part in self.parts if part.status != "unchanged"]

    @property
    def promised(self) -> Iterator[tuple[str, list[Promise]]]:
        """Each changed part's path, and how it keeps the contracts of both sides."""
        return ((part.path, part.promises) for part in self.changed)

    @property
    def shown(self) -> list[PartComparison]:
        """Those of the changed parts that are built and shown, in order."""
        in_order = sorted(self.changed, key=lambda part: (not self.is_direct(part), part.path))
        return in_order[self.start : self.start + self.most]

    @property
    def rest(self) -> int:
        """How many more parts differ after those that are shown."""
        return max(0, len(self.changed) - self.start - self.most)

    def is_direct(self, part: PartComparison) -> bool:
        """Whether a part's own script changed, or it came or went."""
        return part.status in DIRECT or part.path in self.edited

    @property
    def lacking(self) -> bool:
        """True while somebody has to want what is shown of it: `want_comparison` does."""
        return any(part.lacking for part in self.shown)

    @property
    def waiting(self) -> bool:
        """True while something of what is shown is still to be made."""
        return any(part.state in ("wanted", "making") for part in self.shown)


def compare(work: Work, before: Snapshot, after: Snapshot, start: int = 0) -> Change3D:
    """Returns what is known of the difference between two trees; reads only, wants nothing.

    As many changed parts are shown as are built of a push (setting `push_builds`), from number `start` on.
    """
    keys = [{part.path: part_key(snapshot, part.path) for part in snapshot.parts} for snapshot in (before, after)]
    builds = builds_by_key(work.session, [key for side in keys for key in side.values()])
    pairs = _pairs(before, after, keys, builds)
    names = {_name(pair, *keys): pair for pair in pairs if pair.status != "unchanged"}
    comparisons = comparisons_by_key(work.session, names)
    parts = [_compared(pair, before, after, keys, builds, comparisons) for pair in pairs]
    blobs = before.blobs.keys() | after.blobs.keys()
    edited = frozenset(path for path in blobs if before.blobs.get(path) != after.blobs.get(path))
    return Change3D(parts, _bill(pairs, before, after), edited, start, work.house.settings.push_builds)


def want_comparison(
    work: Work, before: tuple[Design, Snapshot], after: tuple[Design, Snapshot], start: int = 0
) -> Change3D:
    """Wants every build and difference that is shown of two trees and not made yet; returns the comparison."""
    shown = [part.pair for part in compare(work, before[1], after[1], start).shown]
    paths = [pair.before for pair in shown if pair.before], [pair.after for pair in shown if pair.after]
    for (design, snapshot), (_, beside), own in ((before, after, paths[0]), (after, before, paths[1])):
        for build in [*want_each(work, design, snapshot, own), *want_parts(work, design, snapshot, beside)]:
            want_files(work, build, FOR_COMPARISON)
    found = compare(work, before[1], after[1], start)
    for part in found.shown:
        if part.comparison is None or part.comparison.stopped:
            part.comparison = _want(work, after[0], part.before, part.after)
        elif part.comparison and part.comparison.state == "wanted":
            work.soon("compare", part.comparison.key, AFTER_BUILDS)
    return found


def _sources(snapshot: Snapshot) -> dict[str, str]:
    return {part.path: snapshot.source_key(engine_version(), part.path) for part in snapshot.parts}


def _pairs(before: Snapshot, after: Snapshot, keys: list[dict[str, str]], builds: Mapping[str, Build]) -> list[Pair]:
    found = pair_parts(_sources(before), _sources(after))
    totals = {
        f"{side}{path}": builds[key].total or {}
        for side, own in zip("-+", keys, strict=True)
        for path, key in own.items()
        if key in builds and builds[key].state == "made"
    }
    return pair_edited(pair_alike(found, totals), before.sources, after.sources)


def _bill(pairs: Iterable[Pair], before: Snapshot, after: Snapshot) -> BillChange:
    renamed = {pair.before: pair.after for pair in pairs if pair.before and pair.after and pair.before != pair.after}
    old, new = (rows_of(side.bill, [(part.path, part.title) for part in side.parts]) for side in (before, after))
    return compare_bills(old, new, renamed)


def _name(pair: Pair, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    return comparison_key(engine_version(), before.get(pair.before or ""), after.get(pair.after or ""))


def _want(work: Work, design: Design, before: Build | None, after: Build | None) -> Comparison:
    keys = [build.key if build else None for build in (before, after)]
    row = Comparison(key=comparison_key(engine_version(), *keys), before_key=keys[0], after_key=keys[1])
    row.state, row.error, row.wanted_at, row.priority = "wanted", None, now(), AFTER_BUILDS
    row.asker = work.asker or asker(design.owner_id)
    row = work.session.merge(row)
    work.session.flush()
    work.soon("compare", row.key, AFTER_BUILDS)
    return row


def _renamed(parameters: Sequence[Parameter], pair: Pair) -> list[Parameter]:
    """The parameters before, those of a renamed script at its new path."""
    return [replace(each, path=pair.path) if each.path == pair.before else each for each in parameters]


def _compared(pair: Pair, before: Snapshot, after: Snapshot, keys, builds, comparisons) -> PartComparison:
    old = builds.get(keys[0].get(pair.before or ""))
    new = builds.get(keys[1].get(pair.after or ""))
    totals = [build.total if build and build.state == "made" else None for build in (old, new)]
    parameters = changed(
        _renamed(before.parameters(pair.before), pair) if pair.before else [],
        after.parameters(pair.after) if pair.after else [],
    )
    made_of = before.material(pair.before or ""), after.material(pair.after or "")
    found = comparisons.get(_name(pair, *keys)) if pair.status != "unchanged" else None
    told = before.manifest, after.manifest
    return PartComparison(pair, old, new, found, facts(totals[0], totals[1], made_of), parameters, made_of, told)
