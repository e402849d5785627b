"""Designs: finding, starting, changing and deleting them; forks and families."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.change_design import change_design, delete_design
from opendesign.actions.create_design import create_design
from opendesign.actions.fork import fork
from opendesign.actions.house import Work, ground
from opendesign.actions.starters import starter_files
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, DesignPath, Name, Page, Sha, Shown, example
from opendesign.api.visit import public_url
from opendesign.core.access import role_of
from opendesign.core.errors import Forbidden
from opendesign.core.licence import licence_of
from opendesign.records.design import Design, design_by_id, known_refs, page_of, parts_of, search_designs
from opendesign.records.kin import fork_counts
from opendesign.records.person import person_by_name
from opendesign.records.proposal import open_count

Visibility = Literal["public", "private"]


class DesignShown(Shown):
    """A design: one git repository of parametric parts."""

    model_config = example(
        {
            "owner": "ada",
            "name": "laptop-case",
            "title": "Laptop case",
            "summary": "A case that opens with one screw.",
            "licence": "CERN-OHL-W-2.0",
            "visibility": "public",
            "default_branch": "main",
            "head": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "parent": None,
            "family": "ada/laptop-case",
            "fork_sha": None,
            "clone_url": "https://opendesign.example/ada/laptop-case.git",
            "html_url": "https://opendesign.example/ada/laptop-case",
            "forks": 1,
            "parts": 6,
            "open_proposals": 2,
            "role": "owner",
            "made_at": "2024-05-01T12:00:00Z",
            "moved_at": "2024-06-01T12:00:00Z",
        }
    )
    owner: Name
    name: Name
    title: str
    summary: str
    licence: str = Field(description="The SPDX id, empty while none is chosen.")
    visibility: Literal["public", "private", "withheld"]
    default_branch: str
    head: Sha | None = Field(description="The default branch's commit; null while there is none.")
    parent: DesignPath | None = Field(description="What it was forked from, as far as you may see that.")
    family: DesignPath | None = Field(description="The first design of its family, itself if it is no fork.")
    fork_sha: Sha | None = Field(description="The parent's head at the time of the fork.")
    clone_url: str
    html_url: str
    forks: int = Field(description="How many public designs were forked from it directly.")
    parts: int
    open_proposals: int
    role: Literal["reader", "writer", "owner"] | None = Field(description="Your role in it.")
    made_at: datetime
    moved_at: datetime = Field(description="When a branch or tag last moved.")


class Search(Page):
    """Which designs are looked for."""

    q: str = Field("", max_length=200, description="Words in title, summary, name, owner or parts.")
    licence: str = Field("", max_length=100, description="An SPDX id.")
    owner: str = Field("", max_length=63, description="Only designs of this person.")
    sort: Literal["moved", "new", "name"] = Field("moved", description="Latest moved, newest, or by name.")


class Start(Body):
    """A new design."""

    model_config = Body.model_config | example(
        {
            "name": "laptop-case",
            "title": "Laptop case",
            "summary": "A case that opens with one screw.",
            "licence": "CERN-OHL-W-2.0",
        }
    )
    name: str = Field(description="a-z, 0-9, dot, hyphen and underscore; at most 63 characters.")
    title: str = ""
    summary: str = ""
    licence: str = Field("", description="An SPDX id such as CERN-OHL-W-2.0, or LicenseRef-….")
    owner: str = Field("", description="You, or nothing.")
    visibility: Visibility = "public"
    starter: str = Field("", description="A starter to begin from; nothing starts it empty.")


class Settings(Body):
    """What is to be changed of a design; what is left out stays."""

    model_config = Body.model_config | example({"title": "Laptop case 2", "visibility": "private"})
    name: str | None = None
    title: str | None = None
    summary: str | None = None
    licence: str | None = None
    visibility: Visibility | None = None
    default_branch: str | None = None


class ForkWanted(Body):
    """How the fork is to be called."""

    model_config = Body.model_config | example({"name": "laptop-case-13"})
    owner: str = Field("", description="You, or nothing.")
    name: str = Field("", description="By default the design's own, with a number where you have one such.")
    title: str = ""


@operation("GET", "/designs", list[DesignShown], query=Search)
def search(work: Work, query: Search) -> Answer:
    """Finds designs you may see."""
    owner = person_by_name(work.session, query.owner) if query.owner else None
    found = search_designs(work.session, work.person, query.q, query.licence, query.sort, owner)
    designs, total = page_of(work.session, found, query.page, query.per_page)
    return Answer(designs_shown(work, designs), total=total)


@operation("POST", "/designs", {201: DesignShown}, scope="write", body=Start)
def create(work: Work, body: Start) -> Answer:
    """Starts a design, empty or from a starter.

    Push to its clone_url, or write files through the API.
    """
    _need_self(work, body.owner)
    files = None
    if body.starter:
        licence = licence_of(body.licence).title if body.licence else ""
        licensor = work.person.shown_name if work.person else ""
        words = {"title": body.title or body.name, "licence": licence, "licensor": licensor}
        files = starter_files(body.starter, words)
    design = create_design(work, body.name, body.title, body.summary, body.licence, body.visibility, files)
    return Answer(design_shown(work, design), 201, address(design))


@operation("GET", DESIGN, DesignShown, verb="see")
def show(work: Work, design: Design) -> Answer:
    """Shows a design."""
    return Answer(design_shown(work, design))


@operation("PATCH", DESIGN, DesignShown, verb="settings", body=Settings)
def change(work: Work, design: Design, body: Settings) -> Answer:
    """Changes what a design is called, who may see it, or its default branch."""
    change_design(work, design, **body.model_dump(exclude_none=True))
    return Answer(design_shown(work, design), location=address(design))


@operation("DELETE", DESIGN, {204: None}, verb="delete")
def delete(work: Work, design: Design) -> Answer:
    """Deletes a design for good.

    Its forks keep everything they have.
    """
    delete_design(work, design, design.path)
    return Answer(None, 204)


@operation("POST", f"{DESIGN}/forks", {201: DesignShown}, verb="fork", body=ForkWanted)
def fork_it(work: Work, design: Design, body: ForkWanted) -> Answer:
    """Forks a design: every preview is there at once."""
    _need_self(work, body.owner)
    made = fork(work, design, body.name, body.title)
    return Answer(design_shown(work, made), 201, address(made))


def design_shown(work: Work, design: Design) -> DesignShown:
    """Returns a design as the visitor may see it."""
    return designs_shown(work, [design])[0]


def designs_shown(work: Work, designs: list[Design]) -> list[DesignShown]:
    """Returns designs as the visitor may see them, with a fixed number of questions for all counts."""
    forks, parts = fork_counts(work.session, designs), parts_of(work.session, designs)
    return [_shown(work, design, forks.get(design.id, 0), len(parts[design.id])) for design in designs]


def visible_path(work: Work, key: int | None) -> str | None:
    """Returns owner/name of the design with this number, None when it is gone or hidden from the visitor."""
    design = design_by_id(work.session, key)
    return design.path if design is not None and work.may("see", design) else None


def address(design: Design) -> str:
    """Returns the address of a design in this API."""
    return f"/api/v1/designs/{design.path}"


def _shown(work: Work, design: Design, forks: int, parts: int) -> DesignShown:
    page = f"{public_url()}/{design.path}"
    fields = ("name", "title", "summary", "licence", "visibility", "default_branch", "fork_sha", "made_at", "moved_at")
    return DesignShown.of(
        **{name: getattr(design, name) for name in fields},
        owner=design.owner.name,
        head=known_refs(work.session, design).get(f"refs/heads/{design.default_branch}"),
        parent=visible_path(work, design.parent_id),
        family=visible_path(work, design.family_id),
        clone_url=f"{page}.git",
        html_url=page,
        forks=forks,
        parts=parts,
        open_proposals=open_count(work.session, design),
        role=role_of(work.actor, ground(design)),
    )


def _need_self(work: Work, owner: str) -> None:
    if owner and (work.person is None or owner != work.person.name):
        raise Forbidden(f"You may make designs under your own name, not under “{owner[:63]}”.")
