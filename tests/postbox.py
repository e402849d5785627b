"""A mail server of the tests' own, that keeps what it is given and may refuse for a while."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

PASSWORD = "letter p@ss"
LINK = re.compile(r"https?://\S+")


@dataclass
class Postbox:
    """What has arrived; `refusing` is how many letters are turned away before the next is taken."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refusing: int = 0

    async def handle_DATA(self, server, session, envelope) -> str:
        """Takes a letter, or does not."""
        if self.refusing:
            self.refusing -= 1
            return "451 Try again later"
        letter = message_from_bytes(envelope.content, policy=default)
        letter["X-To"] = ", ".join(envelope.rcpt_tos)
        self.letters.append(letter)
        return "250 Taken"

    def link(self) -> str:
        """The address in the last letter."""
        return LINK.search(self.letters[-1].get_content())[0]

    def path(self) -> str:
        """The path of that address."""
        return "/" + self.link().split("/", 3)[3]

    @property
    def url(self) -> str:
        """What OPENDESIGN_MAIL_URL is for this server."""
        return f"smtp://od:letter%20p%40ss@127.0.0.1:{self.port}"


def _known(server, session, envelope, mechanism, auth) -> AuthResult:
    known = (auth.login, auth.password) == (b"od", PASSWORD.encode())
    return AuthResult(success=known, handled=False)


class Door(Controller):
    """Listens at a port the system has chosen."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def open_postbox() -> Iterator[Postbox]:
    """Runs the server while it is needed; it knows one user, and takes nothing from others."""
    box = Postbox()
    options = {"authenticator": _known, "auth_required": True, "auth_require_tls": False}
    door = Door(box, hostname="127.0.0.1", port=0, **options)
    door.start()
    box.port = door.port
    yield box
    door.stop()
