"""Running the service, for operators only: jobs that failed, read-only mode, and who did what."""

from datetime import datetime
from typing import Any

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.pause import pause, resume
from opendesign.actions.run_engine import let_go, retry
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import Body, Page, Shown, example
from opendesign.records.deed import Deed, deeds
from opendesign.records.design import page_of
from opendesign.records.mishap import mishap_by_id, mishaps
from opendesign.records.switch import READ_ONLY, Switch, switched_on

MOMENT = "2024-05-01T12:00:00Z"


class JobShown(Shown):
    """A job that failed, waiting for an operator."""

    model_config = example(
        {
            "id": 3,
            "job": "lineage",
            "key": "12",
            "message": "OSError: no space",
            "times": 3,
            "at": MOMENT,
            "request": "",
        }
    )
    id: int
    job: str
    key: str
    message: str
    times: int = Field(description="How often it has failed in a row.")
    at: datetime
    request: str = Field(description="The request that put it in the queue.")


class Mode(Body):
    """Whether the service is read-only, and why."""

    model_config = Body.model_config | example({"read_only": True, "reason": "We move to a larger disk."})
    read_only: bool
    reason: str = ""


class ModeShown(Shown):
    """Whether the service is read-only, since when and why."""

    model_config = example({"read_only": True, "reason": "We move to a larger disk.", "since": MOMENT})
    read_only: bool
    reason: str
    since: datetime | None


class DeedShown(Shown):
    """Somebody did something."""

    model_config = example(
        {
            "at": MOMENT,
            "person": "ada",
            "address": "192.0.2.7",
            "verb": "design.changed",
            "subject": "ada/box",
            "detail": {"title": ["Box", "Cube"]},
            "request": "5f0c2b7e9a4d4f6c8e1b3a5d7c9e0f12",
        }
    )
    at: datetime
    person: str
    address: str
    verb: str
    subject: str
    detail: dict[str, Any]
    request: str


class Sought(Page):
    """Which deeds."""

    person: str = ""
    verb: str = Field("", description="How it begins, such as “design.”.")
    subject: str = Field("", description="How it begins, such as “ada/box”.")


@operation("GET", "/admin/jobs", list[JobShown], query=Page, operator=True)
def jobs(work: Work, query: Page) -> Answer:
    """Lists jobs that failed, newest first."""
    rows, total = page_of(work.session, mishaps(), query.page, query.per_page)
    return Answer([JobShown.model_validate(row, from_attributes=True) for row in rows], total=total)


@operation("POST", "/admin/jobs/{job}/retry", {204: None}, operator=True)
def retry_job(work: Work, job: int) -> Answer:
    """Puts a job that failed in the queue again."""
    retry(work, mishap_by_id(work.session, job))
    return Answer(None, 204)


@operation("DELETE", "/admin/jobs/{job}", {204: None}, operator=True)
def forget_job(work: Work, job: int) -> Answer:
    """Lets go of a job that failed."""
    let_go(work, mishap_by_id(work.session, job))
    return Answer(None, 204)


@operation("GET", "/admin/mode", ModeShown, operator=True)
def mode(work: Work) -> Answer:
    """Tells whether the service is read-only."""
    return Answer(_mode(switched_on(work.session, READ_ONLY)))


@operation("PUT", "/admin/mode", ModeShown, body=Mode, operator=True)
def set_mode(work: Work, body: Mode) -> Answer:
    """Makes the service read-only, or lets everybody write again."""
    if body.read_only:
        return Answer(_mode(pause(work, body.reason)))
    resume(work)
    return Answer(_mode(None))


def _mode(row: Switch | None) -> ModeShown:
    return ModeShown(read_only=row is not None, reason=row.reason if row else "", since=row.at if row else None)


@operation("GET", "/admin/audit", list[DeedShown], query=Sought, operator=True)
def audit(work: Work, query: Sought) -> Answer:
    """Lists who did what, newest first."""
    sought = deeds(None, query.person, query.verb, query.subject)
    rows, total = page_of(work.session, sought, query.page, query.per_page)
    return Answer([_deed(row) for row in rows], total=total)


def _deed(row: Deed) -> DeedShown:
    return DeedShown.model_validate(row, from_attributes=True)
