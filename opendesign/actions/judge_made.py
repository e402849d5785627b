"""Judges what people made of designs: whose word counts, what is verified, and which teams have built it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from opendesign.actions.house import Work
from opendesign.core.lineage.factor import Built
from opendesign.core.made import FAILED, VERIFIED, Off, Word, compare_readings, counting, standing, teams
from opendesign.core.measurement import size
from opendesign.records.build import builds_by_key
from opendesign.records.design import Design
from opendesign.records.made import Made, made_among, made_of
from opendesign.records.team import controls


@dataclass(frozen=True)
class Judged:
    """A thing that was made, the words about it that count, and the team of its maker, by its lowest number."""

    made: Made
    words: Sequence[Word]
    team: int

    @property
    def state(self) -> str:
        """verified, doubted or open."""
        return standing(self.words)

    @property
    def built(self) -> bool:
        """Whether it shows that the design can be built: somebody independent confirms that it came out well."""
        return self.state == VERIFIED and self.made.result != FAILED


def judge_made(work: Work, rows: Iterable[Made], also: Collection[int] = ()) -> list[Judged]:
    """Returns things with the words that count.

    Who is of one team shows in public designs and in those of `also`: in others it is told to nobody.
    """
    rows = list(rows)
    makers = {each.person_id for each in rows if each.person_id is not None}
    people = makers | {word.person for each in rows for word in each.words if word.person is not None}
    together = controls(work.session, people, also)
    team = teams(makers, together)
    mates = {maker: set[int]().union(*(some for some in together if maker in some)) for maker in makers}
    return [
        Judged(
            each,
            counting(each.person_id, each.told_at, each.words, mates.get(each.person_id or 0, ())),
            team.get(each.person_id or 0, 0),
        )
        for each in rows
    ]


def judge_family(work: Work, designs: Collection[int]) -> list[Judged]:
    """Returns what was made of these designs, oldest first, judged; what was told of a private time is left out."""
    return judge_made(work, made_among(work.session, designs), designs)


class Count(NamedTuple):
    """How many people made something of a design, and how many things are confirmed to work."""

    made: int
    confirmed: int


def count_made(work: Work, design: Design, part: str | None = None, sha: str = "") -> Count:
    """Returns how many people made a design, perhaps one part of it (empty: the whole) or one revision."""
    judged = judge_made(work, work.session.scalars(made_of(design, work.belongs(design), part, sha)), [design.id])
    return Count(len({each.made.person_id for each in judged}), sum(each.built for each in judged))


def builds_in(judged: Iterable[Judged]) -> list[Built]:
    """Returns the verified builds among things, as the build factor counts them."""
    return [
        Built(_called(each.made), each.team, each.made.design_id, each.made.number, each.made.sha, each.made.at)
        for each in judged
        if each.built
    ]


def _called(row: Made) -> str:
    return f"{row.part or row.design.title}, {row.person.shown_name if row.person else ''}"


def offs(work: Work, row: Made) -> tuple[list[Off], str]:
    """Returns the readings of a thing beside the size of its model, and the state of that model's build."""
    known, state = model_size(work, row.build_key)
    return compare_readings(row.readings, known), state


def model_size(work: Work, build_key: str) -> tuple[tuple[float, float, float] | None, str]:
    """Returns the size of a build along x, y and z, mm, None while it is not made, and its state, empty for none."""
    build = builds_by_key(work.session, [build_key]).get(build_key) if build_key else None
    known = build.total if build is not None and build.state == "made" else None
    return size(known) if known else None, build.state if build else ""
