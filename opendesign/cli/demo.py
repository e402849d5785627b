"""The demo designs: a story of two teams, told through the same actions that people use."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import click

from opendesign.actions.house import House
from opendesign.actions.tell import tell
from opendesign.cli.wires import Wires, example
from opendesign.core.errors import Conflict
from opendesign.records.person import people_count

STORY = Path(__file__).parent.parent / "demo"
PASSWORD = "opendesign-demo"  # shown on the page while the demo is on


def demo_is_missing(house: House) -> bool:
    """Tells whether nobody has joined yet, so that the demo may be loaded."""
    with house.reading() as work:
        return people_count(work.session) == 0


def load_demo(house: House) -> Iterator[float]:
    """Loads the demo designs; yields how much is done, from 0 to 1."""
    events = tomllib.loads((STORY / "story.toml").read_text())["event"]
    return tell(house, STORY, events, PASSWORD)


@click.command(epilog=example("opendesign demo"))
@click.pass_obj
def demo(wires: Wires) -> None:
    """Loads the demo designs into an empty service (`run` does so on its first start)."""
    house = wires.house()
    if not demo_is_missing(house):
        raise Conflict("People have joined already; the demo goes only into an empty service.")
    with click.progressbar(length=1000, label="Loading the demo designs") as bar:
        for fraction in load_demo(house):
            bar.update(int(fraction * 1000) - bar.pos)
