"""Tries the jail before it is trusted: hostile scripts go the way that every script goes, and behaviour is believed."""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from opendesign.cad import parent, probes
from opendesign.cad.engine import Engine, Job
from opendesign.cad.inside.jail import linux, syscalls
from opendesign.cad.options import EngineOptions
from opendesign.cad.outcome import Outcome

PATIENCE = 20
PROBE_SECONDS = 20
ENDLESS_SECONDS = 0.3
# True only with namespaces; a container without them is held by the others.
OPTIONAL = ("own process list",)
OWN_NAMES = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "LC_CTYPE", "USER", "LOGNAME")


@dataclass(frozen=True)
class Report:
    """What the self-test found: `layers` by sentence; ok if all mandatory ones hold; reason says what is missing."""

    ok: bool
    mode: str
    layers: dict[str, bool] = field(default_factory=dict)
    reason: str = ""
    seconds: float = 0.0


def examine(address: Path, options: EngineOptions, mode: str, token: str) -> Report:
    """Runs the probes through a running engine; `token` lets them in before it opens to others."""
    began = time.monotonic()
    engine = Engine(address, token)
    with bait(address) as secret, ThreadPoolExecutor(max_workers=options.slots) as pool:
        reach = pool.submit(run, engine, reach_script([str(address.absolute()), secret], options))
        endless = pool.submit(run, engine, probes.ENDLESS, ENDLESS_SECONDS)
        disk = pool.submit(run, engine, f"MEBIBYTES = {options.work >> 20}\n{probes.DISK}{probes.HONEST}")
        calls = {name: pool.submit(run, engine, call_script(name)) for name in probes.HOSTILE_CALLS}
        isolation = pool.submit(try_isolation, engine)
    layers = told(reach.result())
    layers["time is limited"] = kind(endless.result()) == "time"
    layers["the disk is limited"] = "PROBE full" in disk.result().log or kind(disk.result()) == "output"
    killed = {name: "SIGSYS" in message(call.result()) for name, call in calls.items()}
    layers["hostile system calls kill"] = all(killed.values())
    layers["jobs do not see each other"] = isolation.result()
    missing = [name for name, holds in layers.items() if not holds and name not in OPTIONAL]
    reason = f"The jail does not hold ({mode}): {', '.join(f'not “{name}”' for name in missing)}."
    if "the probe ran" in missing:
        reason += f" {message(reach.result())} {reach.result().log[-300:]}"
    return Report(not missing, mode, layers, reason if missing else "", time.monotonic() - began)


def run(engine: Engine, script: str, seconds: float = PROBE_SECONDS) -> Outcome:
    """Builds a script as a model."""
    files = {"probe.py": script.encode()}
    return engine.build(Job("probe.py", files, formats=(), seconds=seconds, patience=PATIENCE))


@contextmanager
def bait(address: Path) -> Iterator[str]:
    """Lays out a file that any process of this machine could read, where the service keeps its data."""
    descriptor, path = tempfile.mkstemp(dir=address.absolute().parent, prefix="bait-")
    os.fchmod(descriptor, 0o666)
    os.close(descriptor)
    try:
        yield path
    finally:
        os.unlink(path)


def reach_script(secrets: list[str], options: EngineOptions) -> str:
    """Returns the large probe for this machine's paths and limits; `secrets` are paths that must be out of reach."""
    names = [*parent.ENVIRONMENT, *OWN_NAMES]
    return f"SECRETS = {secrets!r}\nBYTES = {options.memory + (64 << 20)}\nNAMES = {names!r}\n{probes.REACH}"


def call_script(name: str) -> str:
    """Returns the probe of one system call."""
    number = syscalls.table(linux.MACHINE).get(name, 0)
    return f"NUMBER = {number}\n{probes.SYSTEM_CALL}{probes.HONEST}"


def try_isolation(engine: Engine) -> bool:
    """Says whether what one job poisons stays unseen by the next ones."""
    run(engine, probes.POISON + probes.HONEST)
    later = run(engine, probes.LOOK_FOR_POISON + probes.HONEST)
    return "PROBE clean" in later.log


def told(outcome: Outcome) -> dict[str, bool]:
    """Returns what the large probe says, believed only if its build succeeded."""
    lines = [line for line in outcome.log.splitlines() if line.startswith("PROBE {")]
    if not outcome.ok or len(lines) != 1:
        return {"the probe ran": False}
    return {name: holds is True for name, holds in json.loads(lines[0].removeprefix("PROBE ")).items()}


def kind(outcome: Outcome) -> str:
    """Returns an outcome's kind of error, or nothing."""
    return outcome.error["kind"] if outcome.error else ""


def message(outcome: Outcome) -> str:
    """Returns an outcome's message, or nothing."""
    return outcome.error["message"] if outcome.error else ""
