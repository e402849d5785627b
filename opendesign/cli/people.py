"""People and tokens from the command line."""

import json

import click

from opendesign.actions.depart import foresee_farewell, remove_person
from opendesign.actions.issue_token import SCOPES, issue_token
from opendesign.actions.join import add_person
from opendesign.actions.set_factor import take_factor
from opendesign.actions.suspend import need_another_operator
from opendesign.cli.wires import Plain, Wires, command_line, example
from opendesign.records.factor import factor_of
from opendesign.records.person import person_by_name


@click.group(cls=Plain)
def person() -> None:
    """People who have joined."""


@person.command("add", epilog=example("opendesign person add ada ada@example.org --admin"))
@click.argument("name")
@click.argument("email")
@click.password_option(envvar="OPENDESIGN_PASSWORD", help="Asked for when it is left out.")
@click.option("--full-name", default="")
@click.option("--admin", is_flag=True, help="May do everything here.")
@click.pass_obj
def add(wires: Wires, name: str, email: str, password: str, full_name: str, admin: bool) -> None:
    """Adds a person."""
    with wires.house().writing(command_line()) as work:
        made = add_person(work, name, email, password, full_name)
        made.admin = made.admin or admin
    click.echo(f"{made.name} has joined{' as an operator' if made.admin else ''}.")


@person.command("admin", epilog=example("opendesign person admin ada"))
@click.argument("name")
@click.option("--remove", is_flag=True, help="No longer an operator.")
@click.pass_obj
def admin(wires: Wires, name: str, remove: bool) -> None:
    """Makes a person an operator, who may do everything here."""
    with wires.house().writing(command_line()) as work:
        found = person_by_name(work.session, name)
        if remove:
            need_another_operator(work, found)
        found.admin = not remove
    click.echo(f"{name} is {'no longer' if remove else 'now'} an operator.")


@person.command("factor", epilog=example("opendesign person factor ada --remove"))
@click.argument("name")
@click.option("--remove", is_flag=True, help="Takes it away, for who has lost it; be sure that it is they who ask.")
@click.pass_obj
def factor(wires: Wires, name: str, remove: bool) -> None:
    """Says whether a person has a second factor, or takes it away."""
    with wires.house().writing(command_line()) as work:
        found = person_by_name(work.session, name)
        has = take_factor(work, found) if remove else factor_of(work.session, found) is not None
    if remove and has:
        click.echo(f"{name} enters by password alone from now on, and is told so by a letter.")
    else:
        click.echo(f"{name} has {'a' if has else 'no'} second factor.")


@person.command("remove", epilog=example("opendesign person remove ada --yes"))
@click.argument("name")
@click.option("--yes", is_flag=True, help="Does not ask once more.")
@click.pass_obj
def remove(wires: Wires, name: str, yes: bool) -> None:
    """Removes a person for good, with the designs that are theirs alone."""
    house = wires.house()
    with house.reading() as work:
        going = len(foresee_farewell(work, person_by_name(work.session, name)).going)
    if not yes:
        click.confirm(
            f"{name} goes for good, with designs: {going}. Forks and what they wrote elsewhere stay. Sure?", abort=True
        )
    with house.writing(command_line()) as work:
        remove_person(work, person_by_name(work.session, name))
    click.echo(f"{name} is gone. Nobody who joins is called so again.")


@click.group(cls=Plain)
def token() -> None:
    """Tokens: passwords for programs."""


@token.command("add", epilog=example("opendesign token add ada --label laptop --scope write"))
@click.argument("name")
@click.option("--label", default="command line")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), default=["write"])
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def add_token(wires: Wires, name: str, label: str, scopes: tuple[str, ...], as_json: bool) -> None:
    """Makes a token for a person and prints it, this once."""
    house = wires.house()
    with house.reading() as work:
        owner = person_by_name(work.session, name).id
    with house.writing(command_line(owner)) as work:
        made, secret = issue_token(work, label, list(scopes))
    click.echo(json.dumps({"token": secret, "label": made.label, "scopes": made.scopes}) if as_json else secret)
