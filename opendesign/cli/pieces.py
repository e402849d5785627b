"""The processes the service is made of, one command each."""

import ctypes
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path

import click

from opendesign.cli.wires import Wires, example
from opendesign.core.log import speak

PR_SET_PDEATHSIG = 1  # linux/prctl.h
ABANDONED_SECONDS = 7 * 24 * 3600


def end_with(parent: int | None) -> None:
    """Makes the kernel end this process when its parent dies, however that dies; Linux only."""
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was told
        sys.exit(0)


@click.command(epilog=example("opendesign worker"))
@click.option("--parent", type=int, hidden=True)
@click.pass_obj
def worker(wires: Wires, parent: int | None) -> None:
    """Makes builds and comparisons from the queue until stopped."""
    end_with(parent)
    speak(wires.settings.log)
    wires.work(wires.house())


@click.command(epilog=example("opendesign engine"))
@click.option("--parent", type=int, hidden=True)
@click.pass_obj
def engine(wires: Wires, parent: int | None) -> None:
    """Runs the CAD engine: warm CadQuery in its jail, behind a socket in `var/` (or `run`)."""
    end_with(parent)
    settings = wires.settings
    settings.here.mkdir(parents=True, exist_ok=True)
    wires.serve_engine(settings)


def counted_in(folder: Path, port: int) -> Path:
    """Returns the folder in which the processes of this web count, emptied of what earlier ones left.

    Webs that share `folder` have one each; one that nobody has counted in for a week belongs to a web that is gone.
    """
    own = folder / f"{socket.gethostname()}-{port}"
    stale = time.time() - ABANDONED_SECONDS
    for other in folder.glob("*-*"):
        if other == own or all(file.stat().st_mtime < stale for file in [other, *other.glob("*.db")]):
            shutil.rmtree(other, ignore_errors=True)
    own.mkdir(parents=True)
    return own


@click.command(epilog=example("PORT=9000 opendesign web"))
@click.option("--parent", type=int, hidden=True)
@click.pass_obj
def web(wires: Wires, parent: int | None) -> None:
    """Serves the pages, the API and git."""
    end_with(parent)
    settings = wires.settings
    command = [
        *(sys.executable, "-m", "gunicorn", "opendesign.app:create_app()"),
        *("--bind", f"{settings.host}:{settings.port}"),
        *("--worker-class", "gthread", "--threads", str(settings.web_threads)),  # git answers stream for long
        *("--workers", str(settings.web_processes), "--timeout", "3600", "--graceful-timeout", "5"),
        *("--no-control-socket", "--log-level", "warning", "--keep-alive", "20"),
    ]
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counted_in(settings.here / "metrics", settings.port))
    os.execv(sys.executable, command)  # the parent's death is still told: prctl(2) keeps it across execve
