"""The team of a design is told who took its work; nobody needs their leave, but they hear of it."""

from collections.abc import Sequence

from opendesign.actions.house import Work, ground
from opendesign.actions.notify_about import add_notice
from opendesign.actions.try_adoption import Attempt
from opendesign.core.access import Actor, may
from opendesign.core.errors import Forbidden
from opendesign.core.news import News
from opendesign.records.made import numbers_of_made
from opendesign.records.notice import Notice, mark_read
from opendesign.records.person import Person, people_by_id
from opendesign.records.proposal import numbers_of


def notify(work: Work, attempt: Attempt, sha: str, said: str = "") -> None:
    """Tells the source's owner and those who may write to it, but for whoever took it and those who may not see it."""
    steps = attempt.series.steps
    for person in _team(work, attempt):
        row = Notice(person_id=person.id, source_id=attempt.source.id, target_id=attempt.design.id, sha=sha, said=said)
        row.by_id, row.at = work.person.id if work.person else None, work.began
        row.subject, row.commits = steps[-1].commit.subject[:300], len(steps)
        add_notice(work, person, row)


def _team(work: Work, attempt: Attempt) -> list[Person]:
    people = people_by_id(work.session, attempt.source.writers - {work.person.id if work.person else None})
    target = ground(attempt.design)
    return [each for each in people.values() if may(Actor(each.id, each.admin), "see", target)]


def news_of(work: Work, rows: Sequence[Notice]) -> list[News]:
    """Returns what notices tell, as pages and letters say it."""
    proposals = numbers_of(work.session, {row.proposal_id for row in rows})
    made = numbers_of_made(work.session, {row.made_id for row in rows})
    return [
        News(
            row.kind,
            row.by.shown_name if row.by else "",
            row.subject,
            row.target.path,
            proposals.get(row.proposal_id) or made.get(row.made_id, 0),
            row.source.path,
            row.sha,
            row.commits,
        )
        for row in rows
    ]


def read_notices(work: Work) -> None:
    """Says that the acting person has read all they were told."""
    if work.person is None:
        raise Forbidden("Enter first, then read what you were told.")
    mark_read(work.session, work.person)
