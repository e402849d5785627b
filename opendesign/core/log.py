"""The log's lines: as JSON or as text, each with the request it belongs to, and without anything secret."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import uuid4

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
HIDDEN = "•••"
SECRETS = (
    (re.compile(r"\bod_[A-Za-z0-9_-]{8,}"), HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"), HIDDEN),
    (
        re.compile(r"(?i)\b(password|passwd|secret|token|csrf_token|authorization|cookie)(\"?'?\s*[=:]\s*)[^\s&,;}]+"),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"\?[^\s\"'#]*=[^\s\"'#]*"), f"?{HIDDEN}"),
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"), HIDDEN),
)
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
NONE: Mapping[str, object] = MappingProxyType({})
_facts: ContextVar[Mapping[str, object]] = ContextVar("facts", default=NONE)


def request_name(sent: str | None = None) -> str:
    """Returns the name of a request: the one that was sent where it is well formed, else a new one."""
    return sent if sent and REQUEST_ID.fullmatch(sent) else uuid4().hex


def note(**facts: object) -> None:
    """Adds these facts to every line of the log that this thread writes until `forget`."""
    _facts.set(facts)


def forget() -> None:
    """Ends what `note` began."""
    _facts.set(NONE)


def named() -> str:
    """Returns the name of the request, or of the one a job is done for, that this thread works at; empty for none."""
    return str(_facts.get().get("request", ""))


@contextmanager
def noting(**facts: object) -> Iterator[None]:
    """Adds these facts to every line of the log that is written meanwhile, here or deeper."""
    before = _facts.set({**_facts.get(), **{name: value for name, value in facts.items() if value}})
    try:
        yield
    finally:
        _facts.reset(before)


def scrubbed(text: str) -> str:
    """Returns a text without tokens, passwords, queries of addresses and e-mail addresses."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """Returns what a line says beside its message."""
    own = {name: value for name, value in vars(record).items() if name not in STANDARD}
    return {**_facts.get(), **own}


class Lines(logging.Formatter):
    """One line of JSON a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, object] = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        told |= {"message": record.getMessage()} | facts_of(record)
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        cleaned = {
            name: value if isinstance(value, int | float) else scrubbed(str(value)) for name, value in told.items()
        }
        return json.dumps(cleaned, ensure_ascii=False)


class Text(logging.Formatter):
    """A line of text a record; what else belongs to it stands below, indented, so that nobody writes lines."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(name)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line."""
        facts = " ".join(f"{name}={value}" for name, value in facts_of(record).items()).replace("\n", " ")
        head, end, rest = super().format(record).partition("\n")
        told = f"{head} {facts}".rstrip() + (end + rest).replace("\n", "\n  ")
        return scrubbed(CONTROLS.sub(lambda found: repr(found[0])[1:-1], told))


def speak(kind: str) -> None:
    """Sends the log of this process to standard error, as lines of “text” or “json”."""
    lines = logging.StreamHandler()
    lines.setFormatter(formatter(kind))
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    for chatty in ("huey", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def formatter(kind: str) -> logging.Formatter:
    """Returns what writes the lines of a log of this kind, “json” or “text”."""
    return Lines() if kind == "json" else Text()
