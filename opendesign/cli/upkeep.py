"""Looking after the service: what is set, what is stored, what is told again."""

import json
import re
import sys
from dataclasses import fields, replace
from pathlib import Path

import click

from opendesign.actions.heal import Gone
from opendesign.actions.heal import reindex as sync_all
from opendesign.actions.import_design import import_design as bring_in
from opendesign.actions.import_design import import_job, want_import
from opendesign.actions.shelve import shelve
from opendesign.actions.shelve_lfs import shelve_lfs
from opendesign.actions.sweep_files import sweep_files
from opendesign.actions.tidy import tidy, tidy_repositories
from opendesign.actions.want_lacking import want_lacking
from opendesign.cad.shelves import open_shelf
from opendesign.cli.wires import Wires, command_line, example
from opendesign.core.errors import Invalid
from opendesign.core.settings import SECRETS
from opendesign.records.arrival import DONE, arrival_of
from opendesign.records.design import design_by_path
from opendesign.records.kin import family_of
from opendesign.records.person import person_by_name

ALWAYS_SECRET = ("secret", "metrics_token", "oidc_secret")


@click.command(epilog=example("opendesign reindex"))
@click.pass_obj
def reindex(wires: Wires) -> None:
    """Makes the records of every design agree with its repository again, and has lost files made anew.

    Ends with 1, and names them, when designs were skipped; the log says why.
    """
    house = wires.house()
    found = sync_all(house)
    click.echo(f"{found.done} designs are in step with their repositories.")
    click.echo(f"{want_lacking(house)} builds and comparisons had lost files; they will be made again.")
    _tell_skipped(found)


def _tell_skipped(found: Gone) -> None:
    """Names designs that were skipped and ends with 1; does nothing when there are none."""
    if found.skipped:
        click.echo(f"Skipped, see the log: {', '.join(found.skipped)}.", err=True)
        sys.exit(1)


@click.command(epilog=example("opendesign gc"))
@click.pass_obj
def gc(wires: Wires) -> None:
    """Repacks repositories and pools, sweeps what killed pushes left, and clears files away that can be made again.

    Nothing a fork needs is lost. Ends with 1, and names them, when repositories were skipped; the log says why.
    """
    house = wires.house()
    found = tidy_repositories(house)
    click.echo(f"{found.done} repositories are tidy; files of {tidy(house)} exports were cleared away.")
    click.echo(f"{sweep_files(house)} files of Git LFS that no design has any more were cleared away.")
    _tell_skipped(found)


@click.command("bucket", epilog=example("OPENDESIGN_SHELF_URL=s3://made?endpoint=http://store:9000 opendesign bucket"))
@click.pass_obj
def make_bucket(wires: Wires) -> None:
    """Makes the bucket that made files are to lie in, unless it is there."""
    kept = open_shelf(wires.settings)
    kept.make()
    click.echo(f"{kept} is there.")


@click.command("shelve", epilog=example("opendesign shelve file:///srv/opendesign/var/shelf"))
@click.argument("source")
@click.pass_obj
def bring_files(wires: Wires, source: str) -> None:
    """Puts the made files of another shelf, a folder or a bucket, onto the one that is set; takes nothing away."""
    settings = replace(wires.settings, shelf_url=source)
    if settings.bucket is None and not settings.shelf.is_dir():
        raise Invalid(f"There is no folder {settings.shelf}.")
    target = open_shelf(wires.settings)
    target.ask()
    moved, seen = shelve(open_shelf(settings), target)
    click.echo(f"{moved} of {seen} builds and comparisons had files that {target} did not have; it has them now.")


@click.command("shelve-lfs", epilog=example("opendesign shelve-lfs"))
@click.pass_obj
def bring_large_files(wires: Wires) -> None:
    """Moves files of Git LFS that lie on the disk to the bucket that is set, while the service runs over it.

    Each leaves the disk once it is in the bucket. Ends with 1, and names them, when files are damaged: those stay.
    """
    if wires.settings.bucket is None:
        raise Invalid("No bucket is set; large files lie on the disk then (setting shelf_url, s3://…).")
    moved, damaged = shelve_lfs(wires.house().store.lfs)
    click.echo(f"{moved} files of Git LFS are in {wires.settings.bucket} now.")
    if damaged:
        click.echo(f"Damaged, and still on the disk: {', '.join(damaged)}.", err=True)
        sys.exit(1)


@click.command(epilog=example("opendesign separate ada/lamp"))
@click.argument("design")
@click.pass_obj
def separate(wires: Wires, design: str) -> None:
    """Gives each design of DESIGN's family a copy of its own of what it has, instead of the pool that they share.

    For what was taken down: a pool keeps what it was once given, and whoever knows the id of a commit could have it
    from a relative. This needs room for a whole copy of each.
    """
    house = wires.house()
    owner, _, name = design.strip("/").partition("/")
    with house.reading() as work:
        found = design_by_path(work.session, owner, name)
        keys = [member.key for member in family_of(work.session, found)]
    click.echo(f"{house.store.separate(keys)} designs shared objects; each has its own now.")


@click.command(epilog=example("opendesign config --json"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def config(wires: Wires, as_json: bool) -> None:
    """Shows every setting, its value and where it came from."""
    settings, sources = wires.configure()
    rows = []
    for field in fields(settings):
        value = getattr(settings, field.name)
        told = field.name in SECRETS and re.search("@|password", str(value))
        hidden = value and (field.name in ALWAYS_SECRET or told)
        shown = "(set, not shown)" if hidden else value
        rows.append({"name": field.name, "value": shown, "source": sources[field.name]})
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['name']:<20} {row['value']!s:<40} {row['source']}")


@click.command("import", epilog=example("opendesign import ./my-clamp --owner ada --name clamp"))
@click.argument("source")
@click.option("--owner", required=True, help="Whose design it becomes.")
@click.option("--name", default="", help="Its name; the folder's by default.")
@click.option("--title", default="")
@click.option("--private", is_flag=True)
@click.pass_obj
def import_design(wires: Wires, source: str, owner: str, name: str, title: str, private: bool) -> None:
    """Imports a git repository (a folder or a URL) as a new design."""
    house = wires.house()
    with house.reading() as work:
        visitor = command_line(person_by_name(work.session, owner).id)
    name = name or Path(source.rstrip("/")).name.removesuffix(".git").lower()
    visibility = "private" if private else "public"
    if Path(source).expanduser().is_dir():
        with house.writing(visitor) as work:
            design = bring_in(work, Path(source).expanduser(), name, title, visibility)
            click.echo(f"{design.path} holds {source}.")
        return
    with house.writing(visitor) as work:
        arrival = want_import(work, source, name, title, visibility)
    import_job(house, str(arrival.id))
    with house.reading() as work:
        ended = arrival_of(work.session, arrival.person, arrival.id)
    if ended.state != DONE:
        raise click.ClickException(ended.problem or "Another import is on the way; the worker brings this one next.")
    click.echo(f"{ended.path} holds {ended.url}.")
