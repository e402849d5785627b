"""Still pictures of what does not fit: the part's drawing with the promised places and those that are there."""

from typing import Literal

from flask import g
from pydantic import Field
from werkzeug.wrappers import Response

from opendesign.actions.compare import Change3D, compare
from opendesign.actions.draw_misfits import draw_misfits
from opendesign.actions.export import is_ready
from opendesign.actions.find_sides import find_sides, read_side
from opendesign.actions.house import Work
from opendesign.actions.judge_fit import judge_fit
from opendesign.api.builds import brake
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.proposals import PROPOSAL, reviewed
from opendesign.api.shape import Query
from opendesign.api.visit import find_design, house, visitor
from opendesign.core.build import SANDBOX
from opendesign.core.checks import missed_by
from opendesign.core.misfit import Misfit, label
from opendesign.core.misfit_picture import sentence
from opendesign.core.promise import missed_in
from opendesign.records.design import Design
from opendesign.records.proposal import proposal_of

SVG = ["image/svg+xml"]
NOTHING, WAITING = "Nothing is missed here that could be drawn.", "This is still being built."
KEY = "promised|as it is"


class Subject(Query):
    """Which contract and which part of it."""

    check: str = Field("", max_length=300, description="The contract's name; by default the first that is missed.")
    part: str = Field("", max_length=1000, description="The part's path; by default the first that misses it.")
    side: Literal["", "before", "after"] = Field(
        "", description="Of a comparison or proposal: what is drawn of the `contracts` of a part that differs."
    )
    asked: Literal["", "both", "before", "after"] = Field("", description="In whose words, as the contract says.")


class Fit(Subject):
    """Which revision is drawn, and by whose promises."""

    ref: str = Field("", max_length=300, description="A branch, tag or commit; by default the default branch.")
    base: str = Field("", max_length=300, description="Whose promises, as for `checks`; by default its own.")
    range: str = Field("", max_length=600, description="Instead of both: a comparison, as for `compare`.")


def draw_fit(owner: str, name: str, query: Fit) -> None:
    """Draws what a revision misses; the drawing of the part may have to be made first."""
    with house().reading(visitor()) as work:
        design = find_design(work, owner, name)
        if query.range:
            before, after = (read_side(work, side) for side in find_sides(work, design, query.range))
            found = _missed_in(compare(work, before, after), query)
        else:
            found = missed_by(judge_fit(work, design, query.ref, query.base), query.check, query.part)
    _draw(*found)


def draw_proposed(owner: str, name: str, number: int, query: Subject) -> None:
    """Draws what the merge of a proposal would miss."""
    with house().reading(visitor()) as work:
        review = reviewed(work, proposal_of(work.session, find_design(work, owner, name), number))
        if review and query.side:
            found = _missed_in(review.change, query)
        else:
            found = missed_by(review.checks if review else [], query.check, query.part)
    _draw(*found)


def _missed_in(change: Change3D, query: Subject) -> tuple[list[Misfit], bool]:
    return missed_in(change.promised, query.part, query.check, query.side, query.asked)


def _draw(misfits: list[Misfit], waiting: bool) -> None:
    if not misfits:
        g.picture = sentence(WAITING if waiting else NOTHING)
        return
    if not is_ready(house(), misfits[0].build, "svg"):
        brake()
    g.picture = draw_misfits(house(), visitor(), misfits, [label(one) for one in misfits], KEY)


@operation("GET", f"{DESIGN}/checks/picture", {200: None}, verb="see", query=Fit, before=draw_fit, media=SVG)
def of_revision(work: Work, design: Design, query: Fit) -> Answer:
    """Draws what of a contract a part misses, as SVG: promised places beside those that are there.

    With a `range`, what a side of that comparison misses of the contracts of both. The drawing of the part is made
    first where it is not there yet. Where nothing is missed, the picture says so.
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
