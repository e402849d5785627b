"""Notices: what you are told that others did with your designs and proposals."""

from datetime import datetime

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.notify import read_notices
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import DesignPath, Name, Page, Sha, Shown, example
from opendesign.core.errors import Forbidden
from opendesign.records.made import numbers_of_made
from opendesign.records.notice import Notice, notices_to
from opendesign.records.proposal import numbers_of


class NoticeShown(Shown):
    """A design took commits of yours, or somebody did something with a proposal you take part in."""

    model_config = example(
        {
            "id": 4,
            "kind": "adopted",
            "proposal": None,
            "made": None,
            "source": "ada/laptop-case",
            "target": "bia/laptop-case",
            "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "commits": 1,
            "subject": "Hinge with a stop",
            "by": "bia",
            "said": "",
            "at": "2024-05-01T12:00:00Z",
            "read": False,
        }
    )
    id: int
    kind: str = Field(
        description="adopted; of a proposal: opened, updated, ready, commented, approved, changes, merged, declined; "
        "of what somebody made: made, confirmed, doubted."
    )
    proposal: int | None = Field(description="Its number in the target design.")
    made: int | None = Field(description="The number in the target design of what somebody made.")
    source: DesignPath
    target: DesignPath
    commit: Sha = Field(description="The last of them, in the design that took them; or the one that was proposed.")
    commits: int
    subject: str
    by: Name | None
    said: str = Field(description="What they said; of an adoption why they may, where the licences do not say so.")
    at: datetime
    read: bool


@operation("GET", "/notices", list[NoticeShown], scope="read", query=Page)
def list_all(work: Work, query: Page) -> Answer:
    """Lists what you were told, newest first."""
    if work.person is None:
        raise Forbidden("This needs to know who asks.")
    found = notices_to(work.session, work.person)
    page = query.of(found)
    numbers = numbers_of(work.session, {each.proposal_id for each in page})
    made = numbers_of_made(work.session, {each.made_id for each in page})
    shown = [_shown(each, numbers.get(each.proposal_id), made.get(each.made_id)) for each in page]
    return Answer(shown, total=len(found))


@operation("POST", "/notices/readings", {204: None}, scope="write")
def read(work: Work) -> Answer:
    """Says that you have read everything you were told."""
    read_notices(work)
    return Answer(None, 204)


def _shown(row: Notice, number: int | None, made: int | None) -> NoticeShown:
    return NoticeShown(
        id=row.id,
        kind=row.kind,
        proposal=number,
        made=made,
        source=row.source.path,
        target=row.target.path,
        commit=row.sha,
        commits=row.commits,
        subject=row.subject,
        by=row.by.name if row.by else None,
        said=row.said,
        at=row.at,
        read=row.read_at is not None,
    )
