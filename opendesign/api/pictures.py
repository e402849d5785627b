"""Still pictures of what does not fit: the part's drawing with the promised places and those that are there."""

from flask import g
from pydantic import Field
from werkzeug.wrappers import Response

from opendesign.actions.draw_misfits import draw_misfits
from opendesign.actions.export import is_ready
from opendesign.actions.house import Work
from opendesign.actions.judge_fit import judge_fit
from opendesign.api.builds import brake
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.proposals import PROPOSAL, reviewed
from opendesign.api.shape import Query
from opendesign.api.visit import find_design, house, visitor
from opendesign.core.build import SANDBOX
from opendesign.core.checks import Check, missed, verdict
from opendesign.core.misfit import chosen, label
from opendesign.core.misfit_picture import sentence
from opendesign.records.design import Design
from opendesign.records.proposal import proposal_of

SVG = ["image/svg+xml"]
NOTHING, WAITING = "Nothing is missed here that could be drawn.", "This is still being built."
KEY = "promised|as it is"


class Subject(Query):
    """Which contract and which part of it."""

    check: str = Field("", max_length=300, description="The contract's name; by default the first that is missed.")
    part: str = Field("", max_length=1000, description="The part's path; by default the first that misses it.")


class Fit(Subject):
    """Which revision is drawn, and by whose promises."""

    ref: str = Field("", max_length=300, description="A branch, tag or commit; by default the default branch.")
    base: str = Field("", max_length=300, description="Whose promises, as for `checks`; by default its own.")


def draw_fit(owner: str, name: str, query: Fit) -> None:
    """Draws what a revision misses; the drawing of the part may have to be made first."""
    with house().reading(visitor()) as work:
        checks = judge_fit(work, find_design(work, owner, name), query.ref, query.base)
    _draw(checks, query)


def draw_proposed(owner: str, name: str, number: int, query: Subject) -> None:
    """Draws what the merge of a proposal would miss."""
    with house().reading(visitor()) as work:
        found = reviewed(work, proposal_of(work.session, find_design(work, owner, name), number))
    _draw(found.checks if found else [], query)


def _draw(checks: list[Check], query: Subject) -> None:
    misfits = chosen(missed(checks, query.check), query.part)
    if not misfits:
        g.picture = sentence(WAITING if verdict(checks) == "waiting" else NOTHING)
        return
    if not is_ready(house(), misfits[0].build, "svg"):
        brake()
    g.picture = draw_misfits(house(), visitor(), misfits, [label(one) for one in misfits], KEY)


@operation("GET", f"{DESIGN}/checks/picture", {200: None}, verb="see", query=Fit, before=draw_fit, media=SVG)
def of_revision(work: Work, design: Design, query: Fit) -> Answer:
    """Draws what of a contract a part misses, as SVG: promised places beside those that are there.

    The drawing of the part is made first where it is not there yet. Where nothing is missed, the picture says so.
    """
    return _picture()


@operation(
    "GET",
    f"{PROPOSAL}/checks/picture",
    {200: None},
    verb="see",
    query=Subject,
    before=draw_proposed,
    media=SVG,
)
def of_proposal(work: Work, design: Design, number: int, query: Subject) -> Answer:
    """Draws what of a contract a part of the merged design misses, as SVG."""
    return _picture()


def _picture() -> Answer:
    answer = Response(g.pop("picture"), mimetype=SVG[0])
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Authorization"
    return Answer(answer)
