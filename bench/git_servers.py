"""The servers that are compared: ours, and git's own behind nginx."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from opendesign.git.pktlines import FLUSH, line
from tests.git.served import REPOSITORY, SERVER, await_port, free_port

RING = (sys.executable, *SERVER, "--bind=127.0.0.1:{port}", "--log-level=warning", "tests.git.wsgi:app")
SETTINGS = """\
daemon off; error_log {folder}/error.log; pid {folder}/pid; worker_processes 2; {user}
events {{ worker_connections 256; }}
http {{
  access_log off; client_max_body_size 0; client_body_temp_path {folder}/body; fastcgi_temp_path {folder}/fastcgi;
  proxy_temp_path {folder}/proxy; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      fastcgi_pass unix:{folder}/socket;
      fastcgi_param SCRIPT_FILENAME {backend};
      fastcgi_param GIT_PROJECT_ROOT {root};
      fastcgi_param GIT_HTTP_EXPORT_ALL "";
      fastcgi_param PATH_INFO $uri;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
      fastcgi_param GIT_PROTOCOL $http_git_protocol;
      fastcgi_param REMOTE_ADDR $remote_addr;
      {more}
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Server:
    """A running server: where it has the repository of a key, and its process."""

    url: Callable[[str], str]
    pid: int


Opening = Callable[[Path], AbstractContextManager[Server]]
"""Starts a server over the store in a folder; another one than the ring's own may be measured by handing it in."""


def ring(words: Sequence[str] = RING) -> Opening:
    """Ours: a command in which {port} stands for the port and which finds the store in GIT_RING_ROOT."""

    @contextmanager
    def opening(root: Path) -> Iterator[Server]:
        port = free_port()
        env = os.environ | {"GIT_RING_ROOT": str(root)}
        process = subprocess.Popen([word.format(port=port) for word in words], cwd=REPOSITORY, env=env)
        try:
            await_port(port, process)
            yield Server(lambda key: f"http://127.0.0.1:{port}/{key}.git", process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)

    return opening


def rival_programs() -> tuple[str, str, str] | None:
    """nginx, fcgiwrap and git http-backend; None when one is not installed."""
    more = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    nginx, fcgiwrap = (shutil.which(name, path=more) for name in ("nginx", "fcgiwrap"))
    libexec = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()
    backend = shutil.which("git-http-backend", path=libexec)
    return (nginx, fcgiwrap, backend) if nginx and fcgiwrap and backend else None


@contextmanager
def instant(url: str) -> Iterator[Server]:
    """A server that gives git, at once, what the repository at `url` answers to a fetch that finds nothing new."""
    ends = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:
        answers = {method: _recorded(url, method) for method in (b"GET", b"POST")}
        threading.Thread(target=_give, args=(door, answers, ends), daemon=True).start()
        port = door.getsockname()[1]
        yield Server(lambda key: f"http://127.0.0.1:{port}/{key}.git", os.getpid())
        ends.set()


def _recorded(url: str, method: bytes) -> bytes:
    """The whole answer to one of the two requests of such a fetch."""
    names = [line(f"ref-prefix {name}\n".encode()) for name in ("refs/heads/main", "refs/tags/", "HEAD")]
    asked = b"".join([line(b"command=ls-refs\n"), b"0001", line(b"peel\n"), line(b"symrefs\n"), *names, FLUSH])
    headers = {"Git-Protocol": "version=2"}
    if method == b"POST":
        headers["Content-Type"] = "application/x-git-upload-pack-request"
        answer = httpx.post(f"{url}/git-upload-pack", content=asked, headers=headers)
    else:
        answer = httpx.get(f"{url}/info/refs", params={"service": "git-upload-pack"}, headers=headers)
    kind = answer.headers["Content-Type"]
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(answer.content)}\r\n\r\n"
    return head.encode() + answer.content


def _give(door: socket.socket, answers: dict[bytes, bytes], ends: threading.Event) -> None:
    while not ends.is_set():
        try:
            caller, _ = door.accept()
        except OSError:
            return  # it was closed
        with caller:
            while asked := caller.recv(1 << 16):
                while b"\r\n\r\n" not in asked or (asked.startswith(b"POST") and not asked.endswith(FLUSH)):
                    asked += caller.recv(1 << 16)
                caller.sendall(answers[asked.split(b" ")[0]])


@contextmanager
def rival(root: Path, folder: Path, config: Path | None = None) -> Iterator[Server]:
    """git http-backend in fcgiwrap with 8 children behind nginx, over the same repositories.

    With git's defaults, or with the configuration in the file `config`.
    """
    folder.mkdir()
    programs = rival_programs()
    assert programs, "nginx, fcgiwrap and git http-backend are needed"
    nginx, fcgiwrap, backend = programs
    port = free_port()
    user = "user root;" if os.getuid() == 0 else ""
    settings = folder / "nginx.conf"
    more = f"fastcgi_param GIT_CONFIG_GLOBAL {config};" if config else ""
    places = {"folder": folder, "port": port, "backend": backend, "root": root, "user": user, "more": more}
    settings.write_text(SETTINGS.format(**places))
    wrapper = subprocess.Popen([fcgiwrap, "-c", "8", "-s", f"unix:{folder}/socket"], start_new_session=True)
    front = subprocess.Popen([nginx, "-p", str(folder), "-c", str(settings)], stderr=subprocess.DEVNULL)
    try:
        await_port(port, front)
        yield Server(lambda key: f"http://127.0.0.1:{port}/{key}.git", front.pid)
    finally:
        front.terminate()
        os.killpg(wrapper.pid, signal.SIGTERM)  # its children do not end with it
        for process in (front, wrapper):
            process.wait(timeout=30)
