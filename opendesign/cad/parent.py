"""Starts a warm parent in its jail and speaks with it."""

import contextlib
import hashlib
import importlib.util
import json
import os
import socket
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opendesign.cad import inside
from opendesign.cad.inside.jail import nursery, work
from opendesign.cad.options import EngineOptions

START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from opendesign.cad.inside.jail import {0}; {0}.main()"
ENVIRONMENT = {
    "PATH": "/usr/bin",
    "LANG": "C.UTF-8",
    # Threads do not survive the fork; OpenBLAS starts one at import unless told.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "NUMBA_DISABLE_JIT": "1",
    # With huge pages a job has 7,000 page faults instead of 22,000, and a fork takes half as long. What was freed is
    # kept: pictures are made of many large arrays, each a new piece of memory to be cleared otherwise.
    "GLIBC_TUNABLES": ":".join(
        ("glibc.malloc.hugetlb=1", f"glibc.malloc.mmap_threshold={256 << 20}", f"glibc.malloc.trim_threshold={1 << 30}")
    ),
}
# No fonts of this machine: text must be the same everywhere, and the engine brings its own.
SYSTEM = ["/usr/lib", "/usr/lib64", "/lib", "/lib64"]
LIBRARY_CACHE = "/etc/ld.so.cache"
# glibc asks here whether there are huge pages before it makes use of them; jobs may not read it.
HUGE_PAGES = "/sys/kernel/mm/transparent_hugepage"
GRACE = 5.0


@dataclass
class Idle:
    """A jailed child that waits for a job, and the descriptors through which it gets and leaves it."""

    number: int
    log: int
    request: int
    output: int
    start: int
    board: int
    word: int
    roused: bool = field(default=False, init=False)

    def close(self) -> None:
        """Closes the descriptors; a child without a job ends when its start closes."""
        for descriptor in (self.log, self.request, self.output, self.start, self.board, self.word):
            os.close(descriptor)


def ours() -> Path:
    """Returns the folder that holds the opendesign package."""
    return Path(inside.__file__).resolve().parents[3]


def packages() -> list[str]:
    """Returns the folders with CadQuery and what it needs, as this interpreter finds them."""
    named = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    spec = importlib.util.find_spec("cadquery")
    if spec is not None and spec.origin is not None:
        named.insert(0, str(Path(spec.origin).parents[1]))
    return list(dict.fromkeys(os.path.realpath(path) for path in named if os.path.isdir(path)))


def interpreter() -> list[str]:
    """Returns the paths of Python itself: its own prefix, or within /usr only what it needs."""
    prefix = os.path.realpath(sys.base_prefix)
    program = os.path.realpath(sys.executable)
    if prefix == "/usr":
        return [program, *(os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib"))]
    return [prefix] if program.startswith(prefix + "/") else [prefix, program]


def shown() -> list[str]:
    """Returns every path that jobs may read."""
    root = ours()
    own = [root / "opendesign/__init__.py", root / "opendesign/cad/__init__.py", Path(inside.__file__).parent]
    system = [path for path in SYSTEM if os.path.isdir(path) and not os.path.islink(path)]
    paths = [*interpreter(), *packages(), *map(os.path.realpath, own), *system, LIBRARY_CACHE]
    return list(dict.fromkeys(path for path in paths if os.path.exists(path)))


def jobs_root(address: Path, options: EngineOptions) -> Path:
    """Makes, or empties, the folder in which plain jobs write; raises OSError if it belongs to somebody else."""
    name = hashlib.sha256(os.fsencode(address.absolute())).hexdigest()[:12]
    folder = options.jobs_folder or Path(tempfile.gettempdir(), f"opendesign-jobs-{name}")
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{folder} is not a folder of the engine's own user")
    folder.chmod(0o711)
    work.empty(str(folder))
    return folder.resolve()


def jobs_folder(root: Path | None) -> Path | None:
    """Makes a folder for one warm parent's jobs; users of their own must get through it."""
    if root is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="parent-", dir=root))
    folder.chmod(0o711)
    return folder


class WarmParent:
    """One process tree with the CAD kernel loaded: its idle children, its running ones, and how many it has served."""

    def __init__(self, options: EngineOptions, mode: str, root: Path | None):
        self.mode = mode
        self.idle: deque[Idle] = deque()
        self.running: dict[int, Any] = {}
        self.served = 0
        self.ready: dict | None = None
        self.began = time.monotonic()
        self.folder = jobs_folder(root)
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.words = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        command = self.command(options, theirs.fileno())
        with theirs:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=self.words,
                stderr=self.words,
                pass_fds=[theirs.fileno()],
                env=ENVIRONMENT,
                start_new_session=True,
                cwd="/",
            )
        self.control.setblocking(False)

    def command(self, options: EngineOptions, control: int) -> list[str]:
        """Returns the command that builds the outer jail and then warms up in it."""
        python = [os.path.realpath(sys.executable), "-I", "-B", "-S", "-c"]
        root = str(ours())
        paths = shown()
        layers = {name: name not in options.without for name in ("landlock", "seccomp", "limits")}
        order = {
            "mode": self.mode,
            "control": control,
            "ours": root,
            "packages": packages(),
            "jobs_folder": str(self.folder) if self.folder else None,
            "ready": options.slots + options.express + 1,
            "terms": {
                "memory": options.memory,
                "output": options.output,
                "work": options.work,
                "cpu_seconds": options.cpu_seconds,
                "readable": [*paths, "/dev/zero", "/dev/urandom"],
                "layers": layers,
                "landlock_abi": options.landlock_abi,
            },
        }
        scratch = str(self.folder or "/scratch")
        launch = {
            "server": os.getpid(),
            "control": control,
            "shown": [*paths, HUGE_PAGES],
            "command": [*python, START.format("warm"), root, json.dumps(order)],
            "environment": ENVIRONMENT | {"HOME": scratch, "TMPDIR": scratch, "XDG_CACHE_HOME": scratch},
        }
        return [*python, START.format("launch"), root, self.mode, json.dumps(launch)]

    def hear(self) -> list[dict] | None:
        """Returns the messages that have come, None if the parent is gone; idle children are kept here."""
        heard: list[dict] = []
        while True:
            try:
                message, descriptors, _, _ = socket.recv_fds(self.control, 65536, 6)
            except BlockingIOError:
                return heard
            except OSError:
                return None
            if not message:
                return None
            word = json.loads(message)
            if word["event"] == "idle":
                self.idle.append(Idle(word["child"], *descriptors))
            elif word["event"] == "ready":
                self.ready = word
            heard.append(word)

    def rouse(self) -> None:
        """Tells the child whose turn is next; the others stay small."""
        if self.idle and not self.idle[0].roused:
            self.idle[0].roused = True
            # One that has just died is noticed when its parent says so.
            with contextlib.suppress(OSError):
                os.write(self.idle[0].start, nursery.READY)

    def start(self, idle: Idle, background: bool) -> None:
        """Lets a child begin with the request that lies in its memory file. Raises OSError if the parent is gone."""
        self.served += 1
        self.control.send(json.dumps({"op": "start", "child": idle.number, "background": background}).encode())
        os.write(idle.start, nursery.BEGIN)

    def kill(self, number: int) -> None:
        """Ends a child. Raises OSError if the parent is gone."""
        self.control.send(json.dumps({"op": "kill", "child": number}).encode())

    def last_words(self) -> str:
        """Returns the last line that the process has written."""
        size = os.fstat(self.words.fileno()).st_size
        text = os.pread(self.words.fileno(), 4000, max(0, size - 4000)).decode(errors="replace")
        return text.strip().splitlines()[-1][:300] if text.strip() else f"ended with code {self.process.poll()}"

    def dismiss(self) -> None:
        """Asks the process to end its children and itself, which takes it some milliseconds."""
        self.control.close()
        while self.idle:
            self.idle.pop().close()

    def end(self) -> None:
        """Dismisses the process, ends it if it does not go, and removes what plain jobs have left."""
        self.dismiss()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        self.process.kill()
        self.process.wait()
        self.words.close()
        if self.folder:
            # A job killed a moment ago may still be writing; then the next start of the engine removes the rest.
            with contextlib.suppress(OSError):
                work.remove(str(self.folder))
