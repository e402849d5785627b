"""Somebody tells the operators that something should not be here; an operator answers."""

from datetime import timedelta

from opendesign.actions.house import Work
from opendesign.core.errors import Conflict, Invalid, TooMany
from opendesign.core.names import clean_line, clean_text
from opendesign.records.base import now
from opendesign.records.design import Design
from opendesign.records.report import Report, reports_since

KINDS = ("copyright", "dangerous", "spam", "abuse", "other")
WINDOW = timedelta(hours=1)
MOST, MOST_OF_STRANGERS = 20, 5  # in an hour; a stranger's are counted by address


def report(work: Work, design: Design, place: str, kind: str, body: str, address: str) -> Report:
    """Keeps a report on a page of a design that the acting person sees; raises Invalid, and TooMany in an hour."""
    work.need("see", design)
    if kind not in KINDS:
        raise Invalid("Say what is wrong.", [{"name": "kind", "message": "is none of those offered"}])
    body = clean_text(body, 4_000, "body")
    if not body:
        raise Invalid("Say in a few words what is wrong.", [{"name": "body", "message": "is missing"}])
    most = MOST if work.person else MOST_OF_STRANGERS
    if reports_since(work.session, now() - WINDOW, work.person, address) >= most:
        raise TooMany(f"More than {most} reports in an hour; wait a while.", int(WINDOW.total_seconds()))
    row = Report(design_id=design.id, place=place[:1_000], kind=kind, body=body, address=address)
    row.person_id = work.person.id if work.person else None
    work.session.add(row)
    work.session.flush()
    return row


def close_report(work: Work, row: Report, outcome: str) -> None:
    """Says what became of a report; raises Conflict when somebody has already."""
    work.need_operator()
    if row.closed_at is not None:
        raise Conflict("This report has been closed already.")
    row.closed_at, row.outcome = now(), clean_line(outcome, 300, "outcome")
    row.closed_by = work.person.id if work.person else None
