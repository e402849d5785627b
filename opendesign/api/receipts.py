"""Idempotency: a write that is sent again under the same key is answered again, not done again."""

import hashlib
import json
from datetime import timedelta

from flask import request

from opendesign.actions.house import Work
from opendesign.core.errors import Conflict, Invalid
from opendesign.records.base import now
from opendesign.records.person import Person
from opendesign.records.token import Receipt, forget_receipts, receipt_by_request, receipt_of

KEPT = timedelta(days=2)  # longer than any program tries again
LONGEST = 255
MADE_ONCE = "This was made under the same Idempotency-Key already; its secret is shown only once. Make a new one."


def key_of() -> str | None:
    """Returns the request's Idempotency-Key, or None; raises Invalid for one that cannot be kept."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (1 <= len(key) <= LONGEST and key.isascii() and key.isprintable()):
        message = f"must be 1 to {LONGEST} printable ASCII characters"
        raise Invalid(f"The Idempotency-Key {message}.", [{"name": "Idempotency-Key", "message": message}])
    return key


def earlier(work: Work, key: str, body: bytes) -> Receipt | None:
    """Returns the receipt of the same request; raises Conflict when the key was used for another one."""
    digest = _digest(body)
    if work.person is None:
        return receipt_by_request(work.session, key, digest)
    receipt = receipt_of(work.session, work.person, key)
    if receipt is not None and receipt.request != digest:
        raise Conflict("This Idempotency-Key was used for another request. Use a new key for each write.")
    return receipt


def keep(work: Work, key: str, body: bytes, by: Person | None, status: int, answer: dict) -> None:
    """Writes the receipt of a write, in the same transaction as the write itself."""
    owner = work.person or by
    if owner is None:
        return
    forget_receipts(work.session, now() - KEPT)
    receipt = Receipt(person_id=owner.id, key=key, request=_digest(body), status=status, body=answer)
    work.session.add(receipt)


def _digest(body: bytes) -> str:
    words = json.dumps([request.method, request.full_path, request.mimetype]).encode()
    return hashlib.sha256(words + b"\0" + body).hexdigest()
