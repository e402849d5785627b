"""What commits change, as lineage reads it: patches without context, and git's own names of patches."""

from collections.abc import Iterator, Sequence

from opendesign.git import command, names
from opendesign.git.repository import Repository

AT_ONCE = 100  # commits between two processes: what one prints is kept in memory
DIFF = ("diff-tree", "--stdin", "-r", "-p", "--root", "--no-color", "--no-ext-diff", "--no-textconv")
UNIT = (*DIFF, "-U0", "-M", "-w")
SHA_LENGTH = 40


def patches(repo: Repository, shas: Sequence[str], leaving: Sequence[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Yields sha and `git diff-tree -p -U0 -M -w --root` of each of the commits that changes something.

    Merges change nothing of their own. `leaving`: endings of files that are left out (".stl"), whatever their case.
    """
    for start in range(0, len(shas), AT_ONCE):
        yield from _split(_diff(repo, UNIT, shas[start : start + AT_ONCE], leaving))


def patch_ids(repo: Repository, shas: Sequence[str], leaving: Sequence[str] = ()) -> dict[str, str]:
    """Returns `git patch-id --stable` of each of the commits that changes something."""
    found: dict[str, str] = {}
    for start in range(0, len(shas), AT_ONCE):
        printed = _diff(repo, DIFF, shas[start : start + AT_ONCE], leaving)
        for line in repo.run("patch-id", "--stable", feed=printed).decode().splitlines():
            patch, _, sha = line.partition(" ")
            found[sha] = patch
    return found


def _diff(repo: Repository, words: Sequence[str], shas: Sequence[str], leaving: Sequence[str]) -> bytes:
    where = ("--", ".", *(f":(exclude,icase,glob)**/*{ending}" for ending in leaving)) if leaving else ()
    feed = "".join(f"{names.check_sha(sha)}\n" for sha in shas).encode()
    env = repo.environment | {"GIT_LITERAL_PATHSPECS": "0"}
    return command.run(repo.path, *words, *where, feed=feed, env=env, seconds=repo.limits.git_seconds)


def _split(printed: bytes) -> Iterator[tuple[str, bytes]]:
    """Cuts what was printed where a line is an id: every line of a patch begins with a sign or a word of git's."""
    sha, lines = "", list[bytes]()
    for line in printed.split(b"\n"):
        if len(line) == SHA_LENGTH and line.isalnum():
            if sha:
                yield sha, b"\n".join(lines)
            sha, lines = line.decode(), []
        else:
            lines.append(line)
    if sha:
        yield sha, b"\n".join(lines)
