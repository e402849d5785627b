"""A number that somebody or something had is never another's, on either database, whatever was deleted."""

from houses import PASSWORD, settle_in, start
from sqlalchemy import delete

from opendesign.actions.change_design import delete_design
from opendesign.actions.depart import leave_for_good
from opendesign.actions.fork import fork
from opendesign.records.design import design_by_id
from opendesign.records.numbering import Numbering

FILES = {"README.md": "# Lamp\n"}


def test_a_new_design_never_has_the_number_of_one_that_is_gone(house):
    mallory, eve = settle_in(house, "mallory", "eve")
    kept, gone = start(house, mallory, "lamp", FILES), start(house, mallory, "secret", FILES)
    with house.writing(mallory) as work:
        delete_design(work, design_by_id(work.session, gone), "mallory/secret")
    with house.writing(eve) as work:
        forked = fork(work, design_by_id(work.session, kept), "lamp").id
    assert start(house, eve, "mine", FILES) > forked > gone > kept


def test_a_new_person_never_has_the_number_of_one_who_is_gone(house):
    _, mallory = settle_in(house, "operator", "mallory")
    leave_for_good(house, mallory, "mallory", PASSWORD, "", "192.0.2.1")
    (eve,) = settle_in(house, "eve")
    assert eve.person_id > mallory.person_id


def test_it_counts_on_from_what_there_is_where_nobody_counted(house):
    (ada,) = settle_in(house, "ada")
    first = start(house, ada, "lamp", FILES)
    with house.writing() as work:
        work.session.execute(delete(Numbering))
    assert start(house, ada, "desk", FILES) == first + 1


def test_an_upgrade_counts_on_from_what_is_only_told_of_any_more(database):
    database.migrate("0030_authors")
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO deed (at, verb, subject, design_id, person_id, person, address, request, detail) "
            "VALUES ('2026-01-01 00:00:00', 'design.deleted', 'a/b', 41, 7, '', '', '', '{}')"
        )
    database.migrate()
    with database.engine.connect() as connection:
        told = connection.exec_driver_sql("SELECT name, number FROM numbering ORDER BY name").fetchall()
    assert [tuple(row) for row in told] == [("design", 41), ("person", 7)]
