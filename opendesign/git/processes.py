"""Long-running git processes that talk to a client, ended when the client has gone."""

import fcntl
import os
import signal
import subprocess
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO

from opendesign.git import command

PIPE_BYTES = 1 << 20
POLITE_SECONDS = 0.5


def start(path: Path, *args: str, stdin: int | IO[bytes], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """A git process in a group of its own, because it starts others, with wide unbuffered pipes."""
    process = subprocess.Popen(
        [command.GIT, *args, "--", str(path)],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=env,
        bufsize=0,
        start_new_session=True,
    )
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            _widen(pipe)
    return process


def pipes(process: subprocess.Popen[bytes]) -> tuple[RawIOBase, BufferedReader]:
    """The way into a process that was started with both pipes, unbuffered, and the way out."""
    assert isinstance(process.stdin, RawIOBase) and isinstance(process.stdout, RawIOBase)
    return process.stdin, BufferedReader(process.stdout)


def _widen(pipe: IO[bytes]) -> None:
    try:
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except OSError:
        return  # the kernel's allowance for pipes of one user is used up; the default of 64 kB works too


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and all it started, first politely, and reap it."""
    for word in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            break
        _tell(process, word)
        try:
            process.wait(timeout=POLITE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def _tell(process: subprocess.Popen[bytes], word: signal.Signals) -> None:
    try:
        os.killpg(process.pid, word)
    except ProcessLookupError:
        return
