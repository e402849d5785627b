"""The post: one letter at a time through an SMTP server, named by a URL; without one, into the log."""

import logging
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import localtime, make_msgid
from types import MappingProxyType
from urllib.parse import SplitResult, unquote, urlsplit

from opendesign.core.errors import Invalid

log = logging.getLogger(__name__)
CONSOLE = "console"
PORTS = {"smtp": 25, "smtps": 465}
SECONDS = 20.0  # for each answer of the server
HERE = ("localhost", "127.0.0.1", "::1")
SENDER = "opendesign@localhost"
NONE: Mapping[str, str] = MappingProxyType({})


class Whole(UnstructuredHeader):
    """A header that stays in one line: not every mail program puts an address together again."""

    def fold(self, *, policy: EmailPolicy) -> str:
        """Returns the header as it is sent."""
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_registry = HeaderRegistry()
for _name in ("list-unsubscribe", "in-reply-to", "references"):
    _registry.map_to_type(_name, Whole)  # type: ignore[arg-type]
POLICY = SMTP.clone(header_factory=_registry)  # it refuses line breaks in headers


class Unsent(Exception):
    """A letter that did not leave; its words hold neither addresses nor secrets."""


class Post:
    """Where letters go: `console`, `smtp://user:password@host:port` or `smtps://…`; raises Invalid for another URL."""

    def __init__(self, url: str = CONSOLE, sender: str = ""):
        self._sender = _address(sender or SENDER)
        self._server = None if url in ("", CONSOLE) else _server(url)

    @property
    def sends(self) -> bool:
        """Whether letters leave this machine."""
        return self._server is not None

    def named(self, name: str) -> str:
        """Returns the Message-ID of a letter that others name in theirs."""
        return f"<{name}@{self._sender.rpartition('@')[2]}>"

    def send(
        self,
        to: str,
        subject: str,
        text: str,
        images: Sequence[tuple[str, bytes]] = (),
        html: str = "",
        headers: Mapping[str, str] = NONE,
    ) -> None:
        """Hands a letter over; raises Unsent when it was not taken.

        Where there is `html` it says the same as the text, and shows the PNG images (name, bytes) at `cid:` and their
        names, which are plain words. `headers` are added, or stand for those of every letter.
        """
        try:
            letter = self._written(to, subject, text)
            for name, value in headers.items():
                del letter[name]
                letter[name] = value
            if html:
                letter.add_alternative(html, subtype="html")
                _show(letter, images)
        except (ValueError, IndexError, MessageError):  # what email raises for an address it cannot write
            raise Unsent("The letter cannot be written: its address or subject is none") from None
        if self._server is None:
            log.info("A letter to %s: %s\n%s", to, subject, text)
            return
        try:
            with self._connected(self._server) as server:
                server.send_message(letter)
        except smtplib.SMTPResponseException as error:
            raise Unsent(f"The mail server answered {error.smtp_code} ({type(error).__name__})") from None
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise Unsent(f"The mail server did not take it ({type(error).__name__})") from None

    def _written(self, to: str, subject: str, text: str) -> EmailMessage:
        letter = EmailMessage(POLICY)
        letter["From"] = Address("OpenDesign", addr_spec=self._sender)
        letter["To"] = Address(addr_spec=to)
        letter["Subject"] = subject
        letter["Date"] = localtime()
        letter["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
        letter.set_content(text)
        return letter

    def _connected(self, url: SplitResult) -> smtplib.SMTP:
        host, port = url.hostname or "", url.port or PORTS[url.scheme]
        sealing = ssl.create_default_context()
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=sealing)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        try:
            server.ehlo()
            sealed = url.scheme == "smtps"
            if not sealed and server.has_extn("starttls"):
                server.starttls(context=sealing)
                sealed = True
            if url.username:
                if not sealed and host not in HERE:
                    raise Unsent("The mail server does not encrypt, so it is not told the password")
                server.login(unquote(url.username), unquote(url.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def _show(letter: EmailMessage, images: Sequence[tuple[str, bytes]]) -> None:
    """Puts images beside the HTML of a letter, which names them."""
    page = letter.get_body(("html",))
    assert page is not None
    for name, content in images:
        page.add_related(content, "image", "png", cid=f"<{name}>", filename=name, disposition="inline")


def _address(text: str) -> str:
    try:
        return Address(addr_spec=text).addr_spec
    except (ValueError, IndexError, MessageError):
        raise Invalid("mail_from must be an address such as opendesign@example.org.") from None


def _server(url: str) -> SplitResult:
    """Returns the parts of the URL; what is wrong is said without repeating it, since it may hold a password."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise Invalid("mail_url must be console, smtp://user:password@host:port or smtps://user:password@host:port.")
    return parts
