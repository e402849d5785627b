"""A page that strangers look at is made once while nothing changes, and nobody is shown what is no longer so."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from opendesign.actions.change_design import change_design
from opendesign.records.build import Build
from opendesign.records.database import Database
from opendesign.records.design import design_by_path


@pytest.fixture
def questions(site):
    """Counts what the database is asked meanwhile."""

    @contextmanager
    def counted():
        asked: list[str] = []

        def hear(_connection, _cursor, statement, *_more):
            asked.append(statement)

        event.listen(site.house.database.engine, "before_cursor_execute", hear)
        yield asked
        event.remove(site.house.database.engine, "before_cursor_execute", hear)

    return counted


def change(site, owner: str, address: str, **facts: str) -> None:
    with site.house.writing(site.visitor(owner)) as work:
        change_design(work, design_by_path(work.session, *address.strip("/").split("/")), **facts)


def test_the_same_page_is_made_once_and_each_stranger_has_a_token_of_their_own(site, questions):
    address = site.design("ada", "quiet-thing", {"README.md": "# Nothing to build\n"})
    first, second = site.stranger(), site.stranger()
    page = first.get(address)
    with questions() as asked:
        again = second.get(address)
    assert not [each for each in asked if "design" in each], asked
    assert first.token and second.token and first.token != second.token
    assert again.text == page.text.replace(first.token, second.token) and "\0" not in again.text
    assert again.headers["Cache-Control"] == page.headers["Cache-Control"]


def test_how_far_a_build_is_is_looked_up_for_each(site, questions):
    address = site.design("ada", "slow-thing")
    site.stranger().get(address)
    with questions() as asked:
        assert "Waiting" in site.stranger().get(address).text
    assert [each for each in asked if "FROM build" in each], "no record knows it, nor who may stop it"


def test_what_somebody_changes_strangers_see_at_once(site):
    address = site.design("ada", "loud-thing")
    assert "Loud-Thing" in site.stranger().get(address).text
    change(site, "ada", address, title="Louder thing")
    assert "Louder thing" in site.stranger().get(address).text
    site.commit("ada", address, {"README.md": "# A word about it\n"})
    assert "A word about it" in site.stranger().get(address).text
    change(site, "ada", address, visibility="private")
    assert site.stranger().get(address).status_code == 404
    assert site.person("ada").get(address).status_code == 200
    assert site.stranger().get(address).status_code == 404


def test_those_who_entered_other_languages_and_words_said_once_have_pages_of_their_own(site):
    address = site.design("ada", "spoken-thing")
    english = site.stranger().get(address).text
    assert (
        'lang="en"' in english and 'lang="fr"' in site.stranger().get(address, headers={"Accept-Language": "fr"}).text
    )
    ada = site.person("ada")
    assert "/ada/spoken-thing/settings" in ada.get(address).text and "/ada/spoken-thing/settings" not in english
    ada.post("/leave")
    once = ada.get(address).text
    assert "/ada/spoken-thing/settings" not in once
    assert site.stranger().get(address + "?part=box.py").status_code == 200


def test_a_part_that_failed_is_no_reason_to_make_a_page_again(site, questions):
    address = site.design("ada", "broken-thing")
    site.stranger().get(address)
    with site.house.writing() as work:
        for build in work.session.scalars(select(Build)):
            build.state = "failed"
    assert "Log of this build" in site.stranger().get(address).text
    with questions() as asked:
        site.stranger().get(address)
    assert not [each for each in asked if "FROM build" in each], asked


def test_where_strangers_fetch_from_is_looked_up_once_and_never_after_it_was_closed(site, questions):
    address = site.design("ada", "fetched-thing")
    refs = f"{address}.git/info/refs?service=git-upload-pack"
    first = site.stranger().get(refs)
    with questions() as asked:
        again = site.stranger().get(refs)
    assert first.status_code == 200 and again.data == first.data and not asked
    change(site, "ada", address, visibility="private")
    assert site.stranger().get(refs).status_code == 401
    change(site, "ada", address, visibility="public")
    assert site.stranger().get(refs).data == first.data
    elsewhere = Database(site.house.settings.database)  # as another process of the web
    with elsewhere.writing() as session:
        design_by_path(session, *address.strip("/").split("/")).visibility = "private"
    elsewhere.close()
    assert site.stranger().get(refs).status_code == 401
