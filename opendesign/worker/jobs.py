"""What the worker does with each job: a few lines that call an action."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from opendesign.actions.change_design import forget_job
from opendesign.actions.deliver import deliver_job
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.heal import heal, remind
from opendesign.actions.house import House
from opendesign.actions.import_design import import_job
from opendesign.actions.judge_entries import challenge_job
from opendesign.actions.mail_notices import LATE, digest_job, notice_job, waiting_notices
from opendesign.actions.make_wanted import make_wanted
from opendesign.actions.measure_storage import measure_storage
from opendesign.actions.merge import review_job
from opendesign.actions.mirror import mirror_job
from opendesign.actions.send_letter import letter_job
from opendesign.actions.try_pair import weigh_job
from opendesign.core.errors import Away, Unbuildable
from opendesign.core.log import noting, scrubbed
from opendesign.queue.jobs import Perform
from opendesign.records.base import now
from opendesign.records.deed import forget_deeds
from opendesign.records.mishap import forget_mishap, has_mishap, note_mishap
from opendesign.records.person import forget_visits

JOBS: dict[str, Callable[[House, str], object]] = {
    "build": make_wanted,
    "compare": make_wanted,
    "inspect": make_wanted,
    "spot": make_wanted,
    "review": review_job,
    "lineage": lineage_job,
    "challenge": challenge_job,
    "weigh": weigh_job,
    "import": import_job,
    "mirror": mirror_job,
    "deliver": deliver_job,
    "forget": forget_job,
    "letter": letter_job,
    "notice": notice_job,
    "digest": digest_job,
}
LATELY = timedelta(hours=1)
log = logging.getLogger("opendesign.worker")


def performer(house: House) -> Perform:
    """Returns the function that performs a job by its name and key."""

    def perform(name: str, key: str, request: str = "") -> None:
        with noting(request=request, job=name), telling(house, name, key, request):
            JOBS[name](house, key)

    return perform


@contextmanager
def telling(house: House, name: str, key: str, request: str) -> Iterator[None]:
    """Writes to the log how long a job took, and keeps why one failed until it succeeds."""
    begin = time.perf_counter()
    try:
        yield
    except Exception as trouble:
        kept = isinstance(trouble, Unbuildable | Away)  # the engine is off, or the shelf: what is wanted stays wanted
        if not kept:
            with house.noting() as work:
                note_mishap(
                    work.session, name, key, f"{type(trouble).__name__}: {scrubbed(str(trouble))}"[:500], request
                )
        raise
    finally:
        log.info("job", extra={"key": key[:12], "ms": round((time.perf_counter() - begin) * 1000, 1)})
    with house.reading() as work:
        failed_before = has_mishap(work.session, name, key)
    if failed_before:
        with house.noting() as work:
            forget_mishap(work.session, name, key)


def mend(house: House) -> None:
    """Puts lost jobs back, every ten minutes; of the refs it looks at those that moved lately only.

    Then it measures what designs take, and forgets visits and deeds that are too old.
    """
    heal(house, now() - LATELY)
    measure_storage(house)
    with house.noting() as own:
        forget_visits(own.session)
    if days := house.settings.audit_days:
        with house.writing() as own:
            forget_deeds(own.session, now() - timedelta(days=days))


def look(house: House) -> None:
    """Puts back, every minute, what waited for the engine, and letters that waited for pictures."""
    remind(house)
    for name, key in waiting_notices(house, LATE):
        house.queue.put(name, key)


def work(house: House) -> None:
    """Takes jobs until told to stop; first puts back what an earlier worker left unfinished."""
    heal(house)
    measure_storage(house)
    house.queue.consume(performer(house), partial(mend, house), partial(look, house), house.settings.worker_threads)
