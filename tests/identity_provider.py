"""A provider of OpenID Connect of the tests' own, of Authlib's server parts, in a thread; it may lie in many ways."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
import pytest
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "opendesign", "between us two"


class Client:
    """The one service that this provider knows."""

    client_id = CLIENT

    def __init__(self, back: str):
        self.back = back

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.back

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return uri == self.back

    def check_client_secret(self, secret: str) -> bool:
        return secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code:
    """A code that was given out, once."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    user: dict
    auth_time: int = field(default_factory=lambda: int(time.time()))
    acr = amr = None

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class IdentityProvider:
    """Who signs in there now (`user`), what it says falsely of that (`lies`), and whether it answers at all."""

    back: str
    url: str = ""
    user: dict = field(default_factory=dict)
    lies: dict = field(default_factory=dict)
    seconds: int = 3600
    quiet: bool = False
    asked: list[str] = field(default_factory=list)
    told: dict = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    published: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}))
    key: RSAKey | None = None

    def signs_in(self, address: str) -> str:
        """Somebody's browser goes where it was sent, agrees there, and is sent back: returns to which path."""
        assert address.startswith(self.url)
        answer = httpx.get(address, timeout=10)
        assert answer.status_code == 302, answer.text
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"


def codes_of(box: IdentityProvider) -> type[AuthorizationCodeGrant]:
    """The grant of Authlib that gives out codes, with its hands in the box."""

    class Codes(AuthorizationCodeGrant):
        def save_authorization_code(self, code, request):
            asked = request.payload.data
            words = {name: asked.get(name, "") for name in ("nonce", "code_challenge", "code_challenge_method")}
            given = Code(code, CLIENT, request.payload.redirect_uri, request.payload.scope, user=box.user, **words)
            box.codes[code] = given

        def query_authorization_code(self, code, client):
            return box.codes.get(code)

        def delete_authorization_code(self, authorization_code):
            del box.codes[authorization_code.code]

        def authenticate_user(self, authorization_code):
            return authorization_code.user

    return Codes


def words_of(box: IdentityProvider) -> OpenIDCode:
    """What Authlib signs about who has signed in."""

    class Words(OpenIDCode):
        def exists_nonce(self, nonce, request):
            return False

        def get_client_algorithm(self, client):
            return "RS256"

        def get_encode_header(self, client):
            return {"alg": "RS256", "kid": (box.key or box.published).kid}

        def resolve_client_private_key(self, client):
            return box.key or box.published

        def get_compatible_claims(self, request):
            moment = int(time.time())
            return {"iss": box.url, "aud": CLIENT, "iat": moment - 7200, "exp": moment + box.seconds}

        def generate_user_info(self, user, scope):
            return UserInfo(user | box.lies)

    return Words(require_nonce=True)


def provider_app(box: IdentityProvider) -> Flask:
    """The pages of the provider; whoever comes agrees at once."""
    app = Flask("provider")
    server = AuthorizationServer(
        app, lambda name: Client(box.back), lambda token, _: box.tokens.append(token["access_token"])
    )
    server.register_grant(codes_of(box), [words_of(box), CodeChallenge(required=True)])

    @app.before_request
    def listen():
        box.asked.append(request.path)
        return ("Not now", 500) if box.quiet else None

    @app.get("/.well-known/openid-configuration")
    def about():
        places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        told = {name: box.url + path for name, path in places.items()}
        return jsonify({"issuer": box.url, "userinfo_endpoint": f"{box.url}/person"} | told)

    @app.get("/keys")
    def keys():
        return jsonify({"keys": [box.published.as_dict(private=False)]})

    @app.get("/authorize")
    def authorize():
        grant = server.get_consent_grant(end_user=box.user)
        return server.create_authorization_response(grant_user=box.user, grant=grant)

    @app.get("/person")
    def person():
        assert request.authorization.token == box.tokens[-1]
        return jsonify(box.told)

    @app.post("/token")
    def token():
        return server.create_token_response()

    return app


@contextmanager
def open_identity_provider(back: str) -> Iterator[IdentityProvider]:
    """Runs a provider while it is needed; it sends people back to one address only."""
    box = IdentityProvider(back)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # its server asks for https otherwise
        server = make_server("127.0.0.1", 0, provider_app(box), threaded=True)
        box.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield box
        server.shutdown()
        thread.join()
        server.server_close()
