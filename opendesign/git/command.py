"""Git processes: started without a shell, in an environment of our own, and ended in time."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from threading import Timer

from opendesign.core.errors import TooLarge
from opendesign.git.limits import SETTINGS, GitLimits

GIT = shutil.which("git") or "git"
CONFIG = "git.config"
SECONDS = GitLimits.git_seconds
UPKEEP_SECONDS = 3600
CHANCES = 5
SWEPT = b"unable to create temporary file: No such file"
OUTER: tuple[str, ...] = (
    "DIR",
    "WORK_TREE",
    "INDEX_FILE",
    "OBJECT_DIRECTORY",
    "ALTERNATE_OBJECT_DIRECTORIES",
    "COMMON_DIR",
)
OUTER += (
    "NAMESPACE",
    "PREFIX",
    "CONFIG",
    "CONFIG_PARAMETERS",
    "CONFIG_COUNT",
    "QUARANTINE_PATH",
    "GRAFT_FILE",
)
OUTER += ("REPLACE_REF_BASE", "SHALLOW_FILE", "CEILING_DIRECTORIES", "TRACE", "TRACE2")


class Failed(RuntimeError):
    """Git ended in a way that nothing in the request explains."""

    def __init__(self, args: Iterable[str], code: int, said: bytes):
        self.code = code
        self.said = said.decode("utf-8", "replace").strip()
        super().__init__(f"git {' '.join(args)} ended with {code}: {self.said[:2000]}")


def forget_outer_repository() -> None:
    """Drop what a surrounding git hook left in the environment: it would aim every command at another
    repository.
    """
    for name in OUTER:
        os.environ.pop(f"GIT_{name}", None)


def environment(path: Path, also: Iterable[Path] = ()) -> dict[str, str]:
    """The whole environment of a git process in the repository at `path`; `also` lists object folders it
    may read.
    """
    names = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(path.parent / CONFIG),
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
    if folders := [_quoted(str(folder)) for folder in also]:
        names["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = ":".join(folders)
    return names


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def run(
    path: Path,
    *args: str,
    feed: bytes = b"",
    good: tuple[int, ...] = (0,),
    env: dict[str, str] | None = None,
    seconds: float = SECONDS,
) -> bytes:
    """What `git args` prints for the repository at `path`; raises Failed, or TooLarge after `seconds`."""
    return finished(path, *args, feed=feed, good=good, env=env, seconds=seconds).stdout


def finished(
    path: Path,
    *args: str,
    feed: bytes = b"",
    good: tuple[int, ...] = (0,),
    env: dict[str, str] | None = None,
    seconds: float = SECONDS,
) -> subprocess.CompletedProcess[bytes]:
    """The ended process of `git args`, whose return code is one of `good`; raises as `run` does.

    A repack beside it may take an empty folder of objects away between git's making it and writing into it;
    git gives up on that, we ask again.
    """
    words = [GIT, f"--git-dir={path}", *args]
    for _ in range(CHANCES):
        try:
            done = subprocess.run(
                words,
                input=feed,
                capture_output=True,
                env=env or environment(path),
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise _too_slow(args, seconds) from late
        if done.returncode in good:
            return done
        if SWEPT not in done.stderr or not path.is_dir():
            break
    raise Failed(args, done.returncode, done.stderr)


@contextmanager
def reading(
    path: Path,
    *args: str,
    feed: bytes = b"",
    env: dict[str, str] | None = None,
    seconds: float = SECONDS,
) -> Iterator[BufferedReader]:
    """What a running `git args` prints; closing it means "enough". The process is ended and reaped
    afterwards.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as said:
        source.write(feed)
        source.seek(0)
        words = [GIT, f"--git-dir={path}", *args]
        process = subprocess.Popen(
            words, stdin=source, stdout=subprocess.PIPE, stderr=said, env=env or environment(path)
        )
        clock = Timer(seconds, process.kill)
        clock.start()
        stopped = True
        try:
            yield _out(process)
            stopped = _out(process).closed
        finally:
            late = clock.finished.is_set()
            clock.cancel()
            _end(process, stopped)
            if late:
                raise _too_slow(args, seconds)
        if process.returncode and not stopped:
            said.seek(0)
            raise Failed(args, process.returncode, said.read())


def _end(process: subprocess.Popen[bytes], stopped: bool) -> None:
    if stopped:
        process.terminate()
    _out(process).close()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _out(process: subprocess.Popen[bytes]) -> BufferedReader:
    """The pipe from a process that was started with one."""
    assert isinstance(process.stdout, BufferedReader)
    return process.stdout


def _too_slow(args: Iterable[str], seconds: float) -> TooLarge:
    verb = next((word for word in args if not word.startswith("-")), "")
    return TooLarge(f"git {verb} needed more than {seconds:g} s (setting {SETTINGS['git_seconds']}).")


def git_version() -> tuple[int, ...]:
    """The version of git on this machine, empty when there is none."""
    try:
        said = subprocess.run([GIT, "version"], capture_output=True, text=True, check=True, timeout=SECONDS).stdout
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(part) for part in said.split()[2].split(".")[:3] if part.isdigit())
