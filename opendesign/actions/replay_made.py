"""A story tells what somebody made, so many days before it is told, and what others say of it."""

from collections.abc import Mapping
from datetime import timedelta

from opendesign.actions.house import Work
from opendesign.actions.tell_made import tell_made
from opendesign.actions.vouch import vouch
from opendesign.core.made import Account
from opendesign.records.base import now
from opendesign.records.design import Design
from opendesign.records.made import one_made

WORDS = ("process", "place", "machine", "material", "recycled", "note", "readings")


def replay_made(work: Work, design: Design, event: Mapping) -> None:
    """Says that the acting person made a part from the newest revision of a branch."""
    told = {name: event[name] for name in WORDS if name in event}
    row = tell_made(work, design, Account(event["result"], **told), event.get("ref", ""), event.get("part", ""))
    row.at = row.told_at = now() - timedelta(days=event["days"])


def replay_vouch(work: Work, design: Design, event: Mapping) -> None:
    """Says what the acting person has to say of it."""
    said = vouch(work, one_made(work.session, design, True, event["number"]), event["word"], event.get("reason", ""))
    said.at = now() - timedelta(days=event["days"])
