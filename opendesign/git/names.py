"""Which words may name a file, a branch or a revision; everything from outside passes here before git sees
it.
"""

import re
import unicodedata

from opendesign.core.errors import Invalid, NotFound

PATH_BYTES = 4096
NAME_BYTES = 255
SHA = re.compile(r"[0-9a-f]{40}")
SHORT_SHA = re.compile(r"[0-9a-f]{7,39}")
INTERNAL = re.compile(r"refs/(?!heads/|tags/|replace/|members/)[a-z]+/.+")
BAD_IN_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
DOT_GIT_ON_NTFS = re.compile(r"(?:\.git|git~[0-9]+)[ .]*(?::.*)?", re.IGNORECASE)


def check_path(path: str) -> tuple[str, ...]:
    """The parts of a path that may be written in a design; raises Invalid naming the path and the reason."""
    shown = f"The path “{path[:200]}”".encode("utf-8", "replace").decode()
    try:
        length = len(path.encode())
    except UnicodeEncodeError as broken:
        raise Invalid(f"{shown} is not text that UTF-8 can hold.") from broken
    if not path or length > PATH_BYTES:
        raise Invalid(f"{shown} is empty or longer than {PATH_BYTES} bytes.")
    if path.startswith("/") or "\\" in path or CONTROL.search(path):
        raise Invalid(f"{shown} starts with “/” or holds a backslash or a control character.")
    parts = tuple(path.split("/"))
    for part in parts:
        if reason := _fault(part):
            raise Invalid(f"{shown} {reason}.")
    return parts


def _fault(part: str) -> str | None:
    if not part:
        return "has an empty name between two slashes or at its end"
    if part in (".", ".."):
        return "has “.” or “..” in it; write it from the top of the design"
    if len(part.encode()) > NAME_BYTES:
        return f"has a name longer than {NAME_BYTES} bytes"
    if is_dot_git(part):
        return f"has “{part}” in it, a name that some systems take for git's own folder"
    return None


def is_dot_git(name: str) -> bool:
    """Whether some file system would open git's own folder under this name (CVE-2014-9390, CVE-2019-1353)."""
    seen = "".join(letter for letter in name if unicodedata.category(letter) != "Cf")
    return any(DOT_GIT_ON_NTFS.fullmatch(form) for form in (seen, unicodedata.normalize("NFKC", seen)))


def check_branch(name: str) -> str:
    """The ref of the branch `name` under the rules of git check-ref-format; raises Invalid."""
    _check_ref(name, f"The branch name “{name[:200]}”")
    if name == "HEAD" or name.startswith("-") or SHA.fullmatch(name):
        raise Invalid(f"“{name[:200]}” cannot be a branch: it reads as something else in git commands.")
    return f"refs/heads/{name}"


def check_tag(name: str) -> str:
    """The ref of the tag `name` under the rules of git check-ref-format; raises Invalid."""
    _check_ref(name, f"The tag name “{name[:200]}”")
    if name == "HEAD" or name.startswith("-") or SHA.fullmatch(name):
        raise Invalid(f"“{name[:200]}” cannot be a tag: it reads as something else in git commands.")
    return f"refs/tags/{name}"


def revisions_named(name: str) -> tuple[str, ...]:
    """The full names git may look up for a revision a person typed, in order; none for what could mean
    more.
    """
    if SHA.fullmatch(name):
        return (name,)
    ref = name if name.startswith(("refs/heads/", "refs/tags/")) else f"refs/heads/{name}"
    try:
        check_branch(ref.removeprefix("refs/heads/"))
    except Invalid:
        return ()
    return (ref,) if ref == name else (ref, f"refs/tags/{name}")


def check_readable(path: str) -> str:
    """`path` itself; raises NotFound for one that git would read as something else than a name from the
    top.
    """
    odd = any(part in ("", ".", "..") for part in path.split("/")) or "\0" in path or "\n" in path
    if odd or path != path.encode("utf-8", "replace").decode():
        raise NotFound(f"There is no “{path.encode('utf-8', 'replace').decode()[:200]}” in this revision.")
    return path


def check_pushed(ref: str) -> None:
    """Raise Invalid unless `ref` is a branch or a tag that may be pushed."""
    for prefix in ("refs/heads/", "refs/tags/"):
        if ref.startswith(prefix):
            check_branch(ref.removeprefix(prefix))
            return
    raise Invalid("only branches (refs/heads/…) and tags (refs/tags/…) can be pushed")


def check_internal(ref: str) -> None:
    """Raise Invalid unless `ref` is one of the server's own, which are neither shown nor pushed."""
    _check_ref(ref, f"The ref “{ref[:200]}”")
    if not INTERNAL.fullmatch(ref):
        raise Invalid(f"The ref “{ref[:200]}” is not an internal one (refs/proposals/…).")


def _check_ref(name: str, shown: str) -> None:
    try:
        size = len(name.encode())
    except UnicodeEncodeError as broken:
        raise Invalid("A branch name is not text that UTF-8 can hold.") from broken
    if not name or size > 200:
        raise Invalid(f"{shown} is empty or longer than 200 bytes.")
    parts = name.split("/")
    faulty = BAD_IN_REF.search(name) or name == "@" or name.endswith(".")
    if faulty or any(not part or part.startswith(".") or part.endswith(".lock") for part in parts):
        raise Invalid(f"{shown} breaks git's rules: no spaces, “..”, “~^:?*[\\”, no part that starts with a dot.")


def check_sha(sha: str) -> str:
    """`sha` itself; raises NotFound unless it is 40 hex digits."""
    if not SHA.fullmatch(sha):
        raise NotFound(f"“{sha[:80]}” is not the id of a revision.")
    return sha
