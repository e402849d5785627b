"""A push is asked, before it moves anything, whether it changes what others have locked."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import uuid4

from opendesign.core.errors import Forbidden
from opendesign.git import locked
from opendesign.git.repository import Repository

HOOKS = "hooks"
SCRIPT = """\
#!/bin/sh
# Written by the server at every start: change opendesign/git/guarding.py instead.
exec "$OPENDESIGN_PYTHON" -I "$OPENDESIGN_HOOK"
"""


def write_hook(root: Path) -> None:
    """Write what git runs before a guarded push into a store's folder, unless it stands there already."""
    path = root / HOOKS / "pre-receive"
    if path.exists() and path.read_text() == SCRIPT:
        return
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f"{uuid4().hex}.new")
    new.write_text(SCRIPT)
    new.chmod(0o755)
    os.replace(new, path)


@contextmanager
def guarded(path: Path, files: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """Git's words and the environment for a push to the repository at `path`; `files`: who has locked which.

    Raises Forbidden where git would not run what guards them.
    """
    if not files:
        yield (), {}
        return
    hooks = path.parent / HOOKS
    if not os.access(hooks / "pre-receive", os.X_OK):
        raise Forbidden("Files are locked here, and what guards them cannot be run. Tell the operator.")
    with NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as listed:
        json.dump(dict(files), listed)
        listed.flush()
        names = {"OPENDESIGN_PYTHON": sys.executable, "OPENDESIGN_HOOK": locked.__file__, locked.LIST: listed.name}
        yield ("-c", f"core.hooksPath={hooks}"), names


def need_unlocked(repo: Repository, ref: str, old: str | None, new: str) -> None:
    """Raises Forbidden if moving a branch changes what others have locked; `old` is None for one that is made."""
    if not repo.locked or not ref.startswith(locked.BRANCHES):
        return
    head = repo.refs().get(f"{locked.BRANCHES}{repo.head_branch()}")
    found = locked.changed(lambda *words: repo.run(*words, good=(0, 1)), head, old, new, sorted(repo.locked))
    if found:
        raise Forbidden(" ".join(f"{locked.refusal(path, repo.locked[path])}." for path in found[:3]))
