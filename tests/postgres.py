"""Starts a PostgreSQL server of its own for a test session, or says why it cannot be had."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from service import free_port

MISSING = "PostgreSQL's server is not installed (apt install postgresql), so this database is not tested here."


class Postgres:
    """A server in a temporary folder, listening on 127.0.0.1 only."""

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "/none")]
        if not found[-1].is_file():
            pytest.skip(MISSING)
        self.programs = found[-1].parent
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.port = free_port()
        self.as_user: list[str] = []
        if os.getuid() == 0:  # the server refuses to run as root
            user = next((name for name in ("postgres", "nobody") if self._known(name)), "nobody")
            shutil.chown(self.folder, user)
            self.as_user = ["runuser", "-u", user, "--"]
        self._run("initdb", "-D", f"{self.folder}/db", "-A", "trust", "-U", "opendesign", "-E", "UTF8", "--no-sync")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c fsync=off -c max_connections=400"
        self._run("pg_ctl", "-D", f"{self.folder}/db", "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def _known(self, name: str) -> bool:
        try:
            return bool(pwd.getpwnam(name))
        except KeyError:
            return False

    def _run(self, program: str, *words: str) -> None:
        command = [*self.as_user, str(self.programs / program), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60)

    def database(self, name: str, like: str = "template1") -> str:
        """Makes a database that is empty, or `like` another one that nobody uses, and returns its URL."""
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "opendesign", "-T", like)
        self._run("createdb", *where, name)
        return f"postgresql://opendesign@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """Stops the server and removes what it kept."""
        self._run("pg_ctl", "-D", f"{self.folder}/db", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
