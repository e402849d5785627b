"""The command line: `opendesign run` and everything an operator needs."""

import click

from opendesign import __version__
from opendesign.cli.backup import backup, restore_backup
from opendesign.cli.demo import demo
from opendesign.cli.doctor import doctor
from opendesign.cli.people import person, token
from opendesign.cli.pieces import engine, speak, web, worker
from opendesign.cli.run import run
from opendesign.cli.trial import trial
from opendesign.cli.upkeep import (
    bring_files,
    bring_large_files,
    config,
    gc,
    import_design,
    make_bucket,
    reindex,
    separate,
)
from opendesign.cli.wires import Plain, Wires

__all__ = ["Wires", "main", "speak"]


@click.group(cls=Plain, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="opendesign")
def main() -> None:
    """Hardware, forked and merged like software."""


COMMANDS = (
    run,
    demo,
    web,
    worker,
    engine,
    reindex,
    doctor,
    config,
    gc,
    separate,
    bring_files,
    bring_large_files,
    make_bucket,
    backup,
    restore_backup,
    person,
    token,
    trial,
    import_design,
)
for command in COMMANDS:
    main.add_command(command)
