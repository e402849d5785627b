"""Forks jailed children that wait for a job each, and watches them.

The engine outside owns the queue and the contents; here is only: children ready in advance, a kill on demand, a look
at memory and disk, and the way in which each child ended. Nothing a child computes is ever read here.
"""

import contextlib
import json
import os
import resource
import select
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass

from opendesign.cad.inside.jail import (
    board,
    cage,
    identity,
    linux,
    touch,
    work,
)

REQUEST, OUTPUT, GO, BOARD, WORD = 3, 4, 5, 6, 7
WATCH_MS = 50
QUIET_MS = 30
LAST_RESORT = 70
READY, BEGIN = b"r", b"b"  # what the engine writes to a child: its turn is next; its job is there
DONE = b"d"  # what a child writes when all is written, before the kernel takes 7 ms to clear up after it


@dataclass
class Child:
    """A forked child: waiting for its job until `running`, then in it."""

    number: int
    pid: int
    pidfd: int
    place: int
    folder: str
    statm: str
    why: str | None = None


class Nursery:
    """The children of one warm parent, and the socket to the engine."""

    def __init__(
        self,
        control: socket.socket,
        terms: cage.Terms,
        order: dict,
        perform: Callable,
        needed: touch.Needed,
    ):
        self.control = control
        self.terms = terms
        self.perform = perform
        self.needed = needed
        self.ready = order["ready"]
        self.jobs_folder = order["jobs_folder"]
        self.waiting: dict[int, Child] = {}
        self.running: dict[int, Child] = {}
        self.count = 0
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        namespaces = terms.mode == "namespaces"
        self.pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC) if namespaces else None

    def children(self) -> list[Child]:
        """Returns every living child."""
        return [*self.waiting.values(), *self.running.values()]

    def tend(self) -> None:
        """Serves the engine until it hangs up."""
        while True:
            short = len(self.children()) < self.ready
            events = self.poll.poll(QUIET_MS if short else WATCH_MS if self.running else None)
            for descriptor, _ in events:
                if descriptor == self.control.fileno():
                    if not self.listen():
                        return
                else:
                    self.bury(descriptor)
            # Forking takes the processor from the jobs at hand, so it waits for a quiet moment or a real need.
            if short and (not events or not self.waiting):
                self.bear()
            self.watch()

    def end(self) -> None:
        """Ends every child, and then this process."""
        for child in self.children():
            self.kill(child, "ended")
            os.wait4(child.pid, 0)
        os._exit(0)

    def listen(self) -> bool:
        """Takes one message of the engine; False when it is gone."""
        try:
            message = self.control.recv(65536)
        except OSError:
            return False
        if not message:
            return False
        word = json.loads(message)
        number = word["child"]
        if word["op"] == "start" and number in self.waiting:
            child = self.running[number] = self.waiting.pop(number)
            if word["background"]:
                # A courtesy that needs CAP_SYS_NICE where jobs have users of their own.
                with contextlib.suppress(PermissionError):
                    os.setpriority(os.PRIO_PROCESS, child.pid, 10)
        elif word["op"] == "kill":
            self.kill(self.running.get(number) or self.waiting.get(number), "killed")
        return True

    def kill(self, child: Child | None, why: str) -> None:
        """Ends a child, if it still lives, and remember the first reason."""
        if child:
            child.why = child.why or why
            signal.pidfd_send_signal(child.pidfd, signal.SIGKILL)

    def bear(self) -> None:
        """Forks a child into its jail and hand the engine its descriptors."""
        self.count += 1
        taken = {child.place for child in self.children()}
        place = next(place for place in range(identity.PLACES) if place not in taken)
        folder = work.make(self.jobs_folder, self.terms, place) if self.terms.mode == "plain" else cage.WORK
        memfd = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
        log, request, output = (os.memfd_create(name, memfd) for name in ("log", "request", "output"))
        shown = board.made()
        go, start = os.pipe2(os.O_CLOEXEC)
        heard, word = os.pipe2(os.O_CLOEXEC)
        pid = self.fork(place, folder, [log, request, output, go, shown, word])
        pidfd = os.pidfd_open(pid)
        statm = f"/proc/{outer_pid(pidfd)}/statm"
        self.waiting[self.count] = Child(self.count, pid, pidfd, place, folder, statm)
        self.poll.register(pidfd, select.POLLIN)
        socket.send_fds(
            self.control,
            [json.dumps({"event": "idle", "child": self.count}).encode()],
            [log, request, output, start, shown, heard],
        )
        for descriptor in (log, request, output, go, start, shown, heard, word):
            os.close(descriptor)

    def fork(self, place: int, folder: str, descriptors: list[int]) -> int:
        """Forks; the child never returns from here."""
        if self.pids is not None:
            linux.unshare(linux.CLONE_NEWPID)
        try:
            pid = os.fork()
            if pid == 0:
                self.live(place, folder, descriptors)
        finally:
            if self.pids is not None:
                linux.setns(self.pids, linux.CLONE_NEWPID)
        return pid

    def live(self, place: int, folder: str, descriptors: list[int]) -> None:
        """Is a child: close the jail, wait for the job, do it, end."""
        try:
            cage.close(self.terms, place, folder, descriptors)
            work.settle()
            word = os.read(GO, 1)
            if word == READY:
                touch.again(self.needed)
                word = os.read(GO, 1)
            if word == BEGIN:
                os.close(GO)
                work.do(self.perform, REQUEST, OUTPUT, BOARD, self.terms)
                os.write(WORD, DONE)
                os._exit(0)
        except BaseException as trouble:
            os.write(2, f"the jail could not be closed: {trouble!r}\n".encode()[:2000])
        os._exit(LAST_RESORT)

    def bury(self, pidfd: int) -> None:
        """Reports how a child ended and remove what it left."""
        child = next(child for child in self.children() if child.pidfd == pidfd)
        _, status, usage = os.wait4(child.pid, 0)
        self.poll.unregister(pidfd)
        os.close(pidfd)
        self.waiting.pop(child.number, None)
        self.running.pop(child.number, None)
        ending = {
            "event": "exit",
            "child": child.number,
            "code": os.waitstatus_to_exitcode(status),
            "why": child.why,
            "cpu": usage.ru_utime + usage.ru_stime,
        }
        self.control.send(json.dumps(ending).encode())
        if self.terms.mode == "plain":
            # What cannot be removed now goes when the parent goes; it must not take the parent along.
            with contextlib.suppress(OSError):
                work.remove(child.folder)

    def watch(self) -> None:
        """Kills running children whose memory or folder has outgrown its limit."""
        for child in self.running.values():
            if pages(child.statm) - self.terms.resident > self.terms.memory // resource.getpagesize():
                self.kill(child, "memory")
            elif self.terms.mode == "plain" and work.is_over(child.folder, self.terms.work):
                self.kill(child, "disk")


def outer_pid(pidfd: int) -> int:
    """Returns a child's number in the process list at hand, which may be that of an outer namespace."""
    with open(f"/proc/self/fdinfo/{pidfd}") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))


def pages(statm: str) -> int:
    """Returns the resident pages of a process, 0 when it is gone."""
    try:
        with open(statm) as sizes:
            return int(sizes.read().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0
