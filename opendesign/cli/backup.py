"""`opendesign backup` and `opendesign restore`: everything that cannot be made again, in one file and out of it."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from opendesign.actions.back_up import back_up
from opendesign.actions.restore import check_backup, restore, revive
from opendesign.cli.wires import Wires, example

FILE = click.Path(dir_okay=False, path_type=Path)
THERE = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.command(epilog=example("opendesign backup /backups/tuesday.zip --since /backups/monday.zip"))
@click.argument("file", type=FILE)
@click.option("--since", type=THERE, help="Leave out what this backup has; it must be kept in the same folder.")
@click.option("--with-builds", is_flag=True, help="Also what was built, which can be made again.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def backup(wires: Wires, file: Path, since: Path | None, with_builds: bool, as_json: bool) -> None:
    """Backs the service up into FILE while it runs. Only you may read it: it holds people's passwords, hashed."""
    settings = wires.settings
    done = back_up(wires.house(), file, since, with_builds)
    told = {"file": str(file), "bytes": file.stat().st_size, "files": len(done.manifest.pieces)}
    told |= {"designs": done.designs, "schema": done.manifest.schema, "since": str(since) if since else None}
    if as_json:
        click.echo(json.dumps(told | {"damaged": done.lost}, indent=2))
    else:
        click.echo(f"{file} holds {done.designs} designs: {told['files']} files in {told['bytes']:,} bytes.")
        if settings.secret:
            click.echo("The secret that signs visits is one of your settings; keep those too.")
    if done.lost:
        click.echo(f"Without their repositories, which are damaged: designs {', '.join(done.lost)}.", err=True)
        sys.exit(1)


@click.command("restore", epilog=example("DATA=/srv/opendesign opendesign restore /backups/tuesday.zip"))
@click.argument("file", type=THERE)
@click.option("--check", is_flag=True, help="Only read all of it and say whether it is whole.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def restore_backup(wires: Wires, file: Path, check: bool, as_json: bool) -> None:
    """Restores a backup where nothing is yet: data folder and database of the settings, either kind of database.

    All of FILE is verified before anything is written, and what fails leaves nothing behind.
    """
    settings = wires.settings
    manifest = check_backup(file) if check else restore(settings, file)
    told = {"made_at": manifest.made_at, "version": manifest.version, "schema": manifest.schema}
    found = None if check else revive(wires.house())
    if as_json:
        click.echo(json.dumps(told | {"files": len(manifest.pieces)} | (asdict(found) if found else {}), indent=2))
        return
    click.echo(f"{file} is whole: {len(manifest.pieces)} files of {manifest.made_at[:19]} UTC, {manifest.version}.")
    if found:
        click.echo(f"{found.designs} designs and {found.people} people are in {settings.root}.")
        click.echo(f"{found.moved} designs had moved while the backup was made; their records have followed.")
        click.echo(f"{found.wanted} builds and comparisons will be made again. Start it: opendesign run")
