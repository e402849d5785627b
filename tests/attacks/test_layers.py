"""Each layer of the jail alone: what the self-test's probes find when only one of them is there.

The table in docs/security.md is this one. The engine runs no job in any of these jails: they are only tried.
"""

import os

import pytest

from opendesign.cad.options import MIB, EngineOptions
from opendesign.cad.probes import REACH
from opendesign.cad.serving import selftest

pytestmark = pytest.mark.slow
LAYERS = {"landlock", "seccomp", "limits"}
# What the engine itself sees to, whatever the kernel gives: one process a job, no capabilities, nothing inherited, a
# clock, and an eye on memory and disk.
ALWAYS = {
    "no privileges",
    "no descriptors but its own",
    "the environment is clean",
    "time is limited",
    "the disk is limited",
    "jobs do not see each other",
}
FILES = {"host files are unreadable", "host files are unwritable"}
ALONE = {
    "nothing": ("plain", set(), set()),
    "limits": ("plain", {"limits"}, {"memory is limited", "limits are fixed"}),
    "landlock": ("plain", {"landlock"}, FILES | {"host folders are unlistable", "no links"}),
    "seccomp": (
        "plain",
        {"seccomp"},
        {
            "no network",
            "no processes",
            "no threads",
            "no signals to others",
            "limits are fixed",
            "no links",
            "hostile system calls kill",
        },
    ),
    "namespaces": ("namespaces", set(), FILES | {"own process list"}),
}


def tried(mode: str, layers: set[str]) -> dict[str, bool]:
    """What the self-test finds with these layers only."""
    without = tuple(LAYERS - layers)
    options = EngineOptions(mode=mode, without=without, slots=2, memory=256 * MIB, work=16 * MIB)
    return selftest(options).layers


@pytest.mark.skipif(os.geteuid() != 0, reason="the table is for root; docs/security.md says what differs for others")
@pytest.mark.parametrize("name", ALONE)
def test_a_layer_alone_stops_what_it_is_for(name: str) -> None:
    mode, layers, stops = ALONE[name]
    found = {sentence for sentence, holds in tried(mode, layers).items() if holds}
    assert found >= ALWAYS | stops
    # Ordinary limits on processes do not hold root; a kernel without newer rules may stop less, none stops more.
    assert not found & {"no threads", "no processes"} or "seccomp" in layers


def test_every_sentence_needs_a_layer_that_the_tests_know() -> None:
    known = ALWAYS.union(*(stops for _, _, stops in ALONE.values()))
    sentences = {line.split('"')[1] for line in REACH.splitlines() if line.startswith('    "') and '": ' in line}
    assert sentences <= known and len(sentences) >= 14


@pytest.mark.parametrize("abi", [1, 3])
def test_older_kernels_hold_as_well_without_namespaces(abi: int) -> None:
    """Linux 5.13 has the first rules of Landlock, 6.2 those that know of cutting files, 6.12 those of signals."""
    options = EngineOptions(mode="plain", landlock_abi=abi, slots=2, memory=256 * MIB, work=16 * MIB)
    report = selftest(options)
    assert report.ok, report.reason
    assert {sentence for sentence, holds in report.layers.items() if not holds} == {"own process list"}
