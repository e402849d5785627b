"""`opendesign run`: web, worker and CAD engine under one command, all ended together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping

import click

from opendesign.actions.house import House
from opendesign.cli.demo import demo_is_missing, load_demo
from opendesign.cli.wires import Wires, example
from opendesign.core.errors import Conflict
from opendesign.core.settings import PREFIX, SECRETS, Settings

# What opens other services and this one, as their own programs read it; the engine, which runs designs, asks none.
KEYS = ("AWS_", "PG", "REDIS", "OPENDESIGN_PASSWORD", "OPENDESIGN_TOKEN", *(PREFIX + each.upper() for each in SECRETS))
PATIENCE = 12.0  # seconds a piece has to end by itself; then it is killed
STARTING = 60.0


@click.command(epilog=example("PORT=9000 DATA=/srv/opendesign opendesign run"))
@click.option("--no-demo", is_flag=True, help="Do not load the demo designs on the first start.")
@click.pass_obj
def run(wires: Wires, no_demo: bool) -> None:
    """Runs the whole service until Ctrl-C."""
    settings = wires.settings
    refuse_taken(settings)
    pieces = Pieces(settings)
    signal.signal(signal.SIGTERM, lambda *_: pieces.stop())
    signal.signal(signal.SIGINT, lambda *_: pieces.stop())
    click.echo(f"Data in {settings.root}")
    house = wires.open_house(settings)
    if settings.demo and not no_demo and demo_is_missing(house):
        pieces.start("engine")  # the story's merges are rebuilt as all are
        load_with_progress(house)
    house.database.close()
    pieces.start("web")
    if pieces.wait_for(address_of(settings) + "/healthz"):
        pieces.start("engine")  # after the first page: all three import for a second or two, on two cores
        pieces.start("worker")
        click.secho(f"OpenDesign is on {address_of(settings)}   (Ctrl-C stops it)", bold=True)
        say_engine(house, pieces)
    sys.exit(pieces.watch())


def refuse_taken(settings: Settings) -> None:
    """Raises Conflict when something listens at the address already."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise Conflict(f"Cannot listen on {where}: {error.strerror}. Choose another: PORT=8001 make run") from None


def address_of(settings: Settings) -> str:
    """Returns the address people open."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def load_with_progress(house: House) -> None:
    """Loads the demo designs and shows how far it is."""
    with click.progressbar(length=1000, label="Loading the demo designs", show_eta=False) as bar:
        for fraction in load_demo(house):
            bar.update(int(fraction * 1000) - bar.pos)


def say_engine(house: House, pieces: "Pieces") -> None:
    """Says whether parts can be built, and why not if not; says nothing while everything is being stopped."""
    end = time.monotonic() + STARTING
    while time.monotonic() < end:
        if pieces.stopping or pieces.ended():
            return
        status = house.engine.status()
        if status["open"]:
            click.echo(f"CAD engine ready: {status['slots']} slots, jail {status['mode']}.")
            return
        if status.get("state") == "closed" and "not running" not in status["reason"]:
            break
        time.sleep(0.2)
    click.secho(f"Building is off: {status['reason']}  Run `opendesign doctor`.", fg="yellow", err=True)


def without_keys(environment: Mapping[str, str]) -> dict[str, str]:
    """Returns an environment without what opens the database, the queue, the shelf, the mail server and the like."""
    return {name: value for name, value in environment.items() if not name.startswith(KEYS)}


class Pieces:
    """The child processes of one run."""

    def __init__(self, settings: Settings):
        self.environment = os.environ | {"OPENDESIGN_DATA": str(settings.root)}
        self.running: dict[str, subprocess.Popen] = {}
        self.stopping = False

    def start(self, name: str) -> None:
        """Starts a piece, once, in a process group of its own, so that Ctrl-C reaches it through us alone."""
        command = [sys.executable, "-m", "opendesign", name, "--parent", str(os.getpid())]
        if not self.stopping and name not in self.running:
            environment = without_keys(self.environment) if name == "engine" else self.environment
            self.running[name] = subprocess.Popen(command, env=environment, start_new_session=True)

    def stop(self) -> None:
        """Asks every piece to end; `watch` waits for them. A demo that is being told is told to its end first."""
        self.stopping = True
        for piece in self.running.values():
            if piece.poll() is None:
                piece.send_signal(signal.SIGTERM)

    def wait_for(self, url: str) -> bool:
        """Waits until a page answers; False when the service is being stopped or a piece has ended."""
        end = time.monotonic() + STARTING
        while time.monotonic() < end and not self.stopping and not self.ended():
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return True
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        return False

    def ended(self) -> list[str]:
        """Returns the names of pieces that have ended."""
        return [name for name, piece in self.running.items() if piece.poll() is not None]

    def watch(self) -> int:
        """Waits until a piece ends or somebody stops us, then ends the others; returns the exit code."""
        while not self.stopping and not self.ended():
            time.sleep(0.2)
        failed = [] if self.stopping else self.ended()
        for name in failed:
            click.secho(f"The {name} has ended with code {self.running[name].returncode}.", fg="red", err=True)
        self.stop()
        end = time.monotonic() + PATIENCE
        for piece in self.running.values():
            try:
                piece.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(piece.pid, signal.SIGKILL)
                piece.wait()
        click.echo("Stopped." if not failed else "Stopped after a failure.")
        return 1 if failed else 0
