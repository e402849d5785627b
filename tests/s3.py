"""Starts a store that speaks S3, as a process of its own, or says why it cannot be had."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import pytest
from botocore.config import Config
from service import free_port

from opendesign.cad.bucket import shared_session

MISSING = "moto's server is not installed (pip install 'moto[s3]' flask flask-cors), so no S3 store is tested here."
STARTING = 60.0
KEYS = {"AWS_ACCESS_KEY_ID": "ada", "AWS_SECRET_ACCESS_KEY": "a key for tests only"}
BUCKET = "made"


class ShelfUrl(str):
    """The URL of a shelf in the store's bucket, and the environment in which it may be used."""

    environ: dict[str, str]
    process: subprocess.Popen

    def below(self, name: str) -> "ShelfUrl":
        """The URL of another shelf in the same bucket."""
        other = ShelfUrl(self.replace(f"s3://{BUCKET}", f"s3://{BUCKET}/{name}"))
        other.environ, other.process = self.environ, self.process
        return other


@contextmanager
def s3_server() -> Iterator[ShelfUrl]:
    """A store with an empty bucket; it is gone afterwards."""
    if not all(map(find_spec, ("moto", "flask_cors"))):
        pytest.skip(MISSING)
    endpoint = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(
        command, env=os.environ | KEYS, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _await(port, process)
        client(endpoint).create_bucket(Bucket=BUCKET)
        url = ShelfUrl(f"s3://{BUCKET}?endpoint={endpoint}&region=us-east-1")
        url.environ, url.process = dict(KEYS), process
        yield url
    finally:
        process.kill()
        process.wait(20)


def client(endpoint: str):
    """A client of the store, beside those of the service."""
    return shared_session().create_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}),
    )


def _await(port: int, process: subprocess.Popen) -> None:
    end = time.monotonic() + STARTING
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < end, "the store did not start"
            time.sleep(0.05)
