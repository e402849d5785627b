"""Runs jobs the way the jail does, without the jail: one warm process, one forked child per job.

Started as a program it is that process: it reads pickled (job, files) and answers (result, delivered files, words).
"""

import functools
import os
import pickle
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Done:
    """What became of a job: its result, the files it delivered, and what it printed."""

    result: dict
    files: dict[str, bytes]
    words: str


Run = Callable[..., Done]


@functools.cache
def process() -> subprocess.Popen:
    """Returns the warm process, which ends with its standard input."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, __file__], stdin=pipe, stdout=pipe, env=environment)


def performed(job: dict, files: dict[str, bytes]) -> Done:
    """Performs a job in a child of the warm process."""
    warm = process()
    put(warm.stdin, (job, files))
    return Done(*get(warm.stdout))


def build(script: str, formats: str = "", part: str = "part.py", **files: str | bytes) -> Done:
    """Builds a script with more files beside it, named with __ for / and _py for .py."""
    given = {name.replace("__", "/").replace("_py", ".py"): content for name, content in files.items()}
    every = {name: text.encode() if isinstance(text, str) else text for name, text in given.items()}
    job = {"kind": "build", "part": part, "formats": formats.split()}
    return performed(job, {part: script.encode(), **every})


def shapes(done: Done) -> list[dict]:
    """Returns the shapes of a job that succeeded."""
    assert done.result["ok"], done.result
    return done.result["shapes"]


def error(done: Done) -> tuple[str, str | None, int | None]:
    """Returns kind, file and line of a job's error."""
    assert not done.result["ok"], done.result
    return tuple(done.result["error"][key] for key in ("kind", "file", "line"))


def put(stream, value: object) -> None:
    """Writes a value with its length."""
    content = pickle.dumps(value)
    stream.write(struct.pack("<Q", len(content)) + content)
    stream.flush()


def get(stream) -> object:
    """Reads a value. Raises EOFError at the end."""
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError
    return pickle.loads(stream.read(struct.unpack("<Q", head)[0]))


def child(run, job: dict, files: dict[str, bytes], output: int, words: int) -> None:
    """Performs one job and leaves."""
    os.dup2(words, 1)
    delivered: dict[str, bytes] = {}
    result = run.perform(job, files, delivered.__setitem__)
    sys.stdout.flush()
    os.lseek(words, 0, os.SEEK_SET)
    text = os.read(words, 1 << 20).decode(errors="replace")
    with os.fdopen(output, "wb") as stream:
        put(stream, (result, delivered, text))
    os._exit(0)


def main() -> None:
    """Warms up, then forks for every job until the input ends."""
    from OCP.OSD import OSD_ThreadPool

    OSD_ThreadPool.DefaultPool_s(1)
    from opendesign.cad.inside import run

    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        run.warm()
    assert len(os.listdir("/proc/self/task")) == 1
    while True:
        try:
            job, files = get(requests)
        except EOFError:
            return
        with (
            tempfile.TemporaryDirectory() as folder,
            tempfile.TemporaryFile() as words,
            tempfile.TemporaryFile() as out,
        ):
            pid = os.fork()
            if pid == 0:
                os.chdir(folder)
                child(run, job, files, out.fileno(), words.fileno())
            _, status = os.waitpid(pid, 0)
            out.seek(0)
            answer = out.read()
            if not answer:
                crash = {"ok": False, "error": {"kind": "crash", "message": str(status), "file": None, "line": None}}
                put(answers, (crash, {}, ""))
            else:
                answers.write(answer)
                answers.flush()


if __name__ == "__main__":
    main()
