"""A provider of OpenID Connect: where people are sent, and whom it says they are; all else it answers is refused."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests import RequestException

from opendesign.core.errors import Invalid

HERE = "127.0.0.1"  # the one host that may be asked without encryption: nobody listens in between
SECONDS = 5.0  # for each answer of the provider
FRESH, SORE = 3600.0, 10.0  # seconds for which what it has published is believed, and for which it is left alone
LONGEST = 255  # characters of a subject, as the standard has it
LEEWAY = 60  # seconds its clock may be wrong
SCOPE = "openid email profile"
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")  # none by a secret
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Silent(Exception):
    """The provider does not answer, or not as a provider does; its words hold nothing that it sent."""


class Unproven(Exception):
    """What came back does not prove who somebody is."""


@dataclass(frozen=True)
class Question:
    """What a browser is sent to the provider with, and must come back with; three random words."""

    state: str = field(default_factory=lambda: generate_token(43))
    nonce: str = field(default_factory=lambda: generate_token(43))
    verifier: str = field(default_factory=lambda: generate_token(64))


@dataclass(frozen=True)
class Claim:
    """Whom a provider says somebody is; `verified` is the e-mail address only where it has verified that."""

    issuer: str
    subject: str
    email: str = ""
    verified: bool = False
    name: str = ""
    full_name: str = ""


class Provider:
    """The provider at an issuer's URL, reached by https only; raises Invalid for another URL or a nameless client."""

    def __init__(self, issuer: str, client: str, secret: str = "", name: str = ""):
        if not _is_safe(issuer):
            raise Invalid("oidc_url must be an https:// address, of the issuer of your provider.")
        if not client:
            raise Invalid("oidc_url needs oidc_client: the name of this service at your provider.")
        self.issuer = issuer.rstrip("/")
        self.name = name or urlsplit(issuer).hostname or ""
        self._client, self._secret = client, secret
        self._lock = threading.Lock()
        self._published: dict[str, Any] = {}
        self._asked, self._failed = -FRESH, -SORE

    def way(self, question: Question, back: str) -> str:
        """Returns the address to send a browser to, which is sent to `back` from there; raises Silent."""
        published = self._known()
        with self._session(published, back) as session:
            words = {"state": question.state, "nonce": question.nonce, "code_verifier": question.verifier}
            return session.create_authorization_url(published["authorization_endpoint"], **words)[0]

    def claim(self, question: Question, answer: Mapping[str, str], back: str) -> Claim:
        """Returns who came back with this answer to a question; raises Unproven and Silent."""
        if answer.get("error") or not answer.get("code"):
            raise Unproven("The provider did not say who somebody is")
        if answer.get("state") != question.state:
            raise Unproven("The answer is to another question")
        published = self._known()
        if answer.get("iss", published["issuer"]) != published["issuer"]:
            raise Unproven("The answer is another provider's")  # RFC 9207
        with self._session(published, back) as session:
            try:
                token = session.fetch_token(
                    published["token_endpoint"],
                    grant_type="authorization_code",
                    code=answer["code"],
                    code_verifier=question.verifier,
                    allow_redirects=False,
                )
                claims = self._verified(published, token, question)
                told = dict(claims) if "email" in claims else self._asked_more(session, published, claims)
            except (AuthlibBaseError, JoseError) as wrong:
                raise Unproven(f"The provider's answer does not hold ({type(wrong).__name__})") from None
            except (RequestException, ValueError, TypeError, KeyError) as wrong:
                raise Silent(f"The provider does not answer as it must ({type(wrong).__name__})") from None
        if not isinstance(told["sub"], str) or not 0 < len(told["sub"]) <= LONGEST:
            raise Unproven("The provider does not name who somebody is")
        return _claim(published["issuer"], told)

    def _verified(self, published: Mapping, token: Mapping, question: Question) -> CodeIDToken:
        """Returns what the signed token says; raises JoseError unless it is this provider's, for us, for now."""
        rules = JWSRegistry(algorithms=list(SIGNED), strict_check_header=False)
        try:
            found = jwt.decode(token["id_token"], self._keys(published), registry=rules)
        except InvalidKeyIdError:  # it has a new key since
            published = self._known(anew=True)
            found = jwt.decode(token["id_token"], self._keys(published), registry=rules)
        options = {
            "iss": {"essential": True, "value": published["issuer"]},
            "aud": {"essential": True, "value": self._client},
            "sub": {"essential": True},
        }
        facts = {"nonce": question.nonce, "client_id": self._client, "access_token": token.get("access_token")}
        claims = CodeIDToken(found.claims, found.header, options, facts)
        claims.validate(leeway=LEEWAY)
        return claims

    def _asked_more(self, session: OAuth2Session, published: Mapping, claims: Mapping) -> dict:
        """Returns the claims with what the provider tells of the same person when it is asked again."""
        if not _is_safe(published.get("userinfo_endpoint"), self.issuer):
            return dict(claims)
        answer = session.get(published["userinfo_endpoint"], allow_redirects=False)
        answer.raise_for_status()
        more = answer.json()
        return {**more, **claims} if more["sub"] == claims["sub"] else dict(claims)

    def _keys(self, published: Mapping) -> KeySet:
        keys = [each for each in published["jwks"]["keys"] if each.get("kty") != "oct" and each.get("use") != "enc"]
        return KeySet.import_key_set({"keys": keys})

    def _known(self, anew: bool = False) -> dict[str, Any]:
        """Returns what the provider publishes, an hour old at most; raises Silent, at once if it just was."""
        with self._lock:
            moment = time.monotonic()
            if not anew and moment < self._asked + FRESH:
                return self._published
            if moment < self._failed + SORE:
                raise Silent("The provider did not answer a moment ago")
            try:
                self._published = self._fetched()
            except (RequestException, ValueError, TypeError, KeyError, AttributeError) as wrong:
                self._failed = time.monotonic()
                raise Silent(f"The provider does not answer as it must ({type(wrong).__name__})") from None
            self._asked = moment
            return self._published

    def _fetched(self) -> dict[str, Any]:
        with self._session({}, "") as session:
            options = {"withhold_token": True, "allow_redirects": False}
            answer = session.get(f"{self.issuer}/.well-known/openid-configuration", **options)
            answer.raise_for_status()
            published = dict(answer.json())
            if published["issuer"].rstrip("/") != self.issuer:
                raise ValueError("It calls itself otherwise")
            if not all(_is_safe(published[each], self.issuer) for each in ENDPOINTS):
                raise ValueError("It is reached without encryption")
            answer = session.get(published["jwks_uri"], **options)
            answer.raise_for_status()
            return published | {"jwks": answer.json()}

    def _session(self, published: Mapping, back: str) -> OAuth2Session:
        ways = published.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        options = {"scope": SCOPE, "redirect_uri": back, "code_challenge_method": "S256", "default_timeout": SECONDS}
        way = way if self._secret else "none"
        return OAuth2Session(self._client, self._secret or None, token_endpoint_auth_method=way, **options)


def _is_safe(url: object, beside: str = "") -> bool:
    """Tells whether an address is encrypted, or is on this machine as the one beside it is."""
    parts = urlsplit(url if isinstance(url, str) else "")
    here = parts.scheme == "http" and parts.hostname == HERE
    return bool(parts.hostname) and (parts.scheme == "https" or (here and (not beside or _is_safe_here(beside))))


def _is_safe_here(url: str) -> bool:
    return urlsplit(url).hostname == HERE


def _claim(issuer: str, told: Mapping) -> Claim:
    words = {name: each if isinstance(each := told.get(name), str) else "" for name in ("email", "name")}
    verified = bool(words["email"]) and told.get("email_verified") in (True, "true")
    called = told.get("preferred_username") or words["email"].partition("@")[0] or words["name"]
    called = called if isinstance(called, str) else ""
    return Claim(issuer, told["sub"], words["email"][:254], verified, called[:120], words["name"][:120])
