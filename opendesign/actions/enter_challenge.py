"""A design of the family takes part in a challenge with a branch or tag; until the deadline, as often as it likes."""

from datetime import datetime

from opendesign.actions.carry_files import bring
from opendesign.actions.find_revision import Place, find_revision
from opendesign.actions.house import Work
from opendesign.actions.judge_entries import looked_at
from opendesign.actions.read_tree import read_tree
from opendesign.core.challenge import OPEN
from opendesign.core.errors import Conflict, Forbidden, Invalid
from opendesign.records.base import now
from opendesign.records.challenge import WAITING, Challenge, Entry, entry_by, hold_challenge, wait_for
from opendesign.records.design import Design
from opendesign.records.kin import family_of
from opendesign.records.revision import first_seen


def enter_challenge(
    work: Work, challenge: Challenge, source: Design, ref: str = "", at: datetime | None = None
) -> Entry:
    """Enters a branch or tag of `source`, as it stands now; what it had entered before counts no more.

    Whoever sees the challenge sees the entered commit from now on. Raises Forbidden unless the acting person may push
    to `source`, Conflict when the challenge has ended or the commit is entered already or no newer than the goal,
    Invalid for a design of another family, a private one, or a bare commit.
    """
    if work.person is None:
        raise Forbidden("Enter first, then take part.")
    moment = at or now()
    hold_challenge(work.session, challenge)
    _need_open(challenge, moment)
    _need_own(work, challenge, source)
    place = find_revision(work, source, ref)
    if place.kind == "revision":
        raise Invalid("Enter a branch or a tag.", [{"name": "ref", "message": "must be a branch or a tag"}])
    entry = entry_by(work.session, challenge, source)
    if entry is not None and entry.sha == place.sha:
        raise Conflict(f"{source.path} has entered this commit already.")
    _need_new(work, challenge, source, place)
    goal = read_tree(work, challenge.design, challenge.sha)
    looked_at(goal, read_tree(work, source, place.sha), challenge.part)  # refused while somebody can read why
    received = first_seen(work.session, [place.sha], [source.id]).get(place.sha)
    entry = entry or Entry(challenge=challenge, source=source)
    entry.ref, entry.sha, entry.person, entry.at = place.ref, place.sha, work.person, moment
    entry.received_at = min(moment, received[0][1]) if received else moment
    entry.state, entry.value, entry.checks, entry.problem, entry.judged_at = WAITING, None, [], "", None
    work.session.add(entry)
    work.session.flush()
    bring(work, source, challenge.design, place.sha, entry.head_ref)
    wait_for(work.session, entry, ())
    work.soon("challenge", challenge.id, 5)
    return entry


def _need_open(challenge: Challenge, moment: datetime) -> None:
    if challenge.stage(moment) != OPEN:
        raise Conflict("This challenge has ended; nothing more can be entered.")


def _need_own(work: Work, challenge: Challenge, source: Design) -> None:
    work.need("push", source)
    if source.id not in {each.id for each in family_of(work.session, challenge.design)}:
        message = f"is not of the family of {challenge.design.path}; fork it, and enter the fork"
        raise Invalid(f"{source.path} {message}.", [{"name": "source", "message": message}])
    if source.visibility == "private" and challenge.design.visibility == "public":
        message = "is private, and everybody sees this challenge; make it public to enter it"
        raise Invalid(f"{source.path} {message}.", [{"name": "source", "message": message}])


def _need_new(work: Work, challenge: Challenge, source: Design, place: Place) -> None:
    also = {source.key} - {challenge.design.key}
    with work.house.store.open(challenge.design.key, also=also) as repository:
        old = repository.is_ancestor(place.sha, challenge.sha)
    if old:
        raise Conflict(f"{source.path} {place.ref} has nothing that is not in the challenge's own revision already.")
