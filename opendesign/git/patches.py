"""What commits change, as lineage reads it: patches without context, and git's own names of patches."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from opendesign.core.errors import TooLarge
from opendesign.git import command, names
from opendesign.git.differences import unquoted
from opendesign.git.repository import Repository

AT_ONCE = 250  # commits of one process
MOST_BYTES = 2 << 20  # of one commit's patch: what is larger was written by a machine
MOST_TOGETHER = 32 << 20  # of one process; a commit that prints more is read alone, and given up soon
SECONDS = 20  # for one commit alone
DIFF = ("diff-tree", "--stdin", "-r", "-p", "--root", "--no-color", "--no-ext-diff", "--no-textconv")
UNIT = (*DIFF, "-U0", "-M", "-w")
RAW = (*UNIT, "--raw", "--no-abbrev")
SHA_LENGTH = 40


class Written(NamedTuple):
    """A file that a commit writes: its blob before (zeros for a new file) and after."""

    path: str
    before: str
    after: str


def patches(repo: Repository, shas: Sequence[str], leaving: Sequence[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Yields sha and `git diff-tree -p -U0 -M -w --root` of each of the commits that changes something.

    Merges change nothing of their own, and what is larger than 2 MB or gone is left out. `leaving`: endings of files
    that are left out (".stl"), whatever their case. Of "sha base" it is what lies between the two.
    """
    for start in range(0, len(shas), AT_ONCE):
        yield from _read(repo, UNIT, shas[start : start + AT_ONCE], leaving)


def patch_ids(repo: Repository, shas: Sequence[str], leaving: Sequence[str] = ()) -> dict[str, str]:
    """Returns `git patch-id --stable` of each of the commits that `patches` would yield."""
    found: dict[str, str] = {}
    for start in range(0, len(shas), AT_ONCE):
        told = _read(repo, DIFF, shas[start : start + AT_ONCE], leaving)
        feed = b"".join(sha.encode() + b"\n" + patch for sha, patch in told)
        for line in repo.run("patch-id", "--stable", feed=feed).decode().splitlines():
            patch, _, sha = line.partition(" ")
            found[sha] = patch
    return found


def written(
    repo: Repository, shas: Sequence[str], leaving: Sequence[str] = ()
) -> Iterator[tuple[str, bytes, list[Written]]]:
    """Yields what `patches` does with the files that each commit writes, from the same process."""
    for start in range(0, len(shas), AT_ONCE):
        for sha, told in _read(repo, RAW, shas[start : start + AT_ONCE], leaving):
            head, mark, patch = told.partition(b"\n\ndiff ")
            yield sha, b"diff " + patch if mark else b"", list(_files(head))


def _files(head: bytes) -> Iterator[Written]:
    for line in head.split(b"\n"):
        if line.startswith(b":"):
            facts, *paths = line.split(b"\t")
            _, _, before, after, status = facts.split()
            if status[:1] in (b"A", b"M", b"R"):
                yield Written(unquoted(paths[-1]), before.decode(), after.decode())


def _read(
    repo: Repository, words: Sequence[str], shas: Sequence[str], leaving: Sequence[str]
) -> list[tuple[str, bytes]]:
    """Returns the patches of some commits; where these are too much together, or one is gone, each by itself."""
    try:
        return list(_diff(repo, words, shas, leaving))
    except (TooLarge, command.Failed):
        if len(shas) == 1:
            return []
    return [each for sha in shas for each in _read(repo, words, [sha], leaving)]


def _diff(
    repo: Repository, words: Sequence[str], shas: Sequence[str], leaving: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """Cuts what git prints where a line is an id: every line of a patch begins with a sign or a word of git's."""
    where = ("--", ".", *(f":(exclude,icase,glob)**/*{ending}" for ending in leaving)) if leaving else ()
    feed = "".join(" ".join(map(names.check_sha, line.split())) + "\n" for line in shas).encode()
    env = repo.environment | {"GIT_LITERAL_PATHSPECS": "0"}
    seconds = min(SECONDS, repo.limits.git_seconds)
    sha, lines, size, all_sizes = "", list[bytes](), 0, 0
    with command.reading(repo.path, *words, *where, feed=feed, env=env, seconds=seconds) as printed:
        while line := printed.readline(MOST_BYTES):
            all_sizes += len(line)
            if all_sizes > MOST_TOGETHER or (len(shas) == 1 and size > MOST_BYTES):
                raise TooLarge("These commits change too much to be read.")
            if len(line) == SHA_LENGTH + 1 and line[:-1].isalnum():
                if sha and size <= MOST_BYTES:
                    yield sha, b"".join(lines)
                sha, lines, size = line[:-1].decode(), [], 0
            elif size <= MOST_BYTES:
                lines.append(line)
                size += len(line)
    if sha and size <= MOST_BYTES:
        yield sha, b"".join(lines)
