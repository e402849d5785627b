"""The whole repository as one file that `git clone` and `git fetch` read."""

from pathlib import Path

from opendesign.git import command
from opendesign.git.skeleton import VISIBLE, lines_of_refs

KEPT = ("refs/proposals", "refs/challenges")
"""What discussions are about, whether a branch still has it or not."""


def bundle(path: Path, target: Path) -> bool:
    """Writes branches, tags and what was proposed or entered to `target`; False, and no file, when there is nothing."""
    refs = [ref for _, ref in lines_of_refs(path, *VISIBLE, *KEPT)]
    head = (path / "HEAD").read_text().strip().removeprefix("ref: ")
    if not refs:
        return False
    feed = "\n".join([*refs, *(["HEAD"] if head in refs else []), ""]).encode("utf-8", "surrogateescape")
    command.run(path, "bundle", "create", "-q", str(target), "--stdin", feed=feed, seconds=command.UPKEEP_SECONDS)
    return True
