"""A live server over a folder of stores, and real git clients for it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PEOPLE = {
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.compression",
    "GIT_CONFIG_VALUE_0": "1",
}
SERVER = ("-m", "gunicorn", "--no-control-socket", "--worker-class=gthread", "--threads=16", "--timeout=600")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(root: Path, **limits: int) -> Iterator[str]:
    """The address of a gunicorn over the stores in `root`."""
    port = free_port()
    env = os.environ | {"GIT_RING_ROOT": str(root), "GIT_RING_LIMITS": json.dumps(limits)}
    words = [sys.executable, *SERVER, f"--bind=127.0.0.1:{port}", "--log-level=warning", "tests.git.wsgi:app"]
    process = subprocess.Popen(words, cwd=REPOSITORY, env=env)
    try:
        await_port(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def await_port(port: int, process: subprocess.Popen) -> None:
    """Return when somebody listens on the port; fails when the process has ended."""
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"the server ended with {process.returncode}")


def git(*words: str, cwd: Path | None = None, good: bool = True, **variables: str) -> str:
    """What a git client says, on both channels; it fails unless it ends as `good` says."""
    env = {**os.environ, **PEOPLE, **variables}
    done = subprocess.run(
        ["git", *words], cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120
    )
    assert (done.returncode == 0) == good, done.stdout
    return done.stdout


def save(work: Path, name: str, content: bytes, message: str = "Change") -> str:
    """Commit a file in a work tree."""
    (work / name).parent.mkdir(parents=True, exist_ok=True)
    (work / name).write_bytes(content)
    git("add", "-A", cwd=work)
    git("commit", "-qm", message, cwd=work)
    return git("rev-parse", "HEAD", cwd=work).strip()


def processes_in(folder: Path) -> list[str]:
    """The git processes that work on the repository in `folder`."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if b"git" in words and str(folder).encode() in words:
            found.append(words.replace(b"\0", b" ").decode())
    return found


def eventually(true, seconds: float = 60) -> None:
    """Wait until `true()` holds."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.02)
