"""Who did what: every record that people change leaves a deed in the same transaction, and no deed is ever changed."""

import os
from importlib import import_module
from pkgutil import iter_modules
from pwd import getpwuid

import pytest
from click.testing import CliRunner
from houses import new_house, settle_in, start
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from opendesign import records
from opendesign.actions.change_design import change_design, delete_design, give_role, take_role
from opendesign.actions.create_design import create_design
from opendesign.actions.edit import add_branch, edit_files
from opendesign.actions.enter import change_password, enter, leave, recognise_visit
from opendesign.actions.fork import fork
from opendesign.actions.issue_token import issue_token, revoke_token
from opendesign.actions.set_rule import set_rule
from opendesign.cli import commands
from opendesign.cli.wires import LOGINS, command_line
from opendesign.core.errors import Forbidden, Invalid
from opendesign.records.base import Record
from opendesign.records.deed import Deed
from opendesign.records.design import design_by_path
from opendesign.records.factor import Factor
from opendesign.records.person import person_by_name
from opendesign.records.witness import UNWITNESSED, WATCHED

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A house that the tests share."""
    made = new_house(tmp_path_factory.mktemp("house"))
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def ada(house):
    """Ada, who has a design, and bob."""
    ada, _bob = settle_in(house, "ada", "bob")
    start(house, ada, "box", {"README.md": "A box."})
    return ada


def deeds(house, after: int = 0) -> list[Deed]:
    with house.reading() as work:
        return list(work.session.scalars(select(Deed).where(Deed.id > after).order_by(Deed.id)))


def told(house, act) -> list[Deed]:
    """Does something and returns the deeds it left."""
    last = max((deed.id for deed in deeds(house)), default=0)
    act()
    return deeds(house, last)


def in_design(house, visitor, act):
    with house.writing(visitor) as work:
        return act(work, design_by_path(work.session, "ada", "box"))


def edit(work, box):
    return edit_files(work, box, "main", {"a": b"a"}, "A")


def test_of_every_record_it_is_said_whether_people_change_it():
    for each in iter_modules(records.__path__, "opendesign.records."):
        if not each.ispkg:
            import_module(each.name)
    tables = {mapper.class_.__tablename__ for mapper in Record.registry.mappers}
    watched = {kind.__tablename__ for kind in WATCHED}
    assert not watched & UNWITNESSED
    assert tables == watched | UNWITNESSED


def test_what_is_done_to_a_design_is_told_with_old_and_new(house, ada):
    (deed,) = told(house, lambda: in_design(house, ada, lambda work, box: change_design(work, box, title="Cube")))
    assert (deed.verb, deed.subject, deed.person) == ("design.changed", "ada/box", "ada")
    assert deed.detail == {"visibility": "public", "title": ["Box", "Cube"]}
    new = []
    (deed,) = told(house, lambda: new.append(in_design(house, ada, edit)))
    assert deed.verb == "refs.changed" and deed.detail["refs"]["refs/heads/main"][1] == new[0]
    (deed,) = told(house, lambda: in_design(house, ada, lambda work, box: add_branch(work, box, "side", "main")))
    assert deed.detail == {"refs": {"refs/heads/side": [None, new[0]]}}
    (deed,) = told(house, lambda: in_design(house, ada, lambda work, box: set_rule(work, box, "side", 1)))
    assert deed.verb == "rule.made" and deed.detail["approvals"] == 1

    def give(work, box):
        give_role(work, box, person_by_name(work.session, "bob"), "writer")

    def take(work, box):
        take_role(work, box, person_by_name(work.session, "bob"))

    (deed,) = told(house, lambda: in_design(house, ada, give))
    assert (deed.verb, deed.detail) == ("role.made", {"role": "writer", "person": "bob"})
    (deed,) = told(house, lambda: in_design(house, ada, take))
    assert (deed.verb, deed.detail["person"]) == ("role.ended", "bob")


def test_a_fork_and_the_end_of_a_design_are_one_deed_each(house, ada):
    def act():
        with house.writing(ada) as work:
            fork(work, design_by_path(work.session, "ada", "box"), "copy")

    (deed,) = told(house, act)
    assert deed.verb == "design.made" and deed.detail["parent"] == "ada/box"

    def end():
        with house.writing(ada) as work:
            delete_design(work, design_by_path(work.session, "ada", "copy"), "ada/copy")

    (deed,) = told(house, end)
    assert (deed.verb, deed.subject, deed.design_id) == ("design.ended", "ada/copy", None)


def test_entering_leaving_and_failing_to_are_told_without_what_was_typed(house, ada):
    secret = {}
    (deed,) = told(house, lambda: secret.update(it=enter(house, "ada", PASSWORD, "192.0.2.7")))
    assert (deed.verb, deed.person, deed.address) == ("visit.made", "ada", "192.0.2.7")
    (deed,) = told(house, lambda: leave(house, secret["it"]))
    assert (deed.verb, deed.person) == ("visit.ended", "ada")
    assert recognise_visit(house, secret["it"]).person_id is None
    for login, subject in (("ada@example.org", "ada"), ("my secret by mistake", "")):
        with pytest.raises(Forbidden):
            enter(house, login, "wrong", "192.0.2.7")
        deed = deeds(house)[-1]
        assert (deed.verb, deed.subject, deed.person, deed.detail) == ("attempt.made", subject, "", {})
    (deed,) = told(house, lambda: change_password(house, ada, PASSWORD, "another horse battery", "192.0.2.7"))
    assert (deed.verb, deed.detail) == ("person.changed", {"password": None})
    kept = {}

    def make():
        with house.writing(ada) as work:
            token, kept["secret"] = issue_token(work, "laptop", ["write"])
            kept["id"] = token.id

    (deed,) = told(house, make)
    assert (deed.verb, deed.detail) == ("token.made", {"label": "laptop", "scopes": ["write"]})

    def revoke():
        with house.writing(ada) as work:
            revoke_token(work, kept["id"])

    (deed,) = told(house, revoke)
    assert deed.verb == "token.changed"
    everything = " ".join(f"{deed.detail} {deed.subject}" for deed in deeds(house))
    for hidden in (kept["secret"], secret["it"], "horse", "@example.org"):
        assert hidden not in everything


def test_what_is_done_on_the_command_line_is_signed_by_it_and_whose_login_it_was(house, ada, monkeypatch):
    monkeypatch.setenv("SUDO_USER", "root\x1b[2J")
    wires = commands.Wires(lambda: (house.settings, {}), lambda _settings: house, *[None] * 3)

    def done(*asked: str) -> list[tuple[str, str, str, str]]:
        left = told(house, lambda: CliRunner().invoke(commands.main, asked, obj=wires, catch_exceptions=False))
        return [(deed.verb, deed.subject, deed.person, deed.address) for deed in left]

    who = "command line", "command line (root[2J)"
    added = done("person", "add", "cleo", "cleo@example.org", "--password", "several odd words at sea", "--admin")
    assert added == [("person.made", "cleo", *who), ("person.changed", "cleo", *who)]
    assert done("person", "admin", "bob") == [("person.changed", "bob", *who)]
    assert done("person", "admin", "bob", "--remove") == [("person.changed", "bob", *who)]
    with house.writing() as work:
        work.session.add(Factor(person_id=person_by_name(work.session, "cleo").id, sealed="sealed", step=1))
    assert done("person", "factor", "cleo", "--remove") == [("factor.ended", "cleo", *who)]
    assert done("token", "add", "cleo") == [("token.made", "", "cleo", who[1])], "as cleo, from the command line"
    with house.reading() as work:
        source = house.store.path(design_by_path(work.session, "ada", "box").key)
    assert done("import", str(source), "--owner", "cleo", "--name", "jig") == [
        ("design.made", "cleo/jig", "cleo", who[1])
    ]
    ended = done("person", "remove", "cleo", "--yes")
    assert "person.ended" in {deed[0] for deed in ended} and {deed[2:] for deed in ended} == {who}


def test_the_command_line_knows_whose_login_it_is_where_nothing_says_so(monkeypatch):
    for name in LOGINS:
        monkeypatch.delenv(name, raising=False)
    assert command_line().address == f"command line ({getpwuid(os.getuid()).pw_name})"
    monkeypatch.setattr("os.getuid", lambda: 2_000_000_123)
    assert command_line().address == "command line (user 2000000123)"


def test_what_is_not_done_leaves_no_deed_and_a_deed_is_never_changed(house, ada):
    def act():
        with pytest.raises(Invalid), house.writing(ada) as work:
            create_design(work, "half")
            raise Invalid("no")

    assert told(house, act) == []
    with pytest.raises(IntegrityError, match="only added to"), house.writing() as work:
        work.session.execute(text("UPDATE deed SET person = 'mallory'"))
