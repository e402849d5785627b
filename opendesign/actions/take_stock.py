"""An operator, or a monitor, looks at how the service is doing."""

import shutil
from dataclasses import dataclass, field

from opendesign.actions.house import House
from opendesign.records.base import now
from opendesign.records.mishap import mishap_count
from opendesign.records.report import open_reports
from opendesign.records.stock import build_seconds, headcount, oldest_wanted, states
from opendesign.records.storage import storage_totals


@dataclass(frozen=True)
class Stock:
    """Counts, bytes and seconds; `waited` is how long the thing has been waiting that waits the longest."""

    people: int
    designs: int
    states: dict[str, dict[str, int]]
    queued: int
    waited: float
    built: dict[str, tuple[int, float]]
    mishaps: int
    reports: int
    engine: dict
    storage: dict[str, int]
    free: int
    pool: dict[str, int] = field(default_factory=dict)

    def count(self, state: str) -> int:
        """How many things of any kind are in a state."""
        return sum(each.get(state, 0) for each in self.states.values())


def take_stock(house: House) -> Stock:
    """Counts everything."""
    with house.reading() as work:
        people, designs = headcount(work.session)
        oldest = oldest_wanted(work.session)
        counted = states(work.session), build_seconds(work.session)
        troubles = mishap_count(work.session), open_reports(work.session)
        git, large, shelf = storage_totals(work.session)
    return Stock(
        people=people,
        designs=designs,
        states=counted[0],
        queued=house.queue.waiting(),
        waited=(now() - oldest).total_seconds() if oldest else 0.0,
        built=counted[1],
        mishaps=troubles[0],
        reports=troubles[1],
        engine=house.engine.status(),
        storage={"git": git, "large": large, "shelf": shelf},
        free=shutil.disk_usage(house.settings.root).free,
        pool=house.database.connections(),
    )
