"""What the commands are given by app.py: the ways to settings, house, worker and engine."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pwd import getpwuid

import click

from opendesign.actions.house import House, Visitor
from opendesign.core.errors import Refusal
from opendesign.core.settings import Settings

NAME = "command line"
LOGINS = ("SUDO_USER", "LOGNAME")  # what sudo and login say; who is at the machine could say anything


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


def command_line(person_id: int | None = None) -> Visitor:
    """Returns who acts in a command, itself or as a person: its deeds say whose login on the machine it was."""
    return Visitor(person_id, address=f"{NAME} ({_login()})", name=NAME)


def _login() -> str:
    said = next((os.environ[name] for name in LOGINS if os.environ.get(name)), "")
    try:
        said = said or getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may be run as any number
        said = f"user {os.getuid()}"
    return "".join(filter(str.isprintable, said))[:64]


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
