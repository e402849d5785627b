"""What stands in docker/: the proxy sends a family to one web, and the composition says what a service knows."""

import http.server
import os
import re
import shlex
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import httpx
import pytest
import yaml
from service import free_port

from opendesign.cli.commands import main
from opendesign.core.settings import PREFIX, Settings

DOCKER = Path(__file__).parent.parent / "docker"
MISSING = "nginx is not installed (apt install nginx-light), so the proxy's rules are not tested here."
AROUND = """daemon off; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {rules}
}}
"""


class Web(http.server.ThreadingHTTPServer):
    """A web that says who it is, and from whom it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answer(http.server.BaseHTTPRequestHandler):
    """The port of the web that answers, and what the proxy told it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answers."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = f"{self.server.server_port} {self.headers['X-Forwarded-For']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_) -> None:
        """Says nothing."""


@pytest.fixture
def proxied(tmp_path) -> Iterator[tuple[httpx.Client, list[Web]]]:
    """A client of the proxy, and the two webs behind it."""
    if shutil.which("nginx") is None:
        pytest.skip(MISSING)
    webs, port = [Web(), Web()], free_port()
    servers = " ".join(f"server 127.0.0.1:{web.server_port} max_fails=1 fail_timeout=5s;" for web in webs)
    rules = (DOCKER / "nginx.conf").read_text().replace("listen 80;", f"listen 127.0.0.1:{port};")
    rules, known = re.subn(r"server web:8000 resolve [^;]*;", servers, re.sub(r"resolver [^;]*;", "", rules))
    assert known == 1
    user = "user root;" if os.getuid() == 0 else ""
    (tmp_path / "nginx.conf").write_text(AROUND.format(folder=tmp_path, user=user, rules=rules))
    process = subprocess.Popen(["nginx", "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-e", tmp_path / "error.log"])
    try:
        end = time.monotonic() + 20
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert process.poll() is None and time.monotonic() < end, (tmp_path / "error.log").read_text()
            time.sleep(0.02)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            yield client, webs
    finally:
        process.terminate()
        process.wait(20)
        for web in webs:
            web.server_close()


def asked(client: httpx.Client, path: str) -> str:
    """Which web answers."""
    return client.get(path).text.split()[0]


def test_a_family_is_at_one_web_whatever_is_asked_of_it_and_goes_to_another_while_that_is_away(proxied):
    client, webs = proxied
    family = "/ada/case", "/bia/case/parts/box.py?ref=main", "/ada/case.git/info/refs", "/api/v1/designs/bia/case/forks"
    (home,) = {asked(client, path) for path in family}
    assert len({asked(client, f"/ada/design-{number}") for number in range(30)}) == 2
    assert asked(client, "/explore") == asked(client, "/static/app.css") == asked(client, "/builds/" + "0" * 64)
    (gone,) = [web for web in webs if str(web.server_port) == home]
    gone.shutdown()
    gone.server_close()
    for path in family:
        assert asked(client, path) != home
    assert client.post("/bia/case/forks", content=b"x" * 100_000).status_code == 200


def test_the_proxy_adds_whom_it_answers_behind_what_a_stranger_made_up(proxied):
    client, _ = proxied
    answer = client.get("/ada/case", headers={"X-Forwarded-For": "192.0.2.66"}).text
    assert answer.split(" ", 1)[1] == "192.0.2.66, 127.0.0.1"


def test_the_composition_names_settings_that_there_are_and_files_that_lie_there():
    composed = yaml.safe_load((DOCKER / "compose.yml").read_text())["services"]
    known = {PREFIX + field.name.upper() for field in fields(Settings)}
    for name, each in composed.items():
        said = {key for key in each.get("environment", {}) if key.startswith(PREFIX)}
        assert said <= known, (name, said - known)
    assert (composed["web"]["deploy"]["replicas"], composed["worker"]["deploy"]["replicas"]) == (2, 3)
    assert composed["web"]["environment"]["OPENDESIGN_PROXIES"] == "1", "the proxy is believed, and nobody else"
    (rules,) = [each.split(":")[0] for each in composed["proxy"]["volumes"]]
    assert (DOCKER / rules).is_file()


def test_every_command_that_operators_are_told_is_one_and_every_service_it_is_run_in_is_composed():
    told = (DOCKER.parent / "docs" / "operations.md").read_text()
    composed = yaml.safe_load((DOCKER / "compose.yml").read_text())["services"]
    shown = "\n".join(re.findall(r"^```\w*\n(.*?)^```$", told, re.S | re.M))
    lines = re.findall(r"^(.*\s|)opendesign ([a-z][^#\n]*?) *(?:#.*)?$", shown, re.M)
    lines += re.findall(r"`(docker compose run [^`\n]*\s|)opendesign ([a-z][^`\n]*)`", told)
    ran = set()
    for before, said in lines:
        words, command = shlex.split(said), main
        while isinstance(command, click.Group):
            command = command.commands[words.pop(0)]
        _, left, _ = command.make_parser(click.Context(command)).parse_args(words)
        assert not left, said
        if "docker compose run" in before:
            assert composed[before.split()[-1]]["image"] == "opendesign", before
            ran.add(command.name)
    assert ran == {"add", "backup", "gc", "restore", "config"}


def test_the_user_that_backups_are_written_by_has_the_number_that_operators_are_told():
    made = re.search(r"useradd .*--uid (\d+)", (DOCKER / "Dockerfile").read_text())
    told = re.search(r"install -d -m 700 -o (\d+)", (DOCKER.parent / "docs" / "operations.md").read_text())
    assert made and told and made[1] == told[1]


def test_the_image_runs_without_the_demo_unless_it_is_asked_for():
    said = re.search(r"^ENV (.*)$", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)[1].split()
    assert "OPENDESIGN_DEMO=off" in said
