"""What the worker does with each job: a few lines that call an action."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from opendesign.actions.change_design import forget_job
from opendesign.actions.deliver import deliver_job
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.heal import heal, remind
from opendesign.actions.house import House
from opendesign.actions.import_design import import_job
from opendesign.actions.judge_entries import challenge_job
from opendesign.actions.make_wanted import make_wanted
from opendesign.actions.merge import review_job
from opendesign.actions.mirror import mirror_job
from opendesign.actions.try_pair import weigh_job
from opendesign.queue.jobs import Perform
from opendesign.records.base import now

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
}
LATELY = timedelta(hours=1)


def performer(house: House) -> Perform:
    """Returns the function that performs a job by its name and key."""

    def perform(name: str, key: str) -> None:
        JOBS[name](house, key)

    return perform


def mend(house: House) -> None:
    """Puts lost jobs back, every ten minutes; of the refs it looks at those that moved lately only."""
    heal(house, now() - LATELY)


def work(house: House) -> None:
    """Takes jobs until told to stop; first puts back what an earlier worker left unfinished."""
    heal(house)
    house.queue.consume(performer(house), partial(mend, house), partial(remind, house), house.settings.worker_threads)
