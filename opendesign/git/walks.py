"""Walks over the history: who touched each name of a folder last, and what each step of a branch changed."""

from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from opendesign.git import command
from opendesign.git.limits import GitLimits


def last_touched(
    path: Path, env: dict[str, str], sha: str, folder: str, wanted: set[str], limits: GitLimits
) -> dict[str, str]:
    """The id of the last commit that touched each of the names `wanted` in `folder`.

    A merge counts where it decided something itself (`-c`). The walk stops when every name is found.
    """
    where = ("--", f"{folder}/") if folder else ("--",)
    walk = (
        "log",
        "-z",
        "-c",
        "--format=%x00%H",
        "--name-only",
        "--no-renames",
        f"--max-count={limits.walk_commits}",
    )
    found: dict[str, str] = {}
    left = set(wanted)
    prefix = f"{folder}/" if folder else ""
    with command.reading(path, *walk, sha, *where, env=env, seconds=limits.git_seconds) as printed:
        for commit, touched in _steps(printed):
            if touched.startswith(prefix) and (name := touched[len(prefix) :].partition("/")[0]) in left:
                found[name] = commit
                left.discard(name)
            if not left:
                printed.close()
                break
    return found


def followed(
    path: Path, env: dict[str, str], sha: str, file: str, most: int, limits: GitLimits
) -> list[tuple[str, str]]:
    """The newest `most` commits that touched a file, each with where it lay then: renames are followed.

    Those that only merged are left out. The walk looks at no more than `walk_commits` commits.
    """
    walk = ("log", "-z", "--follow", "--format=%x00%H", "--name-only", f"--max-count={limits.walk_commits}")
    found: list[tuple[str, str]] = []
    with command.reading(path, *walk, sha, "--", file, env=env, seconds=limits.git_seconds) as printed:
        for step in _steps(printed):
            found.append(step)
            if len(found) == most:
                printed.close()
                break
    return found


def first_line(
    path: Path, env: dict[str, str], sha: str, most: int, limits: GitLimits
) -> list[tuple[str, dict[str, str]]]:
    """The newest `most` commits of the line of first parents, each with path → status (A, D, M, T) of what it
    changed; a merge counts with everything it brought.
    """
    walk = ("log", "-z", "--first-parent", "-m", "--format=%x00%H", "--name-status", "--no-renames")
    printed = command.run(path, *walk, f"--max-count={most}", sha, "--", env=env, seconds=limits.git_seconds)
    line: list[tuple[str, dict[str, str]]] = []
    status, starts = "", False
    for word in printed.decode("utf-8", "replace").split("\0"):
        if not word:
            starts, status = True, ""
        elif starts:
            line.append((word, {}))
            starts = False
        elif not status:
            status = word.strip()
        else:
            line[-1][1][word] = status
            status = ""
    return line


def _steps(stream: BufferedReader) -> Iterator[tuple[str, str]]:
    """Pairs (commit, path): git prints an empty word before each commit, and a line break before its first
    path.
    """
    commit, expected, first = "", False, False
    for word in _words(stream):
        if not word:
            expected = True
        elif expected:
            commit, expected, first = word.decode(), False, True
        else:
            yield commit, word[first:].decode("utf-8", "replace")
            first = False


def _words(stream: BufferedReader) -> Iterator[bytes]:
    rest = b""
    while chunk := stream.read1(1 << 16):
        *words, rest = (rest + chunk).split(b"\0")
        yield from words
