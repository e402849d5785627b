"""An honest build: what it gives and how long it takes, before any attack and after each."""

import statistics
import time
from dataclasses import dataclass

from engine_fixture import BOX

from opendesign.cad.engine import Engine, Job

FORMATS = ("viewer", "stl", "brep")
# Generous, as two cores are shared with whatever else runs: an attack that leaves something behind costs far more.
SLOWER, MORE_SECONDS, TRIES = 3, 0.1, 5


@dataclass(frozen=True)
class Honest:
    """All facts and files of the honest build, and its usual time in seconds."""

    facts: dict
    files: dict[str, bytes]
    seconds: float

    def check(self, engine: Engine) -> None:
        """Checks that it still gives the same, byte for byte, and about as fast."""
        allowed = SLOWER * self.seconds + MORE_SECONDS
        for _ in range(TRIES):
            seconds, facts, files = built(engine)
            assert facts == self.facts
            assert files == self.files
            if seconds <= allowed:
                return
        raise AssertionError(f"{seconds:.3f} s in {TRIES} tries; before the attack it took {self.seconds:.3f} s")


def built(engine: Engine) -> tuple[float, dict, dict[str, bytes]]:
    """Builds the honest model; returns the seconds, all facts but times, and the files."""
    began = time.perf_counter()
    outcome = engine.build(Job("box.py", {"box.py": BOX}, formats=FORMATS))
    seconds = time.perf_counter() - began
    assert outcome.ok, outcome.error
    assert outcome.log == ""
    facts = {name: value for name, value in outcome.result.items() if name != "seconds"}
    assert facts["total"]["volume_mm3"] == 6 or abs(facts["total"]["volume_mm3"] - 6) < 1e-9
    return seconds, facts, outcome.files


def measured(engine: Engine) -> Honest:
    """Returns the honest build as it is before any attack."""
    built(engine)
    runs = [built(engine) for _ in range(7)]
    assert all(run[1:] == runs[0][1:] for run in runs), "the honest build is not the same each time"
    return Honest(*runs[0][1:], statistics.median(run[0] for run in runs))
