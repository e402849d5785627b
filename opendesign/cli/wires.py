"""What the commands are given by app.py: the ways to settings, house, worker and engine."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import click

from opendesign.actions.house import House
from opendesign.core.errors import Refusal
from opendesign.core.settings import Settings


@dataclass(frozen=True)
class Wires:
    """Functions that open each piece of the service from its settings."""

    configure: Callable[[], tuple[Settings, dict[str, str]]]
    open_house: Callable[[Settings], House]
    work: Callable[[House], None]
    serve_engine: Callable[[Settings], None]
    engine_options: Callable

    @property
    def settings(self) -> Settings:
        """The settings as configured now."""
        return self.configure()[0]

    def house(self) -> House:
        """Opens the house the settings describe."""
        return self.open_house(self.settings)


class Plain(click.Group):
    """A group whose refusals are one sentence on standard error and exit code 1."""

    def invoke(self, ctx: click.Context):
        """Runs the command; a Refusal ends it with its sentence."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            click.echo(refusal.message, err=True)
            sys.exit(1)


def example(text: str) -> str:
    """Returns the epilog that shows a command's example."""
    return f"Example: {text}"
