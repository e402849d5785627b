"""The limits of an engine: all jobs together fit into the machine."""

import subprocess
import sys
from pathlib import Path

import pytest

from opendesign.app import engine_options
from opendesign.cad.__main__ import read, written
from opendesign.cad.options import MIB, EngineOptions, machine_memory
from opendesign.core.settings import Settings

GIB = 1 << 30


@pytest.mark.parametrize(
    ("machine", "slots", "express", "memory"),
    [
        (64 * GIB, 4, 1, 2 * GIB),
        (8 * GIB, 3, 0, 2 * GIB),
        (4 * GIB, 1, 0, 2 * GIB),
        (2 * GIB, 1, 0, 1536 * MIB),
        (128 * MIB, 1, 0, 256 * MIB),
    ],
)
def test_jobs_together_stay_within_three_quarters_of_the_memory(
    machine: int, slots: int, express: int, memory: int
) -> None:
    fitted = EngineOptions(slots=4, memory=2 * GIB).fitted(machine)
    assert (fitted.slots, fitted.express, fitted.memory) == (slots, express, memory)


def test_the_service_leaves_threads_of_the_web_to_pages() -> None:
    options = engine_options(Settings(web_threads=16, web_processes=2))
    assert options.interactive_places == 24
    assert engine_options(Settings(web_threads=1)).interactive_places == 2
    assert options.slots * options.memory <= machine_memory()


def test_an_engine_of_its_own_is_told_all_options_and_imports_nothing_else_of_the_service() -> None:
    options = EngineOptions(seconds=7.5, jobs_folder=Path("/tmp/jobs"), without=("limits",), insecure=True)
    assert read(written(options)) == options and read(written(EngineOptions())) == EngineOptions()
    told = "import sys, opendesign.cad.__main__; print(*{name.partition('.')[0] for name in sys.modules})"
    imported = set(subprocess.check_output([sys.executable, "-c", told], text=True).split())
    assert not imported & {"sqlalchemy", "flask", "git", "cadquery", "OCP"} and "opendesign" in imported
