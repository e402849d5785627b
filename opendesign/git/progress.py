"""Git at work for a long time: its own progress is read, its limits are kept, and it can be stopped."""

import os
import re
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from opendesign.core.errors import Conflict, TooLarge
from opendesign.git import command, processes
from opendesign.git.limits import GIB, SETTINGS, GitLimits, too_large

Tell = Callable[["Progress"], bool]
PAUSE = 0.5
"""Seconds between two looks at how far it is, and at whether somebody wants it to stop."""
MOST_SAID = 64 << 10
MEMORY = 4 * GIB
"""Address space of each process: a delta of a few bytes may say that it unpacks to any size."""
LINE = re.compile(r"(?:remote: )?(?P<stage>[A-Z][a-z]+ [a-z]+): +(?P<percent>\d+)% \((?P<done>\d+)/(?P<all>\d+)\)")
AMOUNT = re.compile(r", (?P<number>\d+(?:\.\d+)?) (?P<unit>bytes|KiB|MiB|GiB)")
UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
STAGES = {
    "Counting objects": "counting",
    "Compressing objects": "counting",
    "Receiving objects": "receiving",
    "Resolving deltas": "checking",
    "Checking objects": "checking",
    "Writing objects": "sending",
}


class Stopped(Conflict):
    """Somebody wanted it to stop."""


class Overfull(TooLarge):
    """More bytes came than may come: `import_bytes`."""


@dataclass(frozen=True)
class Progress:
    """How far git is: `stage` is counting, receiving, checking or sending; percent of that; bytes on the wire."""

    stage: str = ""
    percent: int = 0
    bytes: int = 0


def read_progress(line: str, before: Progress) -> Progress:
    """How far git is after it has written this line."""
    found = LINE.match(line)
    if not found or found["stage"] not in STAGES:
        return before
    stage = STAGES[found["stage"]]
    size = before.bytes
    if stage in ("receiving", "sending") and (amount := AMOUNT.search(line)):
        size = int(float(amount["number"]) * UNITS[amount["unit"]])
    return Progress(stage, min(100, int(found["percent"])), size)


def watch(
    path: Path, *args: str, env: dict[str, str], limits: GitLimits, tell: Tell, answer: IO[bytes] | None = None
) -> str:
    """Runs `git args` for the repository at `path` and returns what it said; what it prints goes into `answer`.

    `tell` learns how far it is twice a second, and answers whether to go on. Raises Stopped, Failed, or TooLarge past
    `import_seconds`, or Overfull past `import_bytes` on the wire or on the disk; a file grows one byte more at most.
    """
    process = subprocess.Popen(
        [*_limited(limits), command.GIT, f"--git-dir={path}", *args],
        stdin=subprocess.DEVNULL,
        stdout=answer or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=env,
        start_new_session=True,
    )
    said: list[str] = []
    deadline, before = time.monotonic() + limits.import_seconds, size_of(path)
    try:
        for progress in _read(process, said):
            grown = size_of(path) - before
            if max(progress.bytes, grown) > limits.import_bytes:
                raise Overfull(too_large("This repository", limits, "import_bytes").message)
            if time.monotonic() > deadline:
                setting = SETTINGS["import_seconds"]
                raise too_large(f"The time this takes (in seconds, {setting})", limits, "import_seconds")
            if not tell(progress):
                raise Stopped("It was stopped.")
    finally:
        processes.stop(process)
        if process.stderr:
            process.stderr.close()
    if process.returncode:
        raise command.Failed(args[:1], process.returncode, "\n".join(said).encode())
    return "\n".join(said)


def _limited(limits: GitLimits) -> list[str]:
    """The words that put limits on what follows, where the machine has them.

    Git does not say that a file of it was cut off; that it is a byte too long does.
    """
    tool = shutil.which("prlimit")
    if tool is None:
        return []
    return [tool, f"--as={MEMORY}", f"--fsize={limits.import_bytes + 1}", f"--cpu={limits.import_seconds}", "--core=0"]


def _read(process: subprocess.Popen[bytes], said: list[str]) -> Iterator[Progress]:
    """How far it is whenever some time has passed; what is no progress is added to `said`."""
    assert process.stderr is not None
    pipe, rest, progress = process.stderr.fileno(), b"", Progress()
    due = time.monotonic() + PAUSE
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0.0, due - time.monotonic()))
        if ready:
            piece = os.read(pipe, 1 << 16)
            if not piece:
                break
            *lines, rest = re.split(rb"[\r\n]", (rest + piece)[-MOST_SAID:])
            for line in lines:
                text = line.decode("utf-8", "replace").strip()
                after = read_progress(text, progress)
                if after is progress and text and sum(map(len, said)) < MOST_SAID:
                    said.append(text)
                progress = after
        if time.monotonic() >= due:
            yield progress
            due = time.monotonic() + PAUSE
    process.wait()
    yield progress


def size_of(path: Path) -> int:
    """Bytes of all objects of the repository."""
    total = 0
    for where, _, files in os.walk(path / "objects"):
        for name in files:
            try:
                total += os.stat(os.path.join(where, name)).st_size
            except FileNotFoundError:
                continue  # a pack that has just taken its name
    return total
