"""The addresses that git's own tests ask for, and what Apache would do at each of them."""

import re
from dataclasses import dataclass

SENT_ON = (
    (r"/dumb-redir/(.*)", 301, r"/dumb/\1"),
    (r"/smart-redir-perm/(.*)", 301, r"/smart/\1"),
    (r"/smart-redir-temp/(.*)", 302, r"/smart/\1"),
    (r"/smart-redir-auth/(.*)", 301, r"/auth/smart/\1"),
    (r"/smart-redir-limited/(.*/info/refs.*)", 301, r"/smart/\1"),
    (r"/ftp-redir/(.*)", 302, r"ftp://localhost:1000/\1"),
    (r"/loop-redir/(?:x-){20}(.*)", 302, r"/\1"),
    (r"/loop-redir/(.*)", 302, r"/loop-redir/x-\1"),
    (r"/redir-to/([^?]*)\??(.*)", 302, r"/really-redir-to?path=\1&qs=\2"),
    (r"/really-redir-to\?path=502/.*", 502, ""),
    (r"/really-redir-to\?path=(.*)&qs=(.*)", 302, r"/\1?\2"),
    (r"/insane-redir/([^?]*)(.*)", 301, r"/intern-redir/\1/foo\2"),
    (r"/redir-objects/(.*/objects/.*)", 301, r"/dumb/\1"),
)
"""Address with its question, status, and where the client is sent."""
STANDS_FOR = ((r"/intern-redir/(.*)/foo", r"/smart/\1"), (r"/redir-objects/(.*/info/refs)", r"/dumb/\1"))
GUARDED = (
    r"/auth/.*",
    r"/auth-push/.*/git-receive-pack",
    r"/auth-fetch/.*/git-upload-pack",
    r"/half-auth-complete/.*(?:/git-receive-pack|\?service=git-receive-pack)",
)
SCRIPTS = (
    (r"/smart/incomplete_length/git-upload-pack", "incomplete-length-upload-pack-v2-http.sh"),
    (r"/smart/incomplete_body/git-upload-pack", "incomplete-body-upload-pack-v2-http.sh"),
    (r"/smart/no_report/git-receive-pack", "error-no-report.sh"),
    (r".*/error_git_upload_pack/.*/git-upload-pack", "error.sh"),
    (r"/broken_smart/.*", "broken-smart-http.sh"),
    (r"/error_smart/.*", "error-smart-http.sh"),
    (r"/error/.*", "error.sh"),
)
"""Addresses at which a script of git's tests answers, which breaks on purpose."""
REPOSITORY = re.compile(r"/(smart[^/]*|one_time_perl)/(.+?)/(info/refs|git-[a-z-]+|HEAD|objects/.*|refs/.*)$")
FILES = re.compile(r"/(?:dumb/)?(.*)")


@dataclass(frozen=True)
class Asked:
    """What is asked of a repository: in which way, of which one, and its question."""

    way: str
    place: str
    question: str


def sent_on(address: str) -> tuple[int, str] | None:
    """The status and the place to which the client is sent instead; None to answer here."""
    for pattern, status, place in SENT_ON:
        if found := re.fullmatch(pattern, address):
            return status, found.expand(place)
    return None


def meant(path: str) -> str:
    """The path that another one stands for."""
    for pattern, place in STANDS_FOR:
        path = re.sub(f"^{pattern}$", place, path)
    return path


def guarded(address: str) -> bool:
    """Whether a name and a password are asked for."""
    return any(re.fullmatch(pattern, address) for pattern in GUARDED)


def script(path: str) -> str | None:
    """The script that answers at a path."""
    return next((name for pattern, name in SCRIPTS if re.fullmatch(pattern, path)), None)


def repository(path: str) -> Asked | None:
    """What a path asks of a repository; None for a plain file."""
    found = REPOSITORY.search(path)
    return Asked(*found.groups()) if found else None


def file(path: str) -> str:
    """The plain file at a path, below the folder of documents."""
    found = FILES.fullmatch(path)
    return found[1] if found else ""
