"""Files that somebody has locked stay as they are on every branch, but for what a branch brings up to date.

Git runs this file as a hook before a push moves anything, on its own: it imports nothing of ours.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence

Ask = Callable[..., bytes]  # what a git command prints; it may end with 0 or 1
LIST = "OPENDESIGN_LOCKED"  # names the file that says who has locked what
BRANCHES = "refs/heads/"
AT_ONCE = 100  # paths of 1,000 characters: one command takes some 2 MB of words


def refusal(path: str, owner: str) -> str:
    """Why a file may not change, in words."""
    return (
        f"{path} is locked by {owner}, on every branch. Wait until they unlock it, "
        "or have an owner of the design take the lock away: git lfs unlock --force"
    )


def changed(ask: Ask, head: str | None, old: str | None, new: str, paths: Sequence[str]) -> list[str]:
    """Which of these paths moving a branch from the commit `old` (None: it is made) to `new` changes.

    `head` is the tip of the default branch. What a branch merely takes over from there is no change.
    """
    before, after = entries(ask, old, paths) if old else {}, entries(ask, new, paths)
    moved = [path for path in paths if not old or before.get(path) != after.get(path)]
    if not moved or not head:
        return moved if old else []
    apart = _own(ask, head, new, after, moved)
    if old:
        apart |= _own(ask, head, old, before, moved)
    return sorted(apart)


def _own(ask: Ask, head: str, tip: str, found: dict[str, str], paths: Iterable[str]) -> set[str]:
    """The paths that a branch has otherwise than the commit at which it left the default branch."""
    base = ask("merge-base", head, tip).decode().strip()
    there = entries(ask, base, list(paths)) if base else {}
    return {path for path in paths if found.get(path) != there.get(path)}


def entries(ask: Ask, commit: str, paths: Sequence[str]) -> dict[str, str]:
    """The mode, kind and id of what lies at each of these paths in a commit."""
    found = {}
    for start in range(0, len(paths), AT_ONCE):
        listed = ask("ls-tree", "-z", "--full-tree", commit, "--", *paths[start : start + AT_ONCE])
        for line in listed.split(b"\0")[:-1]:
            facts, _, path = line.partition(b"\t")
            found[os.fsdecode(path)] = facts.decode()
    return found


def _ask(*words: str) -> bytes:
    done = subprocess.run(["git", *words], capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return done.stdout


def judge(lines: Iterable[str], locked: dict[str, str]) -> list[str]:
    """Why a push may not be, its moves being lines of old id, new id and ref; empty if it may."""
    head = _ask("rev-parse", "--quiet", "--verify", "HEAD^{commit}").decode().strip() or None
    found = set()
    for line in lines:
        old, new, ref = line.rstrip("\n").split(" ", 2)
        if ref.startswith(BRANCHES) and new.strip("0"):
            found |= set(changed(_ask, head, old if old.strip("0") else None, new, sorted(locked)))
    return [refusal(path, locked[path]) for path in sorted(found)]


def main() -> int:
    """Says why not, if a push may not be; 1 then, and when it cannot be found out."""
    try:
        with open(os.environ[LIST], encoding="utf-8") as file:
            faults = judge(sys.stdin, json.load(file))
    except (OSError, ValueError, KeyError, RuntimeError):
        faults = ["What is locked could not be compared with this push; try again."]
    for fault in faults[:20]:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
