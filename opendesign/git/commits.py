"""Commits as git stores them: who, when, what was said; read from `git log`, written as objects."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from opendesign.core.errors import Invalid

FIELDS = ("%H", "%T", "%P", "%an", "%ae", "%ad", "%cn", "%ce", "%cd", "%B", "%(trailers:only,unfold)")
FORMAT = ("-z", "--date=raw", "--no-show-signature", "--format=" + "%x00".join(FIELDS))
NOT_IN_NAMES = re.compile(r"[<>\x00-\x1f\x7f]")
LAST_SECOND = int(datetime(9999, 12, 30, tzinfo=UTC).timestamp())
LONGEST_OFFSET = 14 * 60


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Signature:
    """Who did something, and when (with a time zone; now, if nothing is said)."""

    name: str
    email: str
    at: datetime = field(default_factory=_now)


@dataclass(frozen=True)
class Commit:
    """One commit; `trailers` are the pairs of its last paragraph, such as ("Co-authored-by", "Ana
    <ana@…>").
    """

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    subject: str
    body: str
    trailers: list[tuple[str, str]]

    @property
    def co_authors(self) -> list[str]:
        """Who is named as a co-author, as it is written: `Ana <ana@…>`."""
        return [value for name, value in self.trailers if name.lower() == "co-authored-by"]


def parse_commits(printed: bytes) -> list[Commit]:
    """The commits of a `git log` that was started with FORMAT."""
    fields = printed.split(b"\0")
    width = len(FIELDS)
    return [_commit(fields[start : start + width]) for start in range(0, len(fields) - width + 1, width)]


def _commit(raw: list[bytes]) -> Commit:
    sha, tree, parents, an, ae, ad, cn, ce, cd, message, trailers = (text.decode("utf-8", "replace") for text in raw)
    subject, _, body = message.strip().partition("\n\n")
    return Commit(
        sha=sha,
        tree=tree,
        parents=tuple(parents.split()),
        author=Signature(an, ae, _moment(ad)),
        committer=Signature(cn, ce, _moment(cd)),
        subject=" ".join(subject.split("\n")),
        body=body.strip("\n"),
        trailers=[(key, value.strip()) for key, _, value in map(_pair, trailers.split("\n")) if key],
    )


def _pair(line: str) -> tuple[str, str, str]:
    return line.partition(":")


def _moment(raw: str) -> datetime:
    """The time in git's raw form "seconds +hhmm"; what no calendar holds is moved to its nearest end."""
    seconds, _, zone = raw.partition(" ")
    at = min(max(int(seconds or 0), 0), LAST_SECOND)
    minutes = int(zone[1:3] or 0) * 60 + int(zone[3:5] or 0) if re.fullmatch(r"[+-]\d{4}", zone) else 0
    offset = timedelta(minutes=min(minutes, LONGEST_OFFSET) * (-1 if zone.startswith("-") else 1))
    return datetime.fromtimestamp(at, timezone(offset))


def encode_commit(tree: str, parents: tuple[str, ...], message: str, author: Signature, committer: Signature) -> bytes:
    """The commit object; raises Invalid for a message, name or time that git could not hold."""
    text = message.replace("\r\n", "\n").strip()
    if not text or "\0" in text:
        raise Invalid("A change needs a message that says what it does, without NUL characters.")
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
    lines += [f"author {_signed(author)}", f"committer {_signed(committer)}"]
    return f"{chr(10).join(lines)}\n\n{text}\n".encode("utf-8", "replace")


def encode_tag(sha: str, name: str, message: str, tagger: Signature) -> bytes:
    """The tag object of a commit; raises Invalid for a message, name or time that git could not hold."""
    text = message.replace("\r\n", "\n").strip()
    if not text or "\0" in text:
        raise Invalid("A tag needs a message, without NUL characters.")
    lines = [f"object {sha}", "type commit", f"tag {name}", f"tagger {_signed(tagger)}"]
    return f"{chr(10).join(lines)}\n\n{text}\n".encode("utf-8", "replace")


def _signed(who: Signature) -> str:
    name, email = (NOT_IN_NAMES.sub("", text).strip(" .,:;\"'\\") for text in (who.name, who.email))
    if not name or not email:
        raise Invalid("The author of a change needs a name and an e-mail address.")
    if who.at.tzinfo is None or who.at.timestamp() < 0:
        raise Invalid("The time of a change needs a time zone and lies after 1970.")
    return f"{name} <{email}> {int(who.at.timestamp())} {who.at.strftime('%z')[:5]}"
