"""Starts a Redis server of its own for a test session, or says why it cannot be had."""

import shutil
import subprocess
import tempfile
import time

import pytest
import redis
from service import free_port

MISSING = "Redis's server is not installed (apt install redis-server), so this queue is not tested here."
START_SECONDS = 20


class RedisServer:
    """A server in a temporary folder, listening on 127.0.0.1 only, that keeps nothing on the disk."""

    def __init__(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip(MISSING)
        self.folder = tempfile.mkdtemp(prefix="redis-")
        self.port = free_port()
        words = ("--bind", "127.0.0.1", "--port", str(self.port), "--dir", self.folder, "--save", "")
        self.command = [program, *words, "--databases", "100"]
        self.made = 0
        self.start()

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                with redis.Redis(port=self.port) as asking:
                    asking.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.02)
        raise AssertionError("Redis does not answer.")

    def database(self) -> str:
        """Returns the URL of an empty database."""
        self.made += 1
        return f"redis://127.0.0.1:{self.port}/{self.made}"

    def end(self) -> None:
        """Ends the server, as a crash does."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ends the server and removes its folder."""
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)
