"""A real house behind the application, and browsers without JavaScript that fill in its forms."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from houses import new_house
from werkzeug.test import TestResponse

from opendesign.actions.create_design import create_design
from opendesign.actions.edit import edit_files
from opendesign.actions.house import House, Visitor
from opendesign.actions.join import add_person
from opendesign.app import create_app
from opendesign.records.design import design_by_path

PASSWORD = "correct horse battery"
TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)">')
BOX = """\"\"\"Box: a body with a hole.\"\"\"

import cadquery as cq

# --- Size ---
WIDTH = 20.0  # [5:1:100] Outer width, mm
HOLES = 2  # [1:1:6] Number of holes
LABEL = "front"
ROUND = True

result = cq.Workplane().box(WIDTH, 10, 4).faces(">Z").workplane().hole(HOLES)
show_object(result, name="box")
"""


@dataclass
class Browser:
    """Somebody's browser: it keeps cookies and sends the token of the page it looked at last."""

    client: FlaskClient
    token: str = ""

    def get(self, address: str, **options) -> TestResponse:
        """Looks at a page."""
        answer = self.client.get(address, **options)
        if answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self.token = found[1]
        return answer

    def post(self, address: str, fields: dict | None = None, **options) -> TestResponse:
        """Sends a form."""
        if not self.token:
            self.get("/")
        return self.client.post(address, data={"csrf_token": self.token, **(fields or {})}, **options)

    def enter(self, name: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        """Enters as a person."""
        answer = self.post("/enter", {"name": name, "password": password, **fields})
        self.token = ""
        return answer

    def fragment(self, address: str, target: str = "") -> TestResponse:
        """Asks as htmx does."""
        return self.client.get(address, headers={"HX-Request": "true", "HX-Target": target})


@dataclass
class Site:
    """A house, its application and the people who have joined."""

    house: House
    app: Flask
    people: dict[str, Visitor] = field(default_factory=dict)

    def stranger(self) -> Browser:
        """A browser of somebody unknown."""
        return Browser(self.app.test_client())

    def person(self, name: str) -> Browser:
        """A browser in which somebody has entered; they join on first use."""
        self.visitor(name)
        browser = self.stranger()
        assert browser.enter(name).status_code == 303
        return browser

    def visitor(self, name: str) -> Visitor:
        """Somebody as actions see them; they join on first use and are nobody special."""
        if name not in self.people:
            with self.house.writing() as work:
                person = add_person(work, name, f"{name}@example.org", PASSWORD, name.title())
                person.admin = False
                self.people[name] = Visitor(person.id)
        return self.people[name]

    def design(self, owner: str, name: str, files: dict[str, str | bytes] | None = None, **facts: str) -> str:
        """Starts a design and returns its address; without `files` it has one part, box.py."""
        files = {"box.py": BOX} if files is None else files
        content = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
        with self.house.writing(self.visitor(owner)) as work:
            create_design(work, name, facts.pop("title", name.title()), files=content, **facts)
        return f"/{owner}/{name}"

    def commit(self, owner: str, address: str, changes: dict[str, str | None], branch: str = "main", **options) -> str:
        """Commits files to a design and returns the revision."""
        content = {path: text.encode() if text is not None else None for path, text in changes.items()}
        with self.house.writing(self.visitor(owner)) as work:
            design = design_by_path(work.session, *address.strip("/").split("/"))
            return edit_files(work, design, branch, content, options.pop("message", "Change it"), **options)

    def read(self, address: str, path: str, ref: str = "main") -> str:
        """The text of a file as git has it."""
        with self.house.reading() as work:
            design = design_by_path(work.session, *address.strip("/").split("/"))
            with self.house.store.open(design.key) as repository:
                return repository.read(repository.resolve(ref), path).decode()

    def head(self, address: str, ref: str = "main") -> str:
        """The revision a branch stands at."""
        with self.house.reading() as work:
            design = design_by_path(work.session, *address.strip("/").split("/"))
            with self.house.store.open(design.key) as repository:
                return repository.resolve(ref)


@pytest.fixture(scope="session")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Site]]:
    """Opens a site over a folder of its own; no engine runs unless one is given."""
    opened: list[Site] = []

    def open_it(data: Path | None = None, **settings) -> Site:
        folder = data or tmp_path_factory.mktemp("site")
        engine, limits = settings.pop("engine", None), settings.pop("limits", {})
        house = new_house(folder, demo=settings.pop("demo", False), **settings)
        house = replace(house, engine=engine or house.engine, limits=replace(house.limits, **limits))
        opened.append(Site(house, create_app(house)))
        opened[-1].app.testing = False
        return opened[-1]

    yield open_it
    for site in opened:
        site.house.database.close()


@pytest.fixture(scope="module")
def site(open_site: Callable[..., Site]) -> Site:
    """The site that the tests of a module share."""
    return open_site()


@pytest.fixture
def stranger(site: Site) -> Browser:
    """A browser of somebody unknown."""
    return site.stranger()
