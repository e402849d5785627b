"""Whose turn it is: of everything that is wanted, what is made next."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Result,
    Select,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from opendesign.records.base import now
from opendesign.records.build import Build, Comparison, Kind, claim, claim_files, free, lost, only_previewed
from opendesign.records.inspection import Inspection, Needed
from opendesign.records.spot import Spot

KINDS: tuple[Kind, ...] = (Build, Comparison, Inspection, Spot)
JOBS: dict[Kind, str] = {Build: "build", Comparison: "compare", Inspection: "inspect", Spot: "spot"}  # that make each
REMEMBERED = timedelta(hours=1)  # how long whoever was served stands behind whoever was not
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def take_turn(session: Session, patience: Mapping[Kind, float]) -> tuple[Kind, str] | None:
    """Claims what is made next, and returns its kind and key; None when nothing is wanted that could be made now.

    First comes whoever has the fewest things being made, then whoever was served the longest ago; of what one asker
    wants, what somebody looks at, then the oldest. patience: seconds after which something being made is lost.
    """
    for wanted in in_turn(session, patience):
        for kind, key in wanted:
            if claim(session, kind, key, patience[kind]) or (kind is Build and claim_files(session, key)):
                return kind, key
    return None


def in_turn(session: Session, patience: Mapping[Kind, float]) -> Iterator[list[tuple[Kind, str]]]:
    """Yields what is wanted and could be made next; where that is one thing alone, nobody is asked whose turn it is."""
    found = few(session, patience)
    if len(found) == 1:
        yield found
    else:
        for asker in askers(session, patience):
            yield wishes(session, asker, patience)


def few(session: Session, patience: Mapping[Kind, float]) -> list[tuple[Kind, str]]:
    """Returns at most two things of each kind that could be made now, with one question."""
    return _found(session.execute(_few(tuple(patience.items()))))


@lru_cache(maxsize=8)
def _few(patience: tuple[tuple[Kind, float], ...]) -> CompoundSelect:
    # A question that is put together once is asked in 0.1 ms, else in 2: every build waits for it.
    return _of_kinds([_keys(kind).where(ready(kind, seconds)).limit(2) for kind, seconds in patience])


def waiting_for(session: Session, build: str) -> list[tuple[Kind, str]]:
    """Returns what is wanted and is about a build, by its key."""
    return _found(session.execute(_waiting_for(), {"build": build}))


@cache
def _waiting_for() -> CompoundSelect:
    build: ColumnElement[str] = bindparam("build", type_=Build.key.type)
    needed = exists().where(Needed.inspection_key == Inspection.key, Needed.build_key == build)
    about: dict[Kind, ColumnElement[bool]] = {
        Comparison: (Comparison.before_key == build) | (Comparison.after_key == build),
        Inspection: needed,
        Spot: Spot.build_key == build,
    }
    return _of_kinds([_keys(kind).where(is_about, kind.state == "wanted") for kind, is_about in about.items()])


def _keys(kind: Kind) -> Select:
    return select(literal(KINDS.index(kind)).label("kind"), kind.key.label("key"))


def _of_kinds(queries: Sequence[Select]) -> CompoundSelect:
    return union_all(*(select(each.subquery()) for each in queries))


def _found(rows: Result) -> list[tuple[Kind, str]]:
    return [(KINDS[kind], key) for kind, key in rows]


def askers(session: Session, patience: Mapping[Kind, float]) -> list[str]:
    """Returns everybody who wants something that could be made now, in the order of their turns."""
    busy: Counter[str] = Counter()
    waiting: set[str] = set()
    for kind in KINDS:
        made_now = (kind.state == "making") & ~lost(kind, patience[kind])
        busy.update(dict(session.execute(select(kind.asker, func.count()).where(made_now).group_by(kind.asker)).all()))
        waiting.update(session.scalars(select(kind.asker).where(ready(kind, patience[kind])).distinct()))
    served = dict.fromkeys(waiting, NEVER)
    for kind in KINDS:
        recent = kind.asker.in_(waiting) & (kind.started_at > now() - REMEMBERED)
        for asker, begun in session.execute(
            select(kind.asker, func.max(kind.started_at)).where(recent).group_by("asker")
        ):
            served[asker] = max(served[asker], begun or NEVER)
    return sorted(waiting, key=lambda asker: (busy[asker], served[asker], asker))


def wishes(session: Session, asker: str, patience: Mapping[Kind, float]) -> list[tuple[Kind, str]]:
    """Returns the first thing of each kind that an asker wants, the one that comes first in front."""
    found = []
    for kind in KINDS:
        pressing = func.coalesce(kind.priority, 0)
        query = select(kind.key, pressing, kind.wanted_at).where(kind.asker == asker, ready(kind, patience[kind]))
        row = session.execute(query.order_by(pressing.desc(), kind.wanted_at).limit(1)).first()
        if row is not None:
            found.append((-row[1], row[2], kind, row[0]))
    return [(kind, key) for _, _, kind, key in sorted(found, key=lambda wish: wish[:2])]


def ready(kind: Kind, patience: float) -> ColumnElement[bool]:
    """Returns the condition for what is wanted and could be made now: what is about builds waits for all of them."""
    if kind is Build:
        return or_(free(Build, patience), only_previewed())
    about = or_(Build.key == Comparison.before_key, Build.key == Comparison.after_key)
    if kind is Inspection:
        about = (Needed.inspection_key == Inspection.key) & (Needed.build_key == Build.key)
    elif kind is Spot:
        about = Build.key == Spot.build_key
    unmade = select(Build.key).where(about, Build.exported_at.is_(None), Build.state != "failed")
    return free(kind, patience) & ~unmade.correlate(kind).exists()
