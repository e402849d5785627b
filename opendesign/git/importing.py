"""Brings the branches and tags of another repository into one of ours: looked at, fetched, measured, then moved."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from opendesign.core.errors import Invalid, NotFound
from opendesign.git import command, names
from opendesign.git.holdings import own_objects
from opendesign.git.limits import GitLimits, in_words, too_large
from opendesign.git.progress import Progress, Stopped, Tell, watch
from opendesign.git.remote import Way, environment
from opendesign.git.skeleton import VISIBLE, lines_of_refs

IMPORT_SECONDS = 3600
LIST_BYTES = 16 << 20
"""Most bytes of a list of refs: 10,000 of them take 1 MiB."""
COMING = "refs/coming"
"""Where refs wait until what they bring has been measured; nobody sees them."""
SYMBOLIC = re.compile(r"ref: refs/heads/(\S+)\tHEAD")
FETCH = ("fetch", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", "--no-recurse-submodules")
TOLD = (
    (r"unable to update url base from redirection|[Rr]edirect|\b30[1278]\b", "it has moved: give the new address"),
    (r"could not read Username|Authentication failed|\b401\b", "it asks for a name and a password"),
    (r"\b403\b", "it forbids this"),
    (r"not found|\b404\b", "there is no repository at this address"),
    (r"Could not resolve|Failed to connect|Couldn't connect|Connection refused", "nobody answers there"),
    (r"timed out|too slow|Operation too slow", "it does not answer in time"),
    (r"certificate|SSL|TLS", "its certificate is not to be trusted"),
    (r"fsck|error in object|unpack-objects|index-pack|bad object", "git refuses what it holds"),
    (r"non-fast-forward|fetch first|rejected", "it has commits that are not here; nothing was overwritten there"),
)


@dataclass(frozen=True)
class Seen:
    """What a repository elsewhere has: its refs as git names them, and the branch that clones check out."""

    refs: Mapping[str, str]
    head: str


def import_folder(target: Path, folder: Path) -> None:
    """Fetches every branch and tag of the repository in `folder` into the bare one at `target`; raises NotFound."""
    env = command.environment(target) | {"GIT_ALLOW_PROTOCOL": "file"}
    refs = [f"+{kind}/*:{kind}/*" for kind in VISIBLE]
    try:
        command.run(target, *FETCH, "-q", "--", str(folder.resolve()), *refs, env=env, seconds=IMPORT_SECONDS)
    except command.Failed as failure:
        raise NotFound(f"git could not read {folder}: {failure}") from failure


def look(target: Path, way: Way, limits: GitLimits, tell: Tell) -> Seen:
    """What there is at the other end of the way; raises Stopped, TooLarge, and Invalid in words."""
    refs, head = {}, ""
    for line in _listed(target, way, limits, tell):
        sha, _, ref = line.partition("\t")
        if found := SYMBOLIC.fullmatch(line):
            head = found[1]
        elif ref.startswith("refs/") and not ref.endswith("^{}") and _fits(ref):
            refs[ref] = sha
    if len(refs) > limits.refs:
        raise too_large("The number of branches and tags there", limits, "refs")
    if not any(ref.startswith("refs/heads/") for ref in refs):
        raise Invalid(f"{way.remote.url} has no branches: there is nothing to bring.")
    return Seen(refs, head)


def _listed(target: Path, way: Way, limits: GitLimits, tell: Tell) -> list[str]:
    """The lines of git's list of refs; a server that sends them without end is left soon."""
    ask = ("ls-remote", "--symref", "--", way.remote.url, "HEAD", "refs/heads/*", "refs/tags/*")
    few = replace(limits, import_seconds=limits.git_seconds, import_bytes=LIST_BYTES)
    with tempfile.TemporaryFile() as answer:
        try:
            watch(target, *ask, env=environment(target, way), limits=few, tell=tell, answer=answer)
        except command.Failed as failure:
            raise unreadable(way, failure.said) from failure
        answer.seek(0)
        return answer.read().decode("utf-8", "replace").splitlines()


def bring(target: Path, way: Way, seen: Seen, limits: GitLimits, tell: Tell) -> bool:
    """Makes the branches and tags of `target` those that were seen; tells whether any had to move.

    What was fetched is measured, and `tell` asked once more, before a ref moves. Raises Stopped, TooLarge, Overfull,
    and Invalid in words.
    """
    if has(target, seen):
        return False
    refs = [f"+{kind}/*:{COMING}/{kind.removeprefix('refs/')}/*" for kind in VISIBLE]
    words = (*FETCH, "--progress", "--prune", "--", way.remote.url, *refs)
    try:
        with _tidied(target):
            watch(target, *words, env=environment(target, way), limits=limits, tell=tell)
    except command.Failed as failure:
        raise unreadable(way, failure.said) from failure
    measure(target, limits)
    if not tell(Progress("checking", 100)):
        raise Stopped("It was stopped.")
    return _move(target)


@contextmanager
def _tidied(target: Path) -> Iterator[None]:
    """Takes half a pack away that a fetch leaves when it fails: it would take room until the next sweep."""
    before = _halves(target)
    try:
        yield
    except BaseException:
        for half in _halves(target) - before:
            half.unlink(missing_ok=True)
        raise


def _halves(target: Path) -> set[Path]:
    return set((target / "objects/pack").glob("tmp_pack_*"))


def has(target: Path, seen: Seen) -> bool:
    """Whether the branches and tags of `target` are those that were seen."""
    return _own(target) == seen.refs


def measure(path: Path, limits: GitLimits) -> None:
    """Raises TooLarge when a repository's own objects pass the limits that a push has.

    What its family has in their pool is not its own: a fork that grows stops no mirror.
    """
    own = own_objects(path)
    if len(own) > limits.push_objects:
        raise too_large("The number of objects in this repository", limits, "push_objects")
    unpacked = 0
    words = ("cat-file", "--buffer", "--batch-check=%(objecttype) %(objectsize)")
    feed = b"".join(b"%s\n" % each.hex().encode() for each in own)
    with command.reading(path, *words, feed=feed, seconds=limits.import_seconds) as lines:
        for line in lines:
            kind, _, size = line.strip().partition(b" ")
            if size == b"missing":
                continue  # upkeep has just taken it away
            limit = "file_bytes" if kind == b"blob" else "read_bytes"
            if int(size) > getattr(limits, limit):
                raise too_large(f"A file or message of {in_words(int(size))} in this repository", limits, limit)
            unpacked += int(size)
    if unpacked > limits.unpacked_bytes:
        raise too_large("What this repository unpacks to", limits, "unpacked_bytes")


def unreadable(way: Way, said: str) -> Invalid:
    """The refusal for a repository that git could not reach, in words of our own; raise it."""
    said = said.replace(way.remote.url, "").replace(way.remote.host, "")
    for pattern, words in TOLD:
        if re.search(pattern, said):
            return Invalid(f"{way.remote.url}: {words}.", [{"name": "url", "message": words}])
    words = "git could not read it"
    return Invalid(f"{way.remote.url}: {words}.", [{"name": "url", "message": words}])


def _move(target: Path) -> bool:
    """Puts the refs that came in the place of those that are here; what went first, to make room for new names."""
    own, came = _own(target), {f"refs{ref.removeprefix(COMING)}": sha for sha, ref in lines_of_refs(target, COMING)}
    gone = [f"delete {ref}\n" for ref in own.keys() - came.keys()]
    moved = [f"update {ref} {sha}\n" for ref, sha in came.items() if own.get(ref) != sha and _fits(ref)]
    for orders in (gone, moved):
        if orders:
            command.run(
                target, "update-ref", "--stdin", feed="".join(sorted(orders)).encode("utf-8", "surrogateescape")
            )
    return bool(gone or moved)


def _own(target: Path) -> dict[str, str]:
    return {ref: sha for sha, ref in lines_of_refs(target, *VISIBLE)}


def _fits(ref: str) -> bool:
    """Whether a ref could have been pushed here; others are left where they are."""
    try:
        names.check_pushed(ref)
    except Invalid:
        return False
    return True
