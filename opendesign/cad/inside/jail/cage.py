"""Closes the inner jail around one job, in the forked child, before a byte of the script is looked at."""

import fcntl
import math
import os
import resource
import signal
from dataclasses import dataclass, field

from opendesign.cad.inside.jail import landlock, linux, seccomp

WORK = "/model/work"
MOST_FILES = 2048
HELD = 40  # above the places that a job's descriptors are moved to
OPEN_FILES = 64


@dataclass
class Terms:
    """What holds for every job of one warm parent: the kind of jail, its limits (bytes, s) and its readable paths."""

    mode: str
    memory: int
    output: int
    work: int
    cpu_seconds: float
    readable: list[str]
    first_user: int | None
    layers: dict[str, bool]
    landlock_abi: int
    address_space: int = 0
    resident: int = 0
    null: int = field(default_factory=lambda: os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC))
    rules: int | None = None

    def prepare(self) -> None:
        """Measures what a child inherits and builds once what all children share."""
        with open("/proc/self/statm") as sizes:
            size, self.resident, *_ = map(int, sizes.read().split())
        self.address_space = size * resource.getpagesize()
        if self.mode == "namespaces" and self.layers["landlock"]:
            # The folder above: the tmpfs that a job mounts is looked up through its mount point's parent.
            self.rules = landlock.ruleset(self.readable, [os.path.dirname(WORK)], ["/dev/null"], self.landlock_abi)
        if self.mode == "namespaces" and self.layers["seccomp"]:
            seccomp.program(1)


def close(terms: Terms, place: int, work: str, descriptors: list[int]) -> None:
    """Puts this process into the jail.

    Afterwards the work folder is the current one, standard input is empty, output and errors go to descriptors[0],
    and the others lie at 3, 4 ….
    """
    os.setsid()
    if terms.mode == "namespaces":
        enter_namespaces(terms, place)
    os.chdir(work)
    linux.drop_bounding_set()
    if terms.first_user is not None:
        identity = terms.first_user + place
        os.setgroups([])
        os.setresgid(identity, identity, identity)
        os.setresuid(identity, identity, identity)
    if terms.layers["limits"]:
        limit(terms)
    linux.drop_capabilities()
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    linux.die_with_parent()
    if terms.layers["landlock"]:
        rules = terms.rules
        if rules is None:
            rules = landlock.ruleset(terms.readable, [work], ["/dev/null"], terms.landlock_abi)
        landlock.restrict(rules)
    keep(terms.null, descriptors)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    if terms.layers["seccomp"]:
        seccomp.load(seccomp.program(os.getpid()))


def enter_namespaces(terms: Terms, place: int) -> None:
    """Gives the job its own mounts, ipc and host name, a small noexec work folder and an empty /proc."""
    linux.unshare(linux.CLONE_NEWNS | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS)
    user = 0 if terms.first_user is None else terms.first_user + place
    safe = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    size = f"mode=700,size={terms.work},nr_inodes={MOST_FILES},uid={user},gid={user}"
    linux.mount("tmpfs", WORK, "tmpfs", safe, size)
    # Covered, never unmounted: the host's may lie below.
    linux.mount("tmpfs", "/proc", "tmpfs", safe | linux.MS_RDONLY, "mode=000,size=4k,nr_inodes=2")


def limit(terms: Terms) -> None:
    """Sets the resource limits, soft and hard alike."""
    cpu = math.ceil(terms.cpu_seconds)
    for name, most in (
        (resource.RLIMIT_AS, terms.address_space + terms.memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, terms.output),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 1),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_STACK, 64 << 20),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, 64),
    ):
        _, hardest = resource.getrlimit(name)
        if hardest != resource.RLIM_INFINITY:
            most = min(most, hardest)
        resource.setrlimit(name, (most, most))


def keep(null: int, descriptors: list[int]) -> None:
    """Moves the job's descriptors to their places and closes every other one."""
    held = [fcntl.fcntl(number, fcntl.F_DUPFD, HELD) for number in descriptors]
    os.dup2(null, 0)
    os.dup2(held[0], 1)
    os.dup2(held[0], 2)
    for place, number in enumerate(held[1:], start=3):
        os.dup2(number, place, inheritable=False)
    linux.close_from(3 + len(held) - 1)
