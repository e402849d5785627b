"""A person gives a program a token, or takes it back."""

from opendesign.actions.house import Work
from opendesign.core.access import SCOPES, has_scope
from opendesign.core.errors import Forbidden, Invalid, TooLarge
from opendesign.core.names import clean_text
from opendesign.core.secret import TOKEN_PREFIX, hash_secret, new_secret
from opendesign.records.base import now
from opendesign.records.token import Token, token_of, tokens_of


def issue_token(work: Work, label: str, scopes: list[str]) -> tuple[Token, str]:
    """Makes a token for the one who acts and returns it with its secret, which is shown this once."""
    if work.person is None:
        raise Forbidden("Enter first, then make a token.")
    wrong = [scope for scope in scopes if scope not in SCOPES]
    if wrong or not scopes:
        raise Invalid(f"Scopes are {', '.join(SCOPES)}; choose at least one.", [{"name": "scopes"}])
    if work.actor is not None and not all(has_scope(work.actor, scope) for scope in scopes):
        raise Forbidden("A token cannot make a token that may do more than itself.")
    if len(tokens_of(work.session, work.person)) >= work.house.limits.tokens_per_person:
        raise TooLarge(f"One person may have {work.house.limits.tokens_per_person} tokens; revoke one you do not use.")
    secret = TOKEN_PREFIX + new_secret()
    label = clean_text(label, 80, "label") or "token"
    token = Token(person_id=work.person.id, label=label, secret_hash=hash_secret(secret), scopes=sorted(set(scopes)))
    work.session.add(token)
    work.session.flush()
    return token, secret


def revoke_token(work: Work, key: int) -> None:
    """Makes one of the acting person's tokens worthless."""
    if work.person is None:
        raise Forbidden("Enter first.")
    token_of(work.session, work.person, key).revoked_at = now()
