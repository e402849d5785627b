"""Another server's files are asked for until a moment that is told, however slowly it answers."""

import contextlib
import socket
import threading
import time

import pytest

from opendesign.core.errors import Invalid
from opendesign.core.lfs import Pointer
from opendesign.core.remote import read_remote
from opendesign.git.elsewhere import FAULTS, files_at, had
from opendesign.git.remote import find_way

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"


@pytest.fixture(params=[b"", HEAD], ids=["its headers", "its body"])
def dripping(request):
    """The address of a server that sends a byte every 20 ms, for ever."""
    stop = threading.Event()

    def drip(line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            line.sendall(request.param or b"HTTP/1.1 200 OK\r\n")
            while not stop.wait(0.02):
                line.sendall(b"x")

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)


def test_who_drips_is_cut_off(dripping):
    remote = read_remote(f"http://{dripping}/cleo/motor.git")
    with pytest.raises(Invalid):
        files_at(find_way(remote, dripping), [Pointer("5e" * 32, 10)], time.monotonic() + 0.5)
    with pytest.raises(FAULTS), had(f"http://{dripping}/x", {}, remote, dripping, time.monotonic() + 0.5) as body:
        while body.read(4096):
            pass
        raise OSError("it ended")
