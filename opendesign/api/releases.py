"""Releases: revisions that a design gives out under tags that stay."""

from datetime import datetime
from urllib.parse import quote

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.publish import change_release, publish, recall, unreleased
from opendesign.actions.show_parts import parts_at
from opendesign.api.builds import BUILDS, FileMade, State, files_made
from opendesign.api.designs import address
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, Name, Page, Sha, Shown, example
from opendesign.api.visit import brake, public_url
from opendesign.records.design import Design, page_of
from opendesign.records.release import Release, latest_release, release_of, releases_of

RELEASES = f"{DESIGN}/releases"
RELEASE = f"{RELEASES}/{{tag}}"
SHA = "9fceb02d0ae598e95dc970b74767f19372d61af8"
GIVEN_OUT = {
    "tag": "v1.0",
    "title": "The first that closes",
    "notes": "The lid holds now.",
    "commit": SHA,
    "by": "ada",
    "at": "2024-05-01T12:00:00Z",
    "latest": True,
    "html_url": "https://opendesign.example/ada/box/releases/v1.0",
    "parts_url": f"https://opendesign.example/ada/box/archive/{SHA}.zip",
    "source_url": f"https://opendesign.example/ada/box/source/{SHA}.zip",
}


class ReleaseShown(Shown):
    """A revision that was given out."""

    model_config = example(GIVEN_OUT)
    tag: str
    title: str
    notes: str = Field(description="Markdown.")
    commit: Sha
    by: Name | None = Field(description="Who released it; null for somebody who left.")
    at: datetime
    latest: bool
    html_url: str
    parts_url: str = Field(description="All parts with licence, bill of materials and notice, as ZIP.")
    source_url: str = Field(description="The files of the revision, as ZIP.")


class PartReleased(Shown):
    """A part of a release, and its files as far as they are made."""

    path: str
    title: str
    build: str = Field(pattern=r"^[0-9a-f]{64}$", description="The key of its build.")
    state: State
    files: list[FileMade]


class ReleaseInFull(ReleaseShown):
    """A release with its parts."""

    model_config = example(GIVEN_OUT | {"parts": []})
    parts: list[PartReleased]


class TagShown(Shown):
    """A tag that nobody has released."""

    model_config = example({"tag": "v0.9", "commit": SHA})
    tag: str
    commit: Sha


class ReleaseWanted(Body):
    """What is to be released, and what is said of it."""

    model_config = Body.model_config | example({"tag": "v1.0", "title": "The first that closes"})
    tag: str = Field(description="A tag that is there, which is released where it stands, or a new one.")
    title: str = Field("", description="By default the tag.")
    notes: str = Field("", description="Markdown.")
    ref: str = Field("", description="What a new tag is put on: a branch or commit; by default the default branch.")


class WordsWanted(Body):
    """Other words for a release; what is left out stays."""

    model_config = Body.model_config | example({"notes": "The lid holds now, and opens too."})
    title: str | None = None
    notes: str | None = None


@operation("GET", RELEASES, list[ReleaseShown], verb="see", query=Page)
def list_all(work: Work, design: Design, query: Page) -> Answer:
    """Lists the releases of a design, newest first."""
    found, total = page_of(work.session, releases_of(design), query.page, query.per_page)
    return Answer([_shown(work, each) for each in found], total=total)


@operation("GET", f"{DESIGN}/unreleased-tags", list[TagShown], verb="see", query=Page)
def list_tags(work: Work, design: Design, query: Page) -> Answer:
    """Lists the tags that nobody has released."""
    tags = unreleased(work, design)
    return Answer([TagShown(tag=tag, commit=sha) for tag, sha in query.of(tags)], total=len(tags))


@operation("POST", RELEASES, {201: ReleaseShown}, verb="release", body=ReleaseWanted)
def give_out(work: Work, design: Design, body: ReleaseWanted) -> Answer:
    """Releases a revision under an annotated tag, which is made unless it is there; all files of its parts are made.

    As long as the release is there, no push moves or deletes its tag.
    """
    brake()
    made = publish(work, design, body.tag, body.title, body.notes, body.ref)
    return Answer(_shown(work, made), 201, f"{address(design)}/releases/{quote(made.tag)}")


@operation("GET", RELEASE, ReleaseInFull, verb="see")
def show(work: Work, design: Design, tag: str) -> Answer:
    """Shows a release with the files of each part, built from exactly its revision."""
    found = release_of(work.session, design, tag)
    parts = [
        PartReleased.of(
            path=part.path,
            title=part.title,
            build=part.key,
            state=part.state,
            files=files_made(f"{BUILDS}/{part.key}", part.build.files if part.build else None),
        )
        for part in parts_at(work, design, found.sha)
    ]
    return Answer(ReleaseInFull(**_shown(work, found).model_dump(), parts=parts))


@operation("PATCH", RELEASE, ReleaseShown, verb="release", body=WordsWanted)
def reword(work: Work, design: Design, tag: str, body: WordsWanted) -> Answer:
    """Changes the title or the notes of a release; its tag and revision stay."""
    found = release_of(work.session, design, tag)
    change_release(work, found, body.title, body.notes)
    return Answer(_shown(work, found))


@operation("DELETE", RELEASE, {204: None}, verb="recall")
def take_back(work: Work, design: Design, tag: str) -> Answer:
    """Takes a release back. Its tag stays, and can be moved and deleted from then on."""
    recall(work, release_of(work.session, design, tag))
    return Answer(None, 204)


def _shown(work: Work, release: Release) -> ReleaseShown:
    here, latest = f"{public_url()}/{release.design.path}", latest_release(work.session, release.design)
    return ReleaseShown(
        tag=release.tag,
        title=release.title,
        notes=release.notes,
        commit=release.sha,
        by=release.person.name if release.person else None,
        at=release.at,
        latest=latest is not None and latest.id == release.id,
        html_url=f"{here}/releases/{quote(release.tag)}",
        parts_url=f"{here}/archive/{release.sha}.zip",
        source_url=f"{here}/source/{release.sha}.zip",
    )
