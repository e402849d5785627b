"""Reports and takedowns, for operators only: what should not be here, and what was done about it."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.report import close_report
from opendesign.actions.take_down import put_back, take_down
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import Body, DesignPath, Page, Shown, example
from opendesign.core.errors import Conflict
from opendesign.records.design import design_by_path, page_of
from opendesign.records.report import Report, report_by_id, reports
from opendesign.records.takedown import Takedown, takedown_of, takedowns

MOMENT = "2024-05-01T12:00:00Z"


class TakedownShown(Shown):
    """A design that was taken down."""

    model_config = example(
        {"design": "mallory/copy", "reason": "Not theirs.", "by": "ada", "at": MOMENT, "ended_at": None}
    )
    design: DesignPath
    reason: str
    by: str | None
    at: datetime
    ended_at: datetime | None


class TakedownWanted(Body):
    """Which design is taken down, and why."""

    model_config = Body.model_config | example({"design": "mallory/copy", "reason": "Not theirs."})
    design: DesignPath
    reason: str
    forks: bool = Field(False, description="Take down what was forked from it, too.")


class ReportShown(Shown):
    """Somebody says that a page should not be here."""

    model_config = example(
        {
            "id": 7,
            "design": "mallory/copy",
            "place": "/mallory/copy",
            "kind": "copyright",
            "body": "It is mine.",
            "by": "bob",
            "at": MOMENT,
            "closed_at": None,
            "outcome": "",
        }
    )
    id: int
    design: DesignPath
    place: str
    kind: str
    body: str
    by: str | None = Field(description="Null for a stranger.")
    at: datetime
    closed_at: datetime | None
    outcome: str


class Listing(Page):
    """Which reports."""

    state: Literal["open", "closed"] = "open"


class Outcome(Body):
    """What became of a report."""

    model_config = Body.model_config | example({"outcome": "Taken down."})
    outcome: str = ""


@operation("GET", "/admin/takedowns", list[TakedownShown], query=Page, operator=True)
def list_takedowns(work: Work, query: Page) -> Answer:
    """Lists what was taken down; what still is comes first."""
    rows, total = page_of(work.session, takedowns(), query.page, query.per_page)
    return Answer([_takedown(row) for row in rows], total=total)


@operation("POST", "/admin/takedowns", {201: TakedownShown}, body=TakedownWanted, operator=True)
def take(work: Work, body: TakedownWanted) -> Answer:
    """Takes a design down: whoever looks for it is told why, with the status 451."""
    owner, _slash, name = body.design.partition("/")
    design = design_by_path(work.session, owner, name)
    take_down(work, design, body.reason, body.forks)
    row = takedown_of(design)
    if row is None:
        raise Conflict(f"{design.path} has been put back meanwhile.")
    return Answer(_takedown(row), 201, f"/api/v1/admin/takedowns/{design.path}")


@operation("DELETE", "/admin/takedowns/{owner}/{name}", {204: None}, operator=True)
def undo(work: Work, owner: str, name: str) -> Answer:
    """Puts a design back."""
    put_back(work, design_by_path(work.session, owner, name))
    return Answer(None, 204)


def _takedown(row: Takedown) -> TakedownShown:
    by = row.person.name if row.person else None
    return TakedownShown(design=row.design.path, reason=row.reason, by=by, at=row.at, ended_at=row.ended_at)


@operation("GET", "/admin/reports", list[ReportShown], query=Listing, operator=True)
def list_reports(work: Work, query: Listing) -> Answer:
    """Lists reports: open ones oldest first, closed ones newest first."""
    rows, total = page_of(work.session, reports(query.state), query.page, query.per_page)
    return Answer([_report(row) for row in rows], total=total)


@operation("POST", "/admin/reports/{report}/closing", ReportShown, body=Outcome, operator=True)
def close(work: Work, report: int, body: Outcome) -> Answer:
    """Says what became of a report."""
    row = report_by_id(work.session, report)
    close_report(work, row, body.outcome)
    return Answer(_report(row))


def _report(row: Report) -> ReportShown:
    facts = {name: getattr(row, name) for name in ("id", "place", "kind", "body", "at", "closed_at", "outcome")}
    return ReportShown.of(design=row.design.path, by=row.person.name if row.person else None, **facts)
