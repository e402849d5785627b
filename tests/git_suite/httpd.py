"""What git's `lib-httpd.sh` starts in Apache's place: `-v`, `-k start` and `-k stop`, with gunicorn behind them."""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from gunicorn.glogging import Logger

from tests.git.served import SERVER, await_port

NAME = "Server version: Apache/2.4.0 (a lie: OpenDesign behind gunicorn)"
LOG = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s'


class Log(Logger):
    """The log of requests as Apache writes it: "-" for an answer without a body."""

    def atoms(self, answer, *told):
        """The words of a line."""
        return super().atoms(answer, *told) | {"b": answer.sent or answer.response_length or "-"}


def start(root: Path, port: int) -> None:
    """Starts the server for the documents in `root`; returns when it can be asked."""
    logs = ("--access-logfile=access.log", f"--access-logformat={LOG}", "--error-logfile=error.log")
    words = [sys.executable, *SERVER, f"--bind=127.0.0.1:{port}", *logs, "--logger-class=tests.git_suite.httpd.Log"]
    env = os.environ | {"GIT_SUITE_ROOT": str(root)}
    with open(root / "error.log", "ab") as errors:
        told = {"stdin": subprocess.DEVNULL, "stdout": errors, "stderr": errors}
        words += ["tests.git_suite.app:app"]
        process = subprocess.Popen(words, cwd=root, env=env, start_new_session=True, **told)
    (root / "httpd.pid").write_text(str(process.pid))
    await_port(port, process)


def stop(root: Path) -> None:
    """Ends the server and waits until it is gone."""
    pid = int((root / "httpd.pid").read_text())
    os.kill(pid, signal.SIGQUIT)
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.02)


def main() -> None:
    """Does what Apache's program does with these options."""
    parser = argparse.ArgumentParser(prog="httpd")
    parser.add_argument("-v", action="store_true", dest="version")
    parser.add_argument("-d", type=Path, dest="root")
    parser.add_argument("-k", choices=("start", "stop"), dest="verb")
    parser.add_argument("-c", default="", dest="setting")
    for ignored in ("-f", "-D"):
        parser.add_argument(ignored)
    asked = parser.parse_args()
    if asked.version:
        print(NAME)
    elif asked.verb == "start":
        start(asked.root, int(asked.setting.rpartition(":")[2]))
    else:
        stop(asked.root)


if __name__ == "__main__":
    main()
