"""Imports: designs on their way here from other git servers."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.import_design import cancel_import, want_import
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import Body, DesignPath, Page, Shown, example
from opendesign.api.visit import brake
from opendesign.records.arrival import Arrival, arrival_of, arrivals_of
from opendesign.records.design import design_by_id

IMPORT = "/imports/{arrival}"
URL = "https://git.example.org/ada/laptop-case.git"


class ImportWanted(Body):
    """Which repository is to come, and what it becomes."""

    model_config = Body.model_config | example({"url": URL, "name": "laptop-case", "mirror": True})
    url: str = Field(description="An http or https address, as for git clone, without a name or a password.")
    name: str = Field("", description="By default made from the title, or what the repository is called.")
    title: str = ""
    visibility: Literal["public", "private"] = "public"
    mirror: bool = Field(False, description="It stays a mirror: fetched again and again, and moved by nobody here.")


class ImportShown(Shown):
    """How far an import is, or what came of it."""

    model_config = example(
        {
            "id": 7,
            "url": URL,
            "design": "ada/laptop-case",
            "state": "receiving",
            "percent": 45,
            "bytes": 1572864,
            "problem": "",
            "wanted_at": "2024-05-01T12:00:00Z",
            "ended_at": None,
            "href": "/api/v1/imports/7",
        }
    )
    id: int
    url: str
    design: DesignPath = Field(description="Where the design is, or would have been.")
    state: Literal[
        "waiting", "looking", "counting", "receiving", "checking", "recording", "done", "failed", "cancelled"
    ]
    percent: int = Field(description="Of the stage that `state` names, as git counts.")
    bytes: int = Field(description="Received so far.")
    problem: str = Field(description="Why it failed, or which large files did not come, in a sentence.")
    wanted_at: datetime
    ended_at: datetime | None
    href: str


@operation("POST", "/imports", {202: ImportShown}, scope="write", body=ImportWanted)
def bring(work: Work, body: ImportWanted) -> Answer:
    """Imports a repository from a public git server as a design of yours; ask for it again until it has ended.

    All branches, tags and revisions come. The design is private and unmoved until they are here. What was forked from a
    public design here finds its family. A repository that is not on the public internet is refused.
    """
    brake()
    arrival = want_import(work, body.url, body.name, body.title, body.visibility, body.mirror)
    shown = import_shown(work, arrival)
    return Answer(shown, 202, shown.href)


@operation("GET", "/imports", list[ImportShown], scope="read", query=Page)
def list_all(work: Work, query: Page) -> Answer:
    """Lists your newest imports, the newest first."""
    assert work.person is not None
    found = arrivals_of(work.session, work.person)
    return Answer([import_shown(work, each) for each in query.of(found)], total=len(found))


@operation("GET", IMPORT, ImportShown, scope="read")
def show(work: Work, arrival: int) -> Answer:
    """Shows how far an import of yours is."""
    assert work.person is not None
    return Answer(import_shown(work, arrival_of(work.session, work.person, arrival)))


@operation("DELETE", IMPORT, {204: None}, scope="write")
def cancel(work: Work, arrival: int) -> Answer:
    """Stops an import of yours; nothing of it stays. One that has ended is left as it is."""
    assert work.person is not None
    cancel_import(work, arrival_of(work.session, work.person, arrival))
    return Answer(None, 204)


def import_shown(work: Work, arrival: Arrival) -> ImportShown:
    """Returns an import as its owner sees it."""
    design = design_by_id(work.session, arrival.design_id)
    facts = ("id", "url", "state", "percent", "bytes", "problem", "wanted_at", "ended_at")
    return ImportShown.of(
        **{name: getattr(arrival, name) for name in facts},
        design=design.path if design else arrival.path,
        href=f"/api/v1/imports/{arrival.id}",
    )
