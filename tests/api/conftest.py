"""A real house in a temporary folder, people with tokens, and a way to ask the API as each of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from houses import new_house
from werkzeug.test import TestResponse

from opendesign.actions.house import House, Visitor
from opendesign.actions.issue_token import issue_token
from opendesign.actions.join import add_person
from opendesign.app import create_app

BOX = "import cadquery as cq\n\nwidth = 20.0  # [5:100:1] Width in mm\nresult = cq.Workplane().box(width, 10, 5)\n"


@dataclass
class Asker:
    """Somebody, or nobody, who asks the API; the token goes along where there is one."""

    client: FlaskClient
    name: str = ""
    token: str = ""

    def __call__(self, method: str, path: str, json: object = None, **options) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if json is not None:
            options["json"] = json
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options) -> TestResponse:
        """Ask for something."""
        return self("GET", path, **options)

    def made(self, method: str, path: str, json: object = None) -> dict:
        """Ask for a write that must succeed, and return what it shows."""
        answer = self(method, path, json)
        assert answer.status_code < 300, answer.text
        return answer.json or {}


@dataclass
class World:
    """A house with its application, and the people in it."""

    house: House
    app: Flask
    password: str = "difference-engine"
    people: dict[str, int] = field(default_factory=dict)

    def nobody(self) -> Asker:
        """Returns somebody unknown."""
        return Asker(self.app.test_client())

    def person(self, name: str, *scopes: str) -> Asker:
        """Returns a person, made on first use, with a new token of these scopes (by default all)."""
        if name not in self.people:
            with self.house.writing() as work:
                person = add_person(work, name, f"{name}@example.org", self.password)
                person.admin = False
                work.session.flush()
                self.people[name] = person.id
        with self.house.writing(Visitor(self.people[name])) as work:
            secret = issue_token(work, "test", list(scopes or ("admin",)))[1]
        return Asker(self.app.test_client(), name, secret)

    def box(self, owner: Asker, name: str = "box", **facts: str) -> str:
        """Makes a design with one part, not quite like any other's, and returns its address."""
        owner.made("POST", "/designs", {"name": name, "title": "Box", "licence": "CERN-OHL-W-2.0", **facts})
        where = f"/designs/{owner.name}/{name}"
        owner.made("PUT", f"{where}/files/main/box.py", {"content": f"{BOX}# {name}\n", "message": "Start"})
        return where


def open_world(folder: Path) -> World:
    """Opens an empty house: SQLite, git and a shelf in a folder; no engine runs behind its socket."""
    house = new_house(folder, demo=False)
    return World(house, create_app(house))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty house of the test's own."""
    made = open_world(tmp_path)
    yield made
    made.house.database.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A house that the tests of a module share."""
    made = open_world(tmp_path_factory.mktemp("house"))
    yield made
    made.house.database.close()


@pytest.fixture
def nobody(world: World) -> Asker:
    """Somebody unknown."""
    return world.nobody()


@pytest.fixture
def ada(world: World) -> Asker:
    """Ada, with a token that may do all she may."""
    return world.person("ada")


@pytest.fixture
def bia(world: World) -> Asker:
    """Bia, who has nothing to do with Ada's designs yet."""
    return world.person("bia")


@pytest.fixture
def box(world: World, ada: Asker) -> str:
    """The address of Ada's public design with one part."""
    return world.box(ada)
