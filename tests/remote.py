"""Real git clients of an application that is served by a thread of the test's own process."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import quote

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class Silent(WSGIRequestHandler):
    """Tells nothing of each request."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """Where an application can be reached; it is served until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = Thread(target=server.serve_forever, name="served")
    thread.start()
    try:
        yield f"127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


@dataclass
class Clone:
    """Somebody's clone of a design."""

    folder: Path
    name: str

    def git(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs git there."""
        env = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
        for who in ("AUTHOR", "COMMITTER"):
            env |= {f"GIT_{who}_NAME": self.name.title(), f"GIT_{who}_EMAIL": f"{self.name}@example.org"}
        return subprocess.run(
            ["git", *words], cwd=self.folder, env=env, capture_output=True, text=True, check=check, timeout=60
        )

    def commit(self, **files: str) -> str:
        """Commits a text for each name and returns the commit."""
        for name, text in files.items():
            (self.folder / name).write_text(text)
        self.git("add", ".")
        self.git("commit", "-qm", f"Change {', '.join(files)}")
        return self.git("rev-parse", "HEAD").stdout.strip()

    def refused(self, *words: str) -> str:
        """What git says of a push that must not succeed."""
        done = self.git("push", "origin", *words, check=False)
        assert done.returncode, f"git push {words} succeeded"
        return done.stderr

    def refs(self) -> dict[str, str]:
        """What the server has: ref → object."""
        lines = self.git("ls-remote", "origin").stdout.splitlines()
        return {name: sha for sha, name in (line.split("\t") for line in lines)}


def clone(where: str, design: str, name: str, password: str, folder: Path) -> Clone:
    """Somebody's clone of a design, made in a folder that there is not yet."""
    folder.mkdir()
    made = Clone(folder, name)
    made.git("clone", "-q", f"http://{name}:{quote(password)}@{where}{design}.git", ".")
    return made
