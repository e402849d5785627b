"""An operator turns building off and on, has the jail tried again, and looks after jobs that failed."""

from opendesign.actions.house import Work
from opendesign.core.errors import Invalid
from opendesign.core.names import clean_line
from opendesign.records.build import unfinished
from opendesign.records.deed import add_deed
from opendesign.records.mishap import Mishap
from opendesign.records.turn import JOBS, KINDS


def turn_off(work: Work, reason: str) -> None:
    """Lets nothing be built until `turn_on`, also after a restart; what is wanted stays wanted. Raises Invalid."""
    work.need_operator()
    reason = clean_line(reason, 200, "reason")
    if not reason:
        raise Invalid("Say why: every page tells it.", [{"name": "reason", "message": "is missing"}])
    work.house.engine.switch_off(f"The operators have turned building off: {reason}")
    add_deed(work.session, "engine.off", detail={"reason": reason})


def turn_on(work: Work) -> None:
    """Lets parts be built again, once the jail has been tried; what has been wanted meanwhile is made."""
    work.need_operator()
    work.house.engine.switch_on()
    for kind in KINDS:
        for key in unfinished(work.session, kind):
            work.soon(JOBS[kind], key)
    add_deed(work.session, "engine.on")


def try_jail(work: Work) -> None:
    """Has the engine try its jail again; nothing is built until it holds."""
    work.need_operator()
    work.house.engine.try_again()
    add_deed(work.session, "engine.tried")


def retry(work: Work, row: Mishap) -> None:
    """Puts a job that failed in the queue again."""
    work.need_operator()
    work.soon(row.job, row.key)
    let_go(work, row, "job.retried")


def let_go(work: Work, row: Mishap, verb: str = "job.forgotten") -> None:
    """Forgets that a job failed."""
    work.need_operator()
    add_deed(work.session, verb, detail={"job": row.job, "key": row.key})
    work.session.delete(row)
