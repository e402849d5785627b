"""`opendesign run`: web, worker and CAD engine under one command, all ended together."""

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping

import click

from opendesign.actions.house import House
from opendesign.cli.demo import demo_is_missing, load_demo
from opendesign.cli.keeping import Pieces
from opendesign.cli.wires import Wires, example
from opendesign.core.errors import Conflict
from opendesign.core.settings import PREFIX, SECRETS, Settings, misspelt

# What opens other services and this one, as their own programs read it; the engine, which runs designs, asks none.
KEYS = ("AWS_", "PG", "REDIS", "OPENDESIGN_PASSWORD", "OPENDESIGN_TOKEN", *(PREFIX + each.upper() for each in SECRETS))
STARTING = 60.0


@click.command(epilog=example("PORT=9000 DATA=/srv/opendesign opendesign run"))
@click.option("--no-demo", is_flag=True, help="Do not load the demo designs on the first start.")
@click.pass_obj
def run(wires: Wires, no_demo: bool) -> None:
    """Runs the whole service until Ctrl-C."""
    settings = wires.settings
    warn_of_strange(os.environ)
    refuse_taken(settings)
    pieces = Pieces({})
    pieces.heed()
    click.echo(f"Data in {settings.root}")
    house = wires.open_house(settings)
    if settings.demo and not no_demo and demo_is_missing(house):
        start(pieces, settings, "engine")  # the story's merges are rebuilt as all are
        load_with_progress(house)
    house.database.close()
    start(pieces, settings, "web")
    if answers(pieces, address_of(settings) + "/healthz"):
        start(pieces, settings, "engine")  # after the first page: all three import for a second or two, on two cores
        start(pieces, settings, "worker")
        click.secho(f"OpenDesign is on {address_of(settings)}   (Ctrl-C stops it)", bold=True)
        say_engine(house, pieces)
        pieces.hand_over()
    sys.exit(pieces.watch())


def warn_of_strange(environment: Mapping[str, str]) -> None:
    """Says which variables are called like settings and count for nothing."""
    for name, meant in misspelt(environment):
        instead = f"; {meant} is one" if meant else ""
        click.secho(f"{name} is no setting, and counts for nothing{instead}.", fg="yellow", err=True)


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


def say_engine(house: House, pieces: Pieces) -> None:
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


def start(pieces: Pieces, settings: Settings, name: str) -> None:
    """Starts a piece, once, in a session of its own, so that Ctrl-C reaches it through us alone."""
    if pieces.stopping or name in pieces.running:
        return
    command = [sys.executable, "-m", "opendesign", name, "--parent", str(os.getpid())]
    environment = os.environ | {"OPENDESIGN_DATA": str(settings.root)}
    if name == "engine":
        environment = without_keys(environment)
    pieces.running[name] = os.posix_spawn(sys.executable, command, environment, setsid=True)


def answers(pieces: Pieces, url: str) -> bool:
    """Waits until a page answers; False when the service is being stopped or a piece has ended."""
    end = time.monotonic() + STARTING
    while time.monotonic() < end and not pieces.stopping and not pieces.ended():
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False
