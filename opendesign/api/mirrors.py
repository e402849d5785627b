"""Mirrors: what a design follows elsewhere, what follows it there, and how it leaves."""

from datetime import datetime

from pydantic import Field
from werkzeug.wrappers import Response

from opendesign.actions.archive import one_of_few
from opendesign.actions.deliver import close_outlet, open_outlet, push_soon
from opendesign.actions.export_design import export_design
from opendesign.actions.house import Work
from opendesign.actions.mirror import fetch_soon, stop_mirroring
from opendesign.actions.zipping import zipped
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, Shown, example
from opendesign.api.visit import public_url
from opendesign.records.design import Design
from opendesign.records.mirror import Mirror, Outlet, mirror_of, outlet_of

URL = "https://git.example.org/ada/laptop-case.git"
FOLLOWED = {
    "url": URL,
    "since": "2024-05-01T12:00:00Z",
    "fetched_at": "2024-05-02T12:00:00Z",
    "next_at": "2024-05-02T13:00:00Z",
    "failures": 0,
    "problem": "",
}


class MirrorShown(Shown):
    """A repository elsewhere that the design follows."""

    url: str
    since: datetime
    fetched_at: datetime | None
    next_at: datetime
    failures: int = Field(description="Tries in a row that failed; each doubles the time to the next.")
    problem: str = Field(description="Why the last try failed; without failures, which large files did not come.")


class OutletShown(Shown):
    """A repository elsewhere that the design is pushed to after each move."""

    url: str
    name: str = Field(description="The name it is pushed under.")
    secret: bool = Field(description="Whether a token is kept; it is never shown.")
    pushed_at: datetime | None
    next_at: datetime | None = Field(description="When the next try is due; null when there is nothing to push.")
    failures: int
    problem: str


class Elsewhere(Shown):
    """What a design has to do with other servers."""

    model_config = example({"mirror": FOLLOWED, "outlet": None})
    mirror: MirrorShown | None
    outlet: OutletShown | None


class OutletWanted(Body):
    """Where the design is to be pushed to."""

    model_config = Body.model_config | example({"url": URL, "name": "ada", "secret": "a token"})
    url: str = Field(description="An http or https address, without a name or a password.")
    name: str = Field("", description="Your name on that server.")
    secret: str = Field("", description="A token for that server; empty keeps the one for this address and name.")


@operation("GET", f"{DESIGN}/elsewhere", Elsewhere, verb="settings")
def show(work: Work, design: Design) -> Answer:
    """Shows what a design follows on another server, and where it is pushed to."""
    mirror, outlet = mirror_of(work.session, design), outlet_of(work.session, design)
    return Answer(Elsewhere(mirror=_mirror(mirror) if mirror else None, outlet=_outlet(outlet) if outlet else None))


@operation("POST", f"{DESIGN}/mirror/fetches", {202: MirrorShown}, verb="settings")
def fetch(work: Work, design: Design) -> Answer:
    """Has a mirror fetched now."""
    return Answer(_mirror(fetch_soon(work, design)), 202)


@operation("DELETE", f"{DESIGN}/mirror", {204: None}, verb="settings")
def stop(work: Work, design: Design) -> Answer:
    """Stops mirroring: the design stays as it is, and can be changed here from then on."""
    stop_mirroring(work, design)
    return Answer(None, 204)


@operation("PUT", f"{DESIGN}/outlet", {202: OutletShown}, verb="settings", body=OutletWanted)
def push_to(work: Work, design: Design, body: OutletWanted) -> Answer:
    """Has branches and tags pushed to a repository on another server, now and after each move.

    Nothing there is overwritten or deleted. The token is kept encrypted and never shown.
    """
    return Answer(_outlet(open_outlet(work, design, body.url, body.name, body.secret)), 202)


@operation("POST", f"{DESIGN}/outlet/pushes", {202: OutletShown}, verb="settings")
def push_now(work: Work, design: Design) -> Answer:
    """Has a design pushed there now."""
    return Answer(_outlet(push_soon(work, design)), 202)


@operation("DELETE", f"{DESIGN}/outlet", {204: None}, verb="settings")
def push_no_more(work: Work, design: Design) -> Answer:
    """Ends the pushes and forgets the token; what is there stays."""
    close_outlet(work, design)
    return Answer(None, 204)


@operation("GET", f"{DESIGN}/export.zip", {200: None}, verb="settings", media=["application/zip"])
def export(work: Work, design: Design) -> Answer:
    """Downloads everything that makes a design: a git bundle, and discussions, reviews, challenges and lineage as JSON.

    The README in it names each file. People's addresses are in no JSON.
    """
    with one_of_few():
        made = export_design(work, design, public_url())
    answer = Response(zipped(made.entries, made.date), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{made.name}.zip")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.automatically_set_content_length = False  # counting would pack all of it before the first byte is sent
    answer.call_on_close(made.close)
    return Answer(answer)


def _mirror(mirror: Mirror) -> MirrorShown:
    facts = ("url", "fetched_at", "next_at", "failures", "problem")
    return MirrorShown.of(**{name: getattr(mirror, name) for name in facts}, since=mirror.at)


def _outlet(outlet: Outlet) -> OutletShown:
    facts = ("url", "name", "pushed_at", "next_at", "failures", "problem")
    return OutletShown.of(**{name: getattr(outlet, name) for name in facts}, secret=bool(outlet.sealed))
