"""Accounts, for operators only: whoever has joined, kept out or let in, with a quota or a role."""

from datetime import datetime

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.suspend import allot, appoint, suspend, unsuspend
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import Body, Name, Page, Shown, example
from opendesign.records.design import page_of
from opendesign.records.person import Person, person_by_name, search_people

MOMENT = "2024-05-01T12:00:00Z"


class AccountShown(Shown):
    """A person, as operators see them."""

    model_config = example(
        {
            "name": "ada",
            "full_name": "Ada Byron",
            "email": "ada@example.org",
            "admin": False,
            "suspended_at": None,
            "suspended_for": "",
            "quota_mb": None,
            "joined_at": MOMENT,
        }
    )
    name: Name
    full_name: str
    email: str
    admin: bool
    suspended_at: datetime | None
    suspended_for: str
    quota_mb: int | None = Field(description="A limit of their own; null where everybody's counts.")
    joined_at: datetime


class AccountChange(Body):
    """What changes about a person; what is left out stays."""

    model_config = Body.model_config | example({"suspended": True, "reason": "Spam."})
    suspended: bool | None = None
    reason: str = Field("", description="Why they are suspended; told to them.")
    admin: bool | None = None
    quota_mb: int | None = Field(None, description="0: no limit; -1: everybody's counts.")


class Searched(Page):
    """Whom to look for."""

    q: str = Field("", description="Part of a name or an e-mail address.")


@operation("GET", "/admin/people", list[AccountShown], query=Searched, operator=True)
def people(work: Work, query: Searched) -> Answer:
    """Lists people by name."""
    rows, total = page_of(work.session, search_people(query.q), query.page, query.per_page)
    return Answer([_account(row) for row in rows], total=total)


@operation("PATCH", "/admin/people/{person}", AccountShown, body=AccountChange, operator=True)
def change_person(work: Work, person: str, body: AccountChange) -> Answer:
    """Suspends a person or lets them in again, makes them an operator or not, or gives them a quota."""
    row = person_by_name(work.session, person)
    if body.suspended is not None:
        suspend(work, row, body.reason) if body.suspended else unsuspend(work, row)
    if body.admin is not None:
        appoint(work, row, body.admin)
    if body.quota_mb is not None:
        allot(work, row, None if body.quota_mb == -1 else body.quota_mb)
    work.session.flush()
    return Answer(_account(row))


def _account(row: Person) -> AccountShown:
    return AccountShown.model_validate(row, from_attributes=True)
