"""Does a child's one job, and keeps its folder where no file system of its own can."""

import contextlib
import errno
import gc
import io
import json
import os
import random
import stat
import sys
import tempfile
from collections.abc import Callable
from functools import partial

from opendesign.cad.inside.jail import board, cage, parcel

MOST_REQUESTED = 20_000
LARGEST_RESULT = 2 << 20
# A job ends soon, and its memory with it: Python's usual 700, 10, 10 spend 9 ms of a box model on looking for cycles.
SELDOM = (10_000, 20, 20)
DEEPEST = 200  # folders in folders: looking at 2,000 by their paths kept the parent busy for seconds


class TooMuch(OSError):
    """More output than allowed."""


def do(perform: Callable, request: int, output: int, shown: int, terms: cage.Terms) -> None:
    """Reads the job, perform it and leave the result as the last record of the output; `shown` is its board."""
    records = parcel.records(request, os.fstat(request).st_size, MOST_REQUESTED)
    job = json.loads(next(records)[1])
    files = dict(records)
    os.close(request)
    job["limits"] = {"output": terms.output, "memory": terms.memory, "work": terms.work}
    sent = 0

    def deliver(name: str, content: bytes) -> None:
        """Hands over one output file."""
        nonlocal sent
        sent += len(content)
        if sent > terms.output:
            raise TooMuch(errno.EFBIG, f"more than {terms.output >> 20} MiB of output")
        parcel.append(output, name, content)

    result = outcome(perform, job, files, deliver, partial(board.write, shown))
    if sent > terms.output:
        result = failure("output", f"The output is larger than {terms.output >> 20} MiB.")
    try:
        flush()
        parcel.append(output, "", encoded(result))
    except OSError:
        os.ftruncate(output, 0)
        os.lseek(output, 0, os.SEEK_SET)
        parcel.append(output, "", encoded(failure("output", "The output does not fit into its limit.")))


def settle() -> None:
    """Makes the child its own: random numbers, temporary and cached files, arguments, no input."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
    # The warm parent's cache is read-only here: matplotlib filled logs with its regrets.
    os.environ.update(dict.fromkeys(("TMPDIR", "HOME", "XDG_CACHE_HOME"), os.getcwd()))
    os.environ.update(dict.fromkeys(("LOGNAME", "USER"), "opendesign"))  # scripts that say who made it
    tempfile.tempdir = None
    sys.argv = ["model.py"]
    sys.stdin = io.StringIO()
    # Line by line: what a script prints can be read while it runs, and is not lost when it is killed.
    with contextlib.suppress(AttributeError):
        sys.stdout.reconfigure(line_buffering=True)
    gc.enable()
    gc.set_threshold(*SELDOM)


def outcome(perform: Callable, job: dict, files: dict[str, bytes], deliver: Callable, tell: Callable) -> dict:
    """Performs the job; what escapes from it is a failure like any other."""
    try:
        return perform(job, files, deliver, tell)
    except MemoryError:
        return failure("memory", f"The script needs more than {job['limits']['memory'] >> 20} MiB of memory.")
    except TooMuch as trouble:
        return failure("output", str(trouble))
    except BaseException as trouble:
        return failure("script", f"{type(trouble).__name__}: {trouble}")


def failure(kind: str, message: str) -> dict:
    """Returns the result of a job that failed."""
    return {"ok": False, "error": {"kind": kind, "message": message[:2000], "file": None, "line": None}}


def encoded(result: dict) -> bytes:
    """Writes a result as JSON; one that holds no-numbers or is too large becomes a failure."""
    try:
        text = json.dumps(result, allow_nan=False).encode()
    except (ValueError, TypeError, RecursionError) as trouble:
        text = json.dumps(failure("invalid", f"The result cannot be written down: {trouble}")).encode()
    if len(text) > LARGEST_RESULT:
        text = json.dumps(failure("output", "The result has more facts than fit into 2 MiB.")).encode()
    return text


def flush() -> None:
    """Pushes out what the script has printed; a stream it has broken or closed loses its own words only."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue


def make(root: str, terms: cage.Terms, place: int) -> str:
    """Makes a job's folder below the jobs folder."""
    folder = tempfile.mkdtemp(prefix="job-", dir=root)
    if terms.first_user is not None:
        os.chown(folder, terms.first_user + place, terms.first_user + place)
    return folder


def is_over(folder: str, most: int) -> bool:
    """Says whether the files below a folder are larger (bytes) or more than allowed, or too strange to be counted."""
    size = count = 0
    folders = [(folder, 0)]
    while folders:
        path, depth = folders.pop()
        if depth > DEEPEST:
            return True
        try:
            for entry in os.scandir(path):
                count += 1
                size += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, depth + 1))
        except (FileNotFoundError, PermissionError):
            # Removed a moment ago, or closed to everybody: then there is nothing in it.
            continue
        except OSError:
            # A path of more than 4096 bytes, for one.
            return True
        if count > cage.MOST_FILES or size > most:
            return True
    return False


def remove(path: str) -> None:
    """Removes a folder and everything in it."""
    empty(path)
    os.rmdir(path)


def empty(path: str) -> None:
    """Empties a folder of any depth: nested folders are lifted to the top, where recursion would come to its end."""
    top = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    lifted = 0
    try:
        while entries := os.listdir(top):
            for name in entries:
                if unlinked(name, top):
                    continue
                os.chmod(name, 0o700, dir_fd=top)
                folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
                for inner in os.listdir(folder):
                    if not unlinked(inner, folder):
                        lifted += 1
                        os.rename(inner, f".lifted-{lifted}", src_dir_fd=folder, dst_dir_fd=top)
                os.close(folder)
                os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)


def unlinked(name: str, folder: int) -> bool:
    """Removes a name that is not a folder; False if it is one."""
    if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        return False
    os.unlink(name, dir_fd=folder)
    return True
