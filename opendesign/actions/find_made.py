"""Finds what was verified by making it: builds that hold or honestly failed, measurements, and who confirmed them."""

from collections.abc import Collection, Iterator, Mapping

from opendesign.actions.house import Work
from opendesign.actions.judge_made import Judged, judge_family
from opendesign.core.lineage.credit import BUILT, MEASURED, VOUCHED, Event
from opendesign.core.made import CONFIRMED, VERIFIED
from opendesign.records.design import Design
from opendesign.records.person import people_by_id


def find_made(work: Work, family: Mapping[int, Design], history: Collection[str]) -> Iterator[Event]:
    """Yields what people made from commits of a revision, once somebody independent has confirmed it.

    Each maker counts once for a part, their measurement once, and whoever confirms once for each of these: many
    records of one thing are no more than one. What failed counts, too: to have shown that is verification.
    """
    held = [each for each in judge_family(work, family) if each.state == VERIFIED and each.made.sha in history]
    names = {key: person.name for key, person in people_by_id(work.session, _everybody(held)).items()}
    seen = set[tuple]()
    for each in held:
        row = each.made
        maker, part = names[row.person_id or 0], row.part
        done = [("build", maker, BUILT)]
        done += [("measurement", maker, MEASURED)] if row.readings else []
        done += [("vouch", names[one.person or 0], VOUCHED) for one in each.words if one.word == CONFIRMED]
        for kind, who, weight in done:
            if (kind, who, maker, part) not in seen:
                seen.add((kind, who, maker, part))
                place = f"{family[row.design_id].path}/made/{row.number}"
                yield Event("verification", kind, frozenset({who}), weight, 1, place)


def _everybody(held: Collection[Judged]) -> set[int | None]:
    return {each.made.person_id for each in held} | {one.person for each in held for one in each.words}
