"""Tokens: what programs show instead of a password."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.issue_token import issue_token, revoke_token
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import Body, Page, Shown, example
from opendesign.core.errors import Forbidden
from opendesign.records.token import tokens_of

Scope = Literal["read", "write", "admin"]


class TokenShown(Shown):
    """A token without its secret."""

    model_config = example(
        {"id": 7, "label": "laptop", "scopes": ["write"], "made_at": "2024-05-01T12:00:00Z", "used_at": None}
    )
    id: int
    label: str
    scopes: list[Scope]
    made_at: datetime
    used_at: datetime | None


class TokenMade(TokenShown):
    """A new token, with the secret that is shown this once."""

    model_config = example(
        {
            "id": 7,
            "label": "laptop",
            "scopes": ["write"],
            "made_at": "2024-05-01T12:00:00Z",
            "used_at": None,
            "token": "od_3q2-7w",
        }
    )
    token: str = Field(description="The secret; send it as “Authorization: Bearer …” or as git's password.")


class TokenWanted(Body):
    """What a token is for and what it may do."""

    model_config = Body.model_config | example({"label": "laptop", "scopes": ["write"]})
    label: str = Field("token", description="What it is for, so that you know it again.")
    scopes: list[Scope] = Field(["read"], description="admin includes write, write includes read.")


@operation("POST", "/tokens", {201: TokenMade}, scope="admin", body=TokenWanted, secret=True)
def issue(work: Work, body: TokenWanted) -> Answer:
    """Makes a token.

    Ask with your name and password as Basic credentials, or with a token of the scope “admin”.
    """
    token, secret = issue_token(work, body.label, list(body.scopes))
    shown = TokenShown.model_validate(token, from_attributes=True)
    return Answer(TokenMade(**shown.model_dump(), token=secret), 201, f"/api/v1/tokens/{token.id}")


@operation("GET", "/tokens", list[TokenShown], scope="admin", query=Page)
def list_all(work: Work, query: Page) -> Answer:
    """Lists your tokens that still work, newest first."""
    if work.person is None:
        raise Forbidden("This needs to know who asks.")
    tokens = tokens_of(work.session, work.person)
    shown = [TokenShown.model_validate(token, from_attributes=True) for token in query.of(tokens)]
    return Answer(shown, total=len(tokens))


@operation("DELETE", "/tokens/{token}", {204: None}, scope="admin", refusals={404: "No token of yours."})
def revoke(work: Work, token: int) -> Answer:
    """Revokes one of your tokens, at once and for good."""
    revoke_token(work, token)
    return Answer(None, 204)
