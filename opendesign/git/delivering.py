"""Pushes the branches and tags of a repository to another server; nothing there is overwritten or deleted."""

from pathlib import Path

from opendesign.git import command
from opendesign.git.importing import unreadable
from opendesign.git.limits import GitLimits
from opendesign.git.progress import Tell, watch
from opendesign.git.remote import Way, environment
from opendesign.git.skeleton import VISIBLE


def deliver(path: Path, way: Way, name: str, secret: str, limits: GitLimits, tell: Tell) -> None:
    """Pushes every branch and tag along the way; raises Stopped, TooLarge, and Invalid in words."""
    refs = [f"{kind}/*:{kind}/*" for kind in VISIBLE]
    words = ("push", "--progress", "--no-verify", "--", way.remote.url, *refs)
    try:
        watch(path, *words, env=environment(path, way, name, secret), limits=limits, tell=tell)
    except command.Failed as failure:
        raise unreadable(way, failure.said) from failure
