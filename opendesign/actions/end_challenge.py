"""A challenge ends: at its deadline, closed before that by who may edit the design, or withdrawn."""

from opendesign.actions.house import Work
from opendesign.actions.pause import paused_now
from opendesign.core.challenge import DECIDED
from opendesign.core.errors import Conflict
from opendesign.core.names import clean_text
from opendesign.records.base import now
from opendesign.records.challenge import CLOSED, DEADLINE, WITHDRAWN, Challenge, Ending, hold_challenge


def end_due(work: Work, challenge: Challenge) -> Ending | None:
    """Ends a challenge whose deadline has passed and whose entries have all been judged; the first in rank has won.

    Not in read-only mode: nobody has won before that is off.
    """
    if challenge.stage() == DECIDED:
        hold_challenge(work.session, challenge)
    if challenge.stage() != DECIDED or paused_now(work) is not None:
        return challenge.ending
    return _end(work, challenge, Ending(how=DEADLINE, winner=next(iter(challenge.ranked()), None)))


def close_challenge(work: Work, challenge: Challenge) -> Ending:
    """Ends a challenge before its deadline; the first in rank has won, whoever that is.

    Raises Conflict when it has ended already, or an entry is still to be judged.
    """
    work.need("edit", challenge.design)
    _need_open(work, challenge)
    if challenge.waiting:
        raise Conflict("An entry is still being judged; close the challenge when that is done.")
    winner = next(iter(challenge.ranked()), None)
    return _end(work, challenge, Ending(how=CLOSED, winner=winner, person=work.person))


def withdraw_challenge(work: Work, challenge: Challenge, reason: str = "") -> Ending:
    """Ends a challenge without a winner. Raises Conflict when it has ended, or is due to: somebody has won then."""
    work.need("edit", challenge.design)
    _need_open(work, challenge)
    if challenge.stage() == DECIDED:
        raise Conflict("The deadline has passed and every entry is judged; nobody withdraws it any more.")
    reason = clean_text(reason, work.house.limits.proposal_body, "reason")
    return _end(work, challenge, Ending(how=WITHDRAWN, person=work.person, reason=reason))


def _need_open(work: Work, challenge: Challenge) -> None:
    hold_challenge(work.session, challenge)
    if challenge.ending is not None:
        raise Conflict(f"Challenge {challenge.number} has ended already.")


def _end(work: Work, challenge: Challenge, ending: Ending) -> Ending:
    ending.challenge, ending.at = challenge, now()
    work.session.add(ending)
    work.session.flush()
    return ending
