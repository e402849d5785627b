"""An operator takes a design down, says why, and may put it back; its forks stay unless they are chosen too."""

from opendesign.actions.house import Work
from opendesign.actions.trace_anew import trace_anew
from opendesign.core.access import WITHHELD
from opendesign.core.errors import Conflict, Invalid
from opendesign.core.names import clean_text
from opendesign.records.base import now
from opendesign.records.design import Design
from opendesign.records.takedown import Takedown, descendants, takedown_of

LONGEST_REASON = 1_000


def take_down(work: Work, design: Design, reason: str, forks: bool = False) -> list[Design]:
    """Withholds a design, and what was forked from it where `forks`, from everybody; returns what was.

    Its repository leaves the family's pool, as of one that turns private. Raises Invalid without a reason, Conflict
    when it is down already.
    """
    work.need_operator()
    reason = clean_text(reason, LONGEST_REASON, "reason")
    if not reason:
        raise Invalid("Say why: whoever looks for the design is told.", [{"name": "reason", "message": "is missing"}])
    if design.visibility == WITHHELD:
        raise Conflict(f"{design.path} has been taken down already.")
    chosen = [design, *(descendants(work.session, design) if forks else ())]
    for each in chosen:
        if each.visibility != WITHHELD:
            _withhold(work, each, reason)
    return chosen


def _withhold(work: Work, design: Design, reason: str) -> None:
    before = design.visibility
    if before == "public":
        work.house.store.leave_pool(design.key)
    by = work.person.id if work.person else None
    work.session.add(Takedown(design_id=design.id, reason=reason, before=before, person_id=by))
    design.visibility = WITHHELD
    work.session.flush()
    trace_anew(work, design)


def put_back(work: Work, design: Design) -> None:
    """Ends a takedown: the design is what it was before; raises Conflict when it is not down."""
    work.need_operator()
    last = takedown_of(design)
    if design.visibility != WITHHELD or last is None:
        raise Conflict(f"{design.path} has not been taken down.")
    last.ended_at, design.visibility = now(), last.before
    work.session.flush()
    trace_anew(work, design)
