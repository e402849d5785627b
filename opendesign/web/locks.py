"""Locks on files, as `git lfs lock` asks for them."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from opendesign.actions.lock_file import Locked, lock_file, unlock_file
from opendesign.core.errors import Invalid, Refusal
from opendesign.core.lfs import check_path
from opendesign.records.lfs import FileLock, locks_of
from opendesign.web.git import reach
from opendesign.web.lfs import BASE, asked, fail, refuse, told
from opendesign.web.visit import find_design, house

locks = Blueprint("locks", __name__)
pages = locks
locks.register_error_handler(Refusal, refuse)
locks.register_error_handler(HTTPException, fail)
SHOWN = 100


@locks.post(f"{BASE}/locks")
def lock(owner: str, name: str) -> Response:
    """Locks a file."""
    path = check_path(asked().get("path"))
    visitor, _, _ = reach(owner, name, "push")
    with house().writing(visitor) as work:
        try:
            return told({"lock": shown(lock_file(work, find_design(work, owner, name, "push"), path))}, 201)
        except Locked as refusal:
            return told({"lock": shown(refusal.lock), "message": refusal.message}, refusal.status)


@locks.get(f"{BASE}/locks")
def listing(owner: str, name: str) -> Response:
    """Lists the locks of a design, or the one with a path or number."""
    visitor, _, _ = reach(owner, name, "see")
    those: dict[str, object] = {}
    if path := request.args.get("path"):
        those["path"] = path
    if key := request.args.get("id"):
        those["id"] = _number(key, "id")
    with house().reading(visitor) as work:
        design = find_design(work, owner, name)
        most, after = _span(dict(request.args))
        found = locks_of(work.session, design, after, most, **those)
        return told({"locks": [shown(each) for each in found], **_next(found, most)})


@locks.post(f"{BASE}/locks/verify")
def verify(owner: str, name: str) -> Response:
    """Lists the locks of whoever asks and of others apart: git-lfs asks before it pushes."""
    body = asked()
    visitor, _, _ = reach(owner, name, "push")
    with house().reading(visitor) as work:
        design = find_design(work, owner, name, "push")
        most, after = _span(body)
        found = locks_of(work.session, design, after, most)
        ours = [shown(each) for each in found if each.person_id == visitor.person_id]
        theirs = [shown(each) for each in found if each.person_id != visitor.person_id]
        return told({"ours": ours, "theirs": theirs, **_next(found, most)})


@locks.post(f"{BASE}/locks/<int:key>/unlock")
def unlock(owner: str, name: str, key: int) -> Response:
    """Takes a lock away."""
    body = asked()
    visitor, _, _ = reach(owner, name, "push")
    with house().writing(visitor) as work:
        design = find_design(work, owner, name, "push")
        return told({"lock": shown(unlock_file(work, design, key, body.get("force") is True))})


def shown(lock: FileLock) -> dict[str, object]:
    """Returns a lock as the API tells of it."""
    moment = lock.at.replace(microsecond=0).isoformat()
    return {"id": str(lock.id), "path": lock.path, "locked_at": moment, "owner": {"name": lock.person.name}}


def _span(given: dict) -> tuple[int, int]:
    """Returns how many locks are asked for, and after which number; raises Invalid."""
    most = _number(given.get("limit") or SHOWN, "limit")
    return max(1, min(most, SHOWN)), _number(given.get("cursor") or 0, "cursor")


def _next(found: list[FileLock], most: int) -> dict[str, str]:
    return {"next_cursor": str(found[-1].id)} if len(found) == most else {}


def _number(word: object, what: str) -> int:
    text = str(word)
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Invalid(f"“{what}” must be a number.")
    return int(text)
