"""The witness: for each record that people make, change or end, it writes a deed in the same transaction.

It sits where a session writes, so that no action can forget it. What may go unwitnessed is named too, and why.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import Session, UOWTransaction

from opendesign.core.access import WITHHELD
from opendesign.records.arrival import Arrival
from opendesign.records.base import Record
from opendesign.records.challenge import Challenge, Ending, Entry
from opendesign.records.confirmation import Confirmation
from opendesign.records.deed import Deed, Doer
from opendesign.records.design import Design, Member, Ref
from opendesign.records.discussion import Saying
from opendesign.records.factor import Factor, RecoveryCode
from opendesign.records.identity import Identity
from opendesign.records.lfs import FileLock
from opendesign.records.made import Made, Photo, Vouch
from opendesign.records.mirror import Mirror, Outlet
from opendesign.records.person import Attempt, Person, Visit, person_by_login
from opendesign.records.proposal import Acceptance, Closing, Comment, Draft, Merge, Proposal
from opendesign.records.radar import Dismissal
from opendesign.records.release import Release
from opendesign.records.report import Report
from opendesign.records.revision import Adoption
from opendesign.records.switch import Switch
from opendesign.records.takedown import Takedown
from opendesign.records.token import Token
from opendesign.records.verdict import BranchRule, Verdict

MOST_REFS = 50  # named in one deed; of a push that moves more, the others are counted
LONGEST = 500  # characters of a text that a deed repeats


@dataclass(frozen=True)
class Watched:
    """A kind of record: what its deeds are called, which fields they show, and which changes of it are deeds."""

    noun: str
    shown: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


DESIGN_FACTS = ("name", "title", "summary", "licence", "visibility", "default_branch")
RULE = ("branch", "approvals", "checks", "owners_exempt")
WATCHED: dict[type[Record], Watched] = {
    Person: Watched(
        "person",
        changes=(
            "full_name",
            "place",
            "bio",
            "password",
            "admin",
            "suspended_at",
            "suspended_for",
            "quota_mb",
            "proven_at",
            "email",
            "letters",
        ),
    ),
    Visit: Watched("visit"),
    Attempt: Watched("attempt"),
    Identity: Watched("identity", ("issuer",)),
    Factor: Watched("factor", changes=("codes_at",)),
    RecoveryCode: Watched("recovery"),
    Token: Watched("token", ("label", "scopes"), ("revoked_at",)),
    Design: Watched("design", ("visibility",), DESIGN_FACTS),
    Member: Watched("role", ("role",), ("role",)),
    BranchRule: Watched("rule", RULE, RULE[1:]),
    Ref: Watched("refs"),
    Takedown: Watched("takedown", ("reason",), ("ended_at",)),
    Report: Watched("report", ("place", "kind"), ("closed_at", "outcome")),
    Switch: Watched("switch", ("name", "reason"), ("reason",)),
    Proposal: Watched("proposal", ("number",), ("title", "body")),
    Merge: Watched("merge", ("sha", "strategy", "reason", "against")),
    Closing: Watched("closing", ("reason",)),
    Draft: Watched("draft", (), ("ready_at",)),
    Verdict: Watched("review", ("word", "sha")),
    Comment: Watched("comment", ("id",), ("body",)),
    Acceptance: Watched("suggestion", ("sha",)),
    Saying: Watched("remark", ("id", "sha"), ("body",)),
    Dismissal: Watched("dismissal", ("sha",)),
    Confirmation: Watched("confirmation"),
    Adoption: Watched("adoption", ("kind", "sha", "source_sha", "commits")),
    Challenge: Watched("challenge", ("id",), ("title", "body")),
    Arrival: Watched("import", ("path", "visibility"), ("cancelled_at",)),
    Mirror: Watched("mirror", ("url",), ("url",)),
    Outlet: Watched("outlet", ("url",), ("url", "name")),
    FileLock: Watched("lock", ("path",)),
    Release: Watched("release", ("tag", "sha"), ("title", "notes")),
    Entry: Watched("entry", ("challenge_id",)),
    Ending: Watched("ending", ("reason",)),
    Made: Watched("made", ("number", "sha", "part", "result"), ("result", "material", "note", "readings", "told_at")),
    Photo: Watched("photo", ("digest",)),
    Vouch: Watched("vouch", ("word", "reason"), ("word", "reason")),
}
# What nobody does: it is found, made or counted from what people did, or is itself the record of it.
UNWITNESSED = frozenset(
    [
        *("part", "revision", "build", "comparison", "inspection", "needed", "spot", "awaited", "storage"),
        *("change", "unit", "setting", "blob", "improvement", "lapse", "sight", "trait", "form", "weighing"),
        *("departure", "notice", "look", "fetch", "receipt", "mishap", "deed", "large_file", "letter"),
        *("address", "numbering"),
    ]
)
PARENTS: tuple[tuple[str, type[Record]], ...] = (("proposal_id", Proposal), ("challenge_id", Challenge))
PARENTS += (("comment_id", Comment), ("made_id", Made))
HIDDEN = ("password", "email")  # that it changed is told, not from what to what
WHO = ("person_id", "author_id", "by_id")
TO_ENTER = ("name:", "code:")  # tries to get in; others are wishes


def watch() -> None:
    """Has every session of the records write deeds."""
    if not event.contains(Session, "after_flush", witnessed):
        event.listen(Session, "after_flush", witnessed)


def witnessed(session: Session, flush: UOWTransaction) -> None:
    """Writes the deeds of what has just been written."""
    # Not `session.deleted`: whom somebody took out of a list is found to be without a parent while writing.
    gone = {state.obj() for state, (deleted, listed) in flush.states.items() if deleted and not listed}
    rows = [*_of_records(session, gone), *_of_refs(session, gone)]
    if rows:
        doer: Doer = session.info.get("doer", Doer())
        session.connection().execute(insert(Deed), [_signed(session, doer, row) for row in rows])


def _of_records(session: Session, gone: set) -> Iterator[dict]:
    born = session.info.setdefault("born", set())
    for act, records in (("made", session.new), ("changed", set(session.dirty) - gone), ("ended", gone)):
        for record in records:
            kind = WATCHED.get(type(record))
            if kind is None or isinstance(record, Ref):
                continue
            if isinstance(record, Design) and act == "made":
                born.add(record.id)
            changes = _changes(record, kind) if act == "changed" else {}
            if _counts(gone, record, act, changes):
                yield _deed(session, record, kind, act, changes)


def _counts(gone: set, record: Any, act: str, changes: dict) -> bool:
    """Tells whether somebody did this: not what follows from something else that is told."""
    if act == "changed" and not changes:
        return False
    if isinstance(record, Attempt):
        return act == "made" and record.subject.startswith(TO_ENTER)
    if isinstance(record, RecoveryCode):
        return act == "ended"
    if isinstance(record, Adoption):
        return act == "made" and record.person_id is not None
    if isinstance(record, Member) and act == "ended":
        return record.design not in gone
    return True


def _changes(record: Any, kind: Watched) -> dict[str, Any]:
    """Returns old and new of each field that counts and has changed."""
    found = {}
    for name in kind.changes:
        history = inspect(record).attrs[name].history
        if history.has_changes() and history.deleted:
            old, new = _plain(history.deleted[0]), _plain(history.added[0] if history.added else None)
            if old != new:
                found[name] = None if name in HIDDEN else [old, new]
    if isinstance(record, Design) and WITHHELD in (found.get("visibility") or ()):
        del found["visibility"]  # the takedown is told, or its end
    return found


def _deed(session: Session, record: Any, kind: Watched, act: str, changes: dict) -> dict:
    design = _design(session, record)
    detail = {name: _plain(getattr(record, name)) for name in kind.shown if getattr(record, name) not in (None, "")}
    if isinstance(record, Member):
        detail |= {"person": record.person.name}
    if isinstance(record, Design) and act == "made" and record.parent_id:
        parent = session.get(Design, record.parent_id)
        detail |= {"parent": parent.path} if parent else {}
    detail |= changes
    gone = act == "ended" and isinstance(record, Design)
    key = design.id if design is not None and not gone else None
    subject = _subject(session, record, design)
    return {"verb": f"{kind.noun}.{act}", "subject": subject, "design_id": key, "detail": detail, "record": record}


def _design(session: Session, record: Any) -> Design | None:
    """Returns the design a record is about, itself or through what it belongs to."""
    if isinstance(record, Design):
        return record
    if key := getattr(record, "design_id", None) or getattr(record, "target_id", None):
        return session.get(Design, key)
    for name, above in PARENTS:
        if key := getattr(record, name, None):
            found = session.get(above, key)
            return _design(session, found) if found is not None else None
    return None


def _subject(session: Session, record: Any, design: Design | None) -> str:
    if isinstance(record, Person):
        return record.name
    if isinstance(record, Attempt):
        known = person_by_login(session, record.subject.partition(":")[2])
        return known.name if known else ""  # what else was typed may be a password in the wrong field
    if isinstance(record, Factor | RecoveryCode):
        return getattr(session.get(Person, record.person_id), "name", "")
    if design is None:
        return ""
    number = getattr(record, "number", None)
    if number is None and (key := getattr(record, "proposal_id", None)):
        number = getattr(session.get(Proposal, key), "number", None)
    return f"{design.path}#{number}" if number else design.path


def _of_refs(session: Session, gone: set) -> Iterator[dict]:
    """Yields a deed for each design whose refs moved, but for those it was made with."""
    moved: dict[int, dict[str, list]] = {}
    for records, place in ((session.new, 1), (session.dirty, None), (gone, 0)):
        for ref in records:
            if isinstance(ref, Ref) and ref.design_id not in session.info["born"]:
                history = inspect(ref).attrs.sha.history
                if place is not None:
                    sides: list = [None, None]
                    sides[place] = ref.sha
                elif history.has_changes() and history.deleted:
                    sides = [history.deleted[0], ref.sha]
                else:
                    continue
                moved.setdefault(ref.design_id, {})[ref.name] = sides
    for key, refs in moved.items():
        design = session.get(Design, key)
        if design is None or design in gone:
            continue
        shown = dict(sorted(refs.items())[:MOST_REFS])
        detail = {"refs": shown} | ({"more": len(refs) - MOST_REFS} if len(refs) > MOST_REFS else {})
        yield {"verb": "refs.changed", "subject": design.path, "design_id": key, "detail": detail, "record": None}


def _signed(session: Session, doer: Doer, row: dict) -> dict:
    """Returns a deed with who did it: who acts, or else whom the record names."""
    record = row.pop("record")
    key, name = doer.person_id, doer.name
    unknown = key is None and not name
    if unknown and isinstance(record, Person) and row["verb"] == "person.made":
        key, name = record.id, record.name
    elif unknown and not isinstance(record, Factor):  # its owner is in; else an operator has taken it away
        named = next((value for field in WHO if (value := getattr(record, field, None))), None)
        person = session.get(Person, named) if named else None
        key, name = (person.id, person.name) if person else (None, "")
    return row | {"person_id": key, "person": name, "address": doer.address, "request": doer.request}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[:LONGEST] + "…"
    return value if value is None or isinstance(value, bool | int | float | list | dict) else str(value)
