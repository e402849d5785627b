"""Forms: what tells the shape of a part, wherever it lies and however it was drawn."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from opendesign.core.errors import Invalid
from opendesign.core.lineage.adoption import APART, Change, Finding, signs
from opendesign.core.measurement import clean_name, count, number

ALIKE = 1e-4  # numbers that differ by less, of the larger one, agree to four digits
LEAST_FACES, LEAST_SORTS = 8, 6  # faces, and different ones: a box, a tube, a hexagon nut are drawn by everybody
MOST_SOLIDS = 6  # the kernel compares twelve at once, six of each
SAME = 0.999  # of what two shapes have together that they have in common
MOST_COMPARED = 8  # shapes with one form that one is compared with, of its own design's and of others'
OTHERWISE = 0.1  # a part whose volume or area changes by so much is no repair of what was there
MOST_KINDS = 20
FINGERPRINT = "fingerprint"  # the sign of what was found by its form
DESERVING = ("geometry", "twice")  # what a shape shows, the first shows more
WORDS = ("declared", "twice")  # signs that text had shown so much of it before


@dataclass(frozen=True)
class Form:
    """The form of a part: its solids, volume (mm³), area (mm²), moments of inertia (mm⁵), area by kind of surface.

    A mirror image has the same one. `faces` are all its faces, `sorts` how many of them are different.
    """

    solids: int
    volume: float
    area: float
    moments: tuple[float, ...]
    surfaces: Mapping[str, float]
    faces: int
    sorts: int

    @property
    def is_telling(self) -> bool:
        """Whether nobody would draw it by chance, and it can be compared."""
        return (
            self.faces >= LEAST_FACES
            and self.sorts >= LEAST_SORTS
            and 1 <= self.solids <= MOST_SOLIDS
            and self.volume > 0
        )


@dataclass(frozen=True)
class Drawn:
    """A part as a change left it: its path, the name of its build, its form.

    `text` names what its scripts say but for the values of parameters, `before` what they said before the change, None
    where there was no such part; `share` is how much of the change's value lies in what the part reads.
    """

    change: Change
    path: str
    key: str
    form: Form
    text: str
    before: str | None = None
    share: float = 1.0


@dataclass(frozen=True)
class Likeness:
    """What came of looking who was first with a form: the first, and how far the two are the same.

    `wanted` is the name of a build that has to be compared before it can be told.
    """

    source: Drawn | None = None
    overlap: float = 0.0
    wanted: str = ""


def check(form: object) -> dict | None:
    """Returns a form's surfaces from hostile JSON, cleaned; None where nobody looked. Raises Invalid."""
    if form is None:
        return None
    surfaces = form.get("surfaces") if isinstance(form, dict) else None
    if not isinstance(form, dict) or not isinstance(surfaces, dict) or len(surfaces) > MOST_KINDS:
        raise Invalid(f"A form is not a table of at most {MOST_KINDS} kinds of surface.")
    return {
        "surfaces": {clean_name(name): number(surfaces, name) for name in surfaces},
        "sorts": count(form, "sorts"),
    }


def form_of(result: Mapping | None) -> Form | None:
    """Returns the form of a build by its result; None where it has none."""
    total, form = (result or {}).get("total"), (result or {}).get("form")
    if not total or not form:
        return None
    numbers = total["volume_mm3"], total["area_mm2"], tuple(total["inertia_mm5"])
    return Form(total["solids"], *numbers, form["surfaces"], total["faces"], form["sorts"])


def volumes_alike(volume: float) -> tuple[float, float]:
    """Returns the least and the largest volume that agree with one to four digits."""
    return volume * (1 - ALIKE), volume / (1 - ALIKE)


def is_alike(one: Form, other: Form) -> bool:
    """Says whether two forms agree: in solids and kinds of surface, and in every number to four digits."""
    if one.solids != other.solids or one.surfaces.keys() != other.surfaces.keys():
        return False
    kinds = sorted(one.surfaces)
    return (
        _agree([one.volume], [other.volume])
        and _agree([one.area], [other.area])
        and _agree(one.moments, other.moments)
        and _agree([one.surfaces[kind] for kind in kinds], [other.surfaces[kind] for kind in kinds])
    )


def _agree(ones: Sequence[float], others: Sequence[float]) -> bool:
    """Says whether numbers of one kind differ by less than four digits of the largest."""
    largest = max(map(abs, (*ones, *others)), default=0.0)
    return all(abs(one - other) <= ALIKE * largest for one, other in zip(ones, others, strict=True))


def likeness(
    target: Drawn, earlier: Iterable[Drawn], had: Collection[str], overlaps: Mapping[str, float | None]
) -> Likeness:
    """Returns who of a family was first with the form of a part that a design has drawn.

    `earlier` are the parts with its form that were there before, the first first; `had` the changes the design had by
    then, `overlaps` how far it is the same as other builds, by their names, None where that could not be told. Nobody
    is, where the design had that shape already, where its scripts say what another's say (then text shows where it is
    from), and where it has only set parameters.
    """
    own = [each for each in earlier if each.change.sha in had]
    others = [each for each in earlier if each.change.sha not in had]
    if not others or target.text == target.before or any(_says_the_same(each, target) for each in others):
        return Likeness()
    for each in _distinct(own):
        overlap = 1.0 if each.key == target.key else overlaps.get(each.key, -1.0)
        if overlap is not None and overlap < 0:
            return Likeness(wanted=each.key)
        if overlap is None or overlap >= SAME:
            return Likeness()
    for each in _distinct(others):
        overlap = overlaps.get(each.key, -1.0)
        if overlap is not None and overlap < 0:
            return Likeness(wanted=each.key)
        if overlap is not None and overlap >= SAME:
            return Likeness(each, overlap)
    return Likeness()


def _says_the_same(one: Drawn, other: Drawn) -> bool:
    return one.key == other.key or one.text == other.text


def _distinct(drawn: Iterable[Drawn]) -> list[Drawn]:
    """Returns the first of each build, as many as are compared."""
    first: dict[str, Drawn] = {}
    for each in drawn:
        first.setdefault(each.key, each)
    return list(first.values())[:MOST_COMPARED]


def formed(target: Drawn, found: Likeness, previous: Form | None, fetches: Iterable) -> Finding | None:
    """Returns that a design has drawn what a relative had before; `previous` is what its part was then.

    Where the part was there before and nobody knows how it looked, nothing is said: it may have been the same.
    """
    if found.source is None or (target.before is not None and previous is None):
        return None
    arrived, change = target.change, found.source.change
    evidence = signs(arrived, change, fetches)
    if previous is None or _differs(previous, target.form):
        evidence += ("weight",)
    soon = arrived.received_at - change.received_at < APART
    kind = "twice" if soon and not evidence else "geometry"
    shown = (FINGERPRINT, f"overlap:{found.overlap:.4f}", f"part:{target.path}")
    return Finding(kind, change, arrived, (*evidence, *shown), found.source.share)


def _differs(one: Form, other: Form) -> bool:
    pairs = (one.volume, other.volume), (one.area, other.area)
    return any(abs(a - b) > OTHERWISE * max(a, b) for a, b in pairs)


def together(found: Sequence[Finding]) -> Finding:
    """Returns several parts that a commit drew after one change as one finding, by the one that shows most."""
    first = min(found, key=lambda each: (DESERVING.index(each.kind), -each.share, each.evidence))
    parts = sorted({word for each in found for word in each.evidence if word.startswith("part:")})
    words = tuple(word for word in first.evidence if not word.startswith("part:"))
    return Finding(first.kind, first.change, first.arrived, (*words, *parts), first.share)
