"""Brings the branches and tags of another repository into an empty one."""

import re
from pathlib import Path

from opendesign.core.errors import Invalid, NotFound
from opendesign.git import command

URL = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?/[A-Za-z0-9._~/%+-]*")
IMPORT_SECONDS = 3600


def import_repository(target: Path, source: str) -> None:
    """Fetches every branch and tag of `source`, a folder or an http(s) URL, into the bare repository
    `target`.

    Only these two kinds of source: git's other transports run programs. Raises Invalid and NotFound.
    """
    folder = Path(source).expanduser()
    if folder.is_dir():
        place, allowed = str(folder.resolve()), "file"
    elif URL.fullmatch(source):
        place, allowed = source, source.partition(":")[0]
    else:
        raise Invalid(f"“{source[:200]}” is neither a folder nor an http(s) address of a repository.")
    env = command.environment(target) | {"GIT_ALLOW_PROTOCOL": allowed, "GIT_TERMINAL_PROMPT": "0"}
    words = ("fetch", "-q", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", "--end-of-options", place)
    refs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
    try:
        command.run(target, *words, *refs, env=env, seconds=IMPORT_SECONDS)
    except command.Failed as failure:
        raise NotFound(f"git could not read {source[:200]}: {failure}") from failure
