"""Notices go out by mail, each at once or a day's in one letter, to whoever chose so and confirmed their address."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from opendesign.actions.announce import PATIENCE, announce, awaits_pictures
from opendesign.actions.house import House, Work, ground
from opendesign.actions.notify import news_of
from opendesign.core.access import Actor, may
from opendesign.core.announcement import Written
from opendesign.core.digest import AT_ONCE, CHOICES, NEVER, with_stop, write_news
from opendesign.core.errors import Forbidden, Invalid, NotFound
from opendesign.core.secret import is_signed, sign
from opendesign.mail.post import Unsent
from opendesign.mail.words import speaking
from opendesign.records.base import now
from opendesign.records.notice import Notice, letters_since, notices_by_id, people_unmailed, unmailed
from opendesign.records.person import Person, person_by_id
from opendesign.records.proposal import proposal_by_id

log = logging.getLogger(__name__)
SOON = timedelta(hours=1)  # after which a notice that was not sent at once waits for the day's letter
LATE = 2 * PATIENCE  # until when one that waits for pictures is looked at each minute
OLDEST = timedelta(days=3)  # of what a day's letter tells
MOST_AN_HOUR = 20  # letters to one person; what is more comes in the day's
MOST_LINES = 50


def choose_letters(work: Work, choice: str) -> None:
    """Keeps how often the acting person gets letters about notices; what was told until now is not sent."""
    if work.person is None:
        raise Forbidden("Enter first.")
    if choice not in CHOICES:
        raise Invalid(f"Letters come {', '.join(CHOICES)}.", [{"name": "letters"}])
    if work.person.letters == NEVER != choice:
        work.person.letters_at = now()
    work.person.letters = choice


def stop_link(house: House, person: Person) -> str:
    """Returns the address at which anybody who has it ends the letters about notices to a person."""
    return f"{house.settings.address}/account/notices/{person.id}-{sign(house.secret, _stopping(person))}"


def reader_of(work: Work, word: str) -> Person:
    """Returns whose letters the end of such an address stops; NotFound for a wrong one, or of an earlier address."""
    number, _, signature = word.partition("-")
    person = person_by_id(work.session, int(number)) if number.isdecimal() and len(number) < 10 else None
    if person is None or not is_signed(work.house.secret, _stopping(person), signature):
        raise NotFound("This link is not whole, or belongs to an address that has changed. The settings do the same.")
    return person


def stop_letters(work: Work, word: str) -> None:
    """Ends letters about notices to whoever the link was sent to; no harm if they have ended."""
    reader_of(work, word).letters = NEVER


def notice_job(house: House, key: str) -> None:
    """Sends the letter about one notice, unless it is read, waits for its pictures, or too many have gone out."""
    with house.reading() as work:
        if not _is_ready(work, int(key)):
            return
    with house.writing() as work:
        keys = _marked(unmailed(work.session, AT_ONCE, now() - SOON, key=int(key)))
    _send(house, keys, alone=True)


def digest_job(house: House, key: str) -> None:
    """Sends one letter about what a person was told until today began and has neither read nor been sent."""
    with house.writing() as work:
        keys = _marked(unmailed(work.session, "", now() - OLDEST, _today(), person=int(key)))
    _send(house, keys, alone=False)


def waiting_notices(house: House, age: timedelta = SOON) -> list[tuple[str, str]]:
    """Returns the jobs of letters that are to go at once, about what is not older than that."""
    with house.reading() as work:
        return [("notice", str(row.id)) for row in unmailed(work.session, AT_ONCE, now() - age)]


def waiting_digests(house: House) -> list[tuple[str, str]]:
    """Returns the jobs of the day's letters that should be sent by now."""
    with house.reading() as work:
        return [("digest", str(key)) for key in people_unmailed(work.session, now() - OLDEST, _today())]


def _is_ready(work: Work, key: int) -> bool:
    rows = unmailed(work.session, AT_ONCE, now() - SOON, key=key)
    if not rows or letters_since(work.session, rows[0].person, now() - SOON) >= MOST_AN_HOUR:
        return False
    proposal = proposal_by_id(work.session, rows[0].proposal_id) if rows[0].proposal_id else None
    return proposal is None or not awaits_pictures(work, proposal, rows[0].at)


def _marked(rows: Sequence[Notice]) -> list[int]:
    """Says that these are mailed in one letter, before they are, so that nobody else does it; returns their numbers."""
    moment = now()
    for row in rows:
        row.mailed_at = moment
    return [row.id for row in rows]


def _send(house: House, keys: Sequence[int], alone: bool) -> None:
    if not keys:
        return
    try:
        with house.reading() as work:
            rows = [row for row in notices_by_id(work.session, keys) if _sees(row)]
            if not rows:
                return
            to, written = rows[0].person.email, _written(work, rows[0].person, rows, alone)
            headers = _headers(house, rows, alone)
        house.post.send(to, written.subject, written.text, written.images, written.html, headers)
    except Exception as reason:
        if isinstance(reason, Unsent):
            log.warning("A letter about notices was not sent: %s", reason)
        with house.writing() as work:
            for row in notices_by_id(work.session, keys):
                row.mailed_at = None
        raise


def _sees(row: Notice) -> bool:
    """Tells whether who is told may see the design by now: it may have been taken down meanwhile."""
    return may(Actor(row.person.id, row.person.admin), "see", ground(row.target))


def _written(work: Work, person: Person, rows: Sequence[Notice], alone: bool) -> Written:
    say = speaking(person.language).gettext
    proposal = proposal_by_id(work.session, rows[0].proposal_id) if alone and rows[0].proposal_id else None
    letter = announce(work, proposal, person, rows[0].kind, rows[0].by, rows[0].said, say) if proposal else None
    if letter is None:
        news = news_of(work, rows[:MOST_LINES])
        letter = write_news(news, len(rows) - len(news), work.house.settings.address, say)
    return with_stop(letter, stop_link(work.house, person), say)


def _headers(house: House, rows: Sequence[Notice], alone: bool) -> dict[str, str]:
    """Returns what lets a mail program stop these letters by one click (RFC 8058), and keep a discussion together."""
    link = stop_link(house, rows[0].person)
    found = {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if alone and rows[0].proposal_id:
        first = house.post.named(f"proposal-{rows[0].proposal_id}")
        own = first if rows[0].kind == "opened" else house.post.named(f"notice-{rows[0].id}")
        found |= {"Message-ID": own} | ({"In-Reply-To": first, "References": first} if own != first else {})
    return found


def _stopping(person: Person) -> str:
    return f"no letters to {person.id} {person.email}"


def _today() -> datetime:
    return now().replace(hour=0, minute=0, second=0, microsecond=0)
