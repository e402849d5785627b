"""`python -m opendesign.cli.keeping`: keeps a run going once its pieces have started.

In a process of 5 MB, as it imports nothing else of the service: `opendesign run`, which becomes it, takes 120.
"""

import json
import os
import signal
import sys
import time
from contextlib import suppress

ENDS = frozenset({signal.SIGTERM, signal.SIGINT})
PATIENCE = 12.0  # seconds a piece has to end by itself; then it is killed
LOOK = 0.2  # seconds between two looks


class Pieces:
    """The child processes of one run, by name; once one ends, or somebody says so, all do."""

    def __init__(self, running: dict[str, int]):
        self.running = running
        self.codes: dict[str, int] = {}
        self.stopping = False

    def heed(self) -> None:
        """Has all pieces ended when this process is asked to end."""
        for ending in ENDS:
            signal.signal(ending, lambda *_: self.stop())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)

    def stop(self) -> None:
        """Asks every piece to end; `watch` waits for them. A demo that is being told is told to its end first."""
        self.stopping = True
        self._tell(signal.SIGTERM)

    def ended(self) -> dict[str, int]:
        """Returns the exit codes of the pieces that have ended, by name."""
        for name, pid in self.running.items():
            if name not in self.codes:
                found, status = os.waitpid(pid, os.WNOHANG)
                if found:
                    self.codes[name] = os.waitstatus_to_exitcode(status)
        return self.codes

    def watch(self) -> int:
        """Waits until a piece ends or somebody stops us, then ends the others; returns the exit code."""
        while not self.stopping and not self.ended():
            time.sleep(LOOK)
        failed = {} if self.stopping else dict(self.ended())
        for name, code in failed.items():
            print(f"The {name} has ended with code {code}.", file=sys.stderr, flush=True)
        self.stop()
        end = time.monotonic() + PATIENCE
        while len(self.ended()) < len(self.running):
            if time.monotonic() > end:
                self._tell(signal.SIGKILL)
            time.sleep(LOOK / 10)
        print("Stopped after a failure." if failed else "Stopped.", flush=True)
        return 1 if failed else 0

    def hand_over(self) -> None:
        """Turns this process into one that only keeps the pieces; returns if they are to end already."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)  # what is said meanwhile is heard afterwards
        if not self.stopping and not self.ended():
            sys.stdout.flush()
            os.execv(sys.executable, [sys.executable, "-m", "opendesign.cli.keeping", json.dumps(self.running)])
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)

    def _tell(self, what: signal.Signals) -> None:
        """Sends a signal to every piece that has not ended; a killed one takes along all it started."""
        send = os.killpg if what == signal.SIGKILL else os.kill  # each leads a group of its own
        for name, pid in self.running.items():
            if name not in self.codes:
                with suppress(ProcessLookupError):  # it has ended in this moment
                    send(pid, what)


def main(running: str) -> int:
    """Keeps the pieces, as JSON by name, until all have ended; returns the exit code."""
    pieces = Pieces(json.loads(running))
    pieces.heed()
    return pieces.watch()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
