"""The engine's own process: opens the socket, tries the jail, and lets clients' jobs in once it holds."""

import contextlib
import json
import logging
import os
import queue
import resource
import secrets
import selectors
import signal
import socket
import tempfile
import threading
import time
from pathlib import Path

from opendesign.cad import address as addresses
from opendesign.cad import telling
from opendesign.cad.floor import Floor
from opendesign.cad.line import Task
from opendesign.cad.options import EngineOptions
from opendesign.cad.selftest import Report, examine

# How late a job's end of time, its stage or its first sight may be noticed.
TICK = 0.03
QUIET_TICK = 1.0
QUESTIONS: dict[str, set[str]] = {
    "status": set(),
    "run": {"name", "owner", "lane", "background", "seconds", "patience", "token"},
    "progress": {"name"},
    "stop": {"name"},
    "try": set(),
}

log = logging.getLogger("opendesign.engine")


class Server:
    """One engine: its socket, its clients and its floor.

    `state` is "starting", "trying" (the self-test runs), "open" or "closed"; only an open engine runs clients' jobs,
    and only a closed one turns them away.
    """

    def __init__(self, address: Path, options: EngineOptions, off: Path | None = None):
        self.address = address
        self.off_file = off or addresses.off_file(address)
        self.options = options
        self.selector = selectors.DefaultSelector()
        self.listener = addresses.listen(address)
        self.selector.register(self.listener, selectors.EVENT_READ, self.accept)
        self.waker, self.woken = socket.socketpair()
        for end in (self.waker, self.woken):
            end.setblocking(False)
        self.selector.register(self.woken, selectors.EVENT_READ, lambda _: self.woken.recv(4096))
        self.floor = Floor(address, options, self.selector, self.release)
        self.clients: dict[socket.socket, Task | None] = {}
        self.reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self.report: Report | None = None
        self.token = secrets.token_hex(16)
        self.state = "starting"
        self.reason = "The CAD engine is starting."
        self.stopping = False
        self.off = False

    def run(self) -> None:
        """Serves until `stop` is called, then ends every process and hangs up on every client."""
        try:
            while not self.stopping:
                self.tend(time.monotonic())
                for key, _ in self.selector.select(TICK if self.floor.is_busy() else QUIET_TICK):
                    key.data(key)
        finally:
            self.close()

    def stop(self) -> None:
        """Makes `run` return; may be called from signal handlers and other threads."""
        self.stopping = True
        with contextlib.suppress(OSError):
            self.waker.send(b"s")

    def close(self) -> None:
        """Gives back the address, hangs up and ends all processes."""
        self.address.unlink(missing_ok=True)
        self.listener.close()
        for client in list(self.clients):
            client.close()
        self.floor.end()
        self.selector.close()
        self.waker.close()
        self.woken.close()

    def tend(self, now: float) -> None:
        """Does what time or news make due."""
        self.floor.tend(now)
        self.judge()
        self.heed()
        if self.state == "closed":
            for task in self.floor.line.waiting():
                self.floor.turn_away(task, {"answer": "off", "reason": self.reason})
        telling.tell(self.clients, self.floor, now)

    def judge(self) -> None:
        """Opens or closes the engine by what the hearth and the self-test say."""
        hearth = self.floor.hearth
        if self.state in ("starting", "closed") and hearth.current and self.report is None:
            self.state, self.reason = "trying", "The CAD engine is testing its jail."
            threading.Thread(target=self.try_jail, args=(hearth.mode,), daemon=True).start()
        elif self.state == "starting" and hearth.failures:
            self.state, self.reason = "closed", f"The jail could not be started: {'; '.join(hearth.trouble)}"
        if self.reports.empty():
            return
        report = self.reports.get()
        if not report.ok and hearth.reject(report.reason):
            self.state = "starting"
            return
        self.report = report
        hearth.keep_mode()
        self.state = "open" if report.ok or self.options.insecure else "closed"
        self.reason = report.reason
        self.floor.trials_only = self.state != "open"
        self.floor.warning = f"WARNING, insecure by choice: {report.reason}" if report.reason else ""
        log.info("engine %s (%s) %s", self.state, report.mode, report.reason)

    def heed(self) -> None:
        """Closes the engine while an operator's file is there, and tries the jail once that is gone."""
        if self.off_file.is_file():
            if self.state in ("open", "closed"):
                self.off, self.state, self.reason = True, "closed", self.off_file.read_text()
                self.floor.trials_only = True
        elif self.off:
            self.off = False
            self.try_again()

    def try_again(self) -> None:
        """Forgets what the self-test found, so that it runs once more."""
        self.report, self.state, self.reason = None, "starting", "The CAD engine is starting."
        self.floor.trials_only = True

    def try_jail(self, mode: str) -> None:
        """Runs the self-test against this engine, as a client, and leaves the report where `judge` finds it."""
        try:
            report = examine(self.address, self.options, mode, self.token)
        except Exception as trouble:
            log.exception("self-test")
            report = Report(False, mode, {}, f"The self-test of the jail failed: {trouble!r}")
        self.reports.put(report)
        with contextlib.suppress(OSError):
            self.waker.send(b"r")

    def accept(self, _: selectors.SelectorKey) -> None:
        """Takes a new client."""
        with contextlib.suppress(OSError):
            client, _ = self.listener.accept()
            client.setblocking(False)
            self.clients[client] = None
            self.selector.register(client, selectors.EVENT_READ, self.listen)

    def listen(self, key: selectors.SelectorKey) -> None:
        """Takes a client's question, or notices that it has gone and cancels its job."""
        client = key.fileobj
        assert isinstance(client, socket.socket)
        if client not in self.clients:
            # Hung up on by an earlier event of the same round.
            return
        try:
            message, descriptors, _, _ = socket.recv_fds(client, addresses.LARGEST_MESSAGE, 1)
        except BlockingIOError:
            return
        except OSError:
            message, descriptors = b"", []
        task = self.clients[client]
        asked = self.understood(message) if task is None else None
        if asked and asked["ask"] == "run" and descriptors:
            self.admit(client, asked, descriptors[0])
            return
        for descriptor in descriptors:
            os.close(descriptor)
        if asked:
            with contextlib.suppress(OSError):
                client.send(json.dumps(self.answer(asked)).encode())
        if task:
            self.floor.cancel(task)
        self.hang_up(client)

    def understood(self, message: bytes) -> dict | None:
        """Returns a client's question, None if it has none."""
        try:
            asked = json.loads(message)
        except ValueError:
            return None
        if not isinstance(asked, dict) or asked.get("ask") not in QUESTIONS:
            return None
        return asked if asked.keys() >= QUESTIONS[asked["ask"]] else None

    def answer(self, asked: dict) -> dict:
        """Returns the answer to a question that is no job."""
        if asked["ask"] == "try" and self.state in ("open", "closed") and not self.off:
            self.try_again()
        if asked["ask"] in ("status", "try"):
            return self.status()
        found = self.floor.called(str(asked.get("name", "")))
        if asked["ask"] == "stop":
            for task in found:
                self.floor.cancel(task, "stopped")
            return {"answer": "stop", "stopped": len(found)}
        known = self.floor.progress(time.monotonic())
        if asked["ask"] != "progress" or not found or found[0] not in known:
            return {"answer": "progress", "stage": None}
        return known[found[0]] | {"answer": "progress", "log": self.floor.words_of(found[0])}

    def admit(self, client: socket.socket, asked: dict, request: int) -> None:
        """Brings a client's job to the floor."""
        longest = self.options.seconds
        task = Task(
            reply=client,
            request=request,
            size=os.fstat(request).st_size,
            owner=str(asked["owner"]),
            name=str(asked["name"]),
            lane=asked["lane"],
            background=asked["background"],
            trial=asked["token"] == self.token,
            seconds=longest if asked["seconds"] is None else min(asked["seconds"], longest),
            patience=asked["patience"],
        )
        self.clients[client] = task
        self.floor.add(task)

    def release(self, task: Task, answer: dict, descriptors: list[int]) -> None:
        """Answers the client of a task that has ended; one that has gone needs no answer."""
        with contextlib.suppress(OSError):
            socket.send_fds(task.reply, [json.dumps(answer).encode()], descriptors)
        os.close(task.request)
        self.hang_up(task.reply)

    def hang_up(self, client: socket.socket) -> None:
        """Closes a client's connection, if that has not happened yet."""
        if client in self.clients:
            del self.clients[client]
            self.selector.unregister(client)
            client.close()

    def status(self) -> dict:
        """Returns what the engine is doing."""
        current = self.floor.hearth.current
        return {
            "answer": "status",
            "open": self.state == "open",
            "state": self.state,
            "reason": self.reason,
            "mode": self.floor.hearth.mode,
            "layers": self.report.layers if self.report else {},
            "tested": self.report.seconds if self.report else 0.0,
            "slots": self.options.slots,
            "running": len(self.floor.unanswered()),
            "queued": len(self.floor.line),
            "served": current.served if current else 0,
        }


def serve(address: Path, options: EngineOptions, off: Path | None = None) -> None:
    """Runs an engine in this process until SIGTERM or SIGINT; a file at `off` keeps it closed.

    Raises Conflict if one runs there already, OSError if the address cannot be used.
    """
    # Every waiting job holds two descriptors, and the usual soft limit is 1024.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    server = Server(address, options, off)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    signal.set_wakeup_fd(server.waker.fileno(), warn_on_full_buffer=False)
    try:
        server.run()
    finally:
        signal.set_wakeup_fd(-1)


def selftest(options: EngineOptions) -> Report:
    """Starts an engine of its own, lets it try its jail, and returns what it found; takes 3 to 10 s."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder, "engine"), options)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            while server.report is None and server.state != "closed" and thread.is_alive():
                thread.join(TICK)
        finally:
            server.stop()
            thread.join()
        return server.report or Report(False, server.floor.hearth.mode, {}, server.reason)
