"""The service's own git edge at the addresses of git's tests, in Apache's place.

Who may do what is told by the addresses and by each repository's configuration, as Apache and git http-backend have it.
What comes after that is the service: its edge `web/git.py` over `git/transport.py`, with its own configuration of git.
"""

import hashlib
import os
import subprocess
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, redirect, request, send_from_directory

from opendesign.core.errors import Refusal
from opendesign.git import names
from opendesign.git.bodies import Body
from opendesign.git.command import CONFIG
from opendesign.git.limits import GitLimits
from opendesign.git.pushing import Pusher
from opendesign.git.store import Store
from opendesign.git.transport import receive, upload
from opendesign.web import git as edge
from tests.git_suite import addresses
from tests.git_suite.addresses import Asked

ROOT = Path(os.environ["GIT_SUITE_ROOT"])
DOCUMENTS = ROOT / "www"
LIMITS = GitLimits(push_refs=200_000, refs=200_000)
STORE = Store(ROOT / "designs", LIMITS)
ANY_REF = "[transfer]\n\thideRefs = !refs\n"
KNOWN = ("user@host", "pass@host")
SUFFIXES = ("/.git", "", ".git/.git", ".git")
MAGIC = {"X-Magic-One": "abra", "X-Magic-Two": "cadabra"}

# Git's tests push to refs of every name, the service takes branches and tags alone (tests/git/test_pushing.py): that
# one rule is lifted here, or most of the tests of pushing would not get as far as a push.
names.check_pushed = lambda ref: None
with open(STORE.root / CONFIG, "a") as config:
    config.write(ANY_REF)

app = Flask("git_suite", static_folder=None)
app.register_error_handler(Refusal, edge.refuse)


@app.before_request
def answer() -> Response:
    """Answers every request, whatever its path."""
    address = request.full_path if request.query_string else request.path
    if found := addresses.sent_on(address):
        status, place = found
        return redirect(place, status) if place else bare(status)
    if addresses.guarded(address) and not known():
        return Response(status=401, headers={"WWW-Authenticate": 'Basic realm="git-auth"'})
    path = addresses.meant(request.path)
    if name := addresses.script(path):
        return scripted(name, path)
    if asked := addresses.repository(path):
        response = asked_of_repository(asked)
        return rewritten(response) if asked.way == "one_time_perl" else response
    return document(addresses.file(path))


def bare(status: int) -> Response:
    """An answer of a status alone, in the spelling of Apache."""
    return Response(status=f"{status} {HTTPStatus(status).phrase}")


def known() -> bool:
    """Whether the request names the one person git's tests know."""
    sent = request.authorization
    return sent is not None and (sent.username, sent.password) == KNOWN


def asked_of_repository(asked: Asked) -> Response:
    """The answer of the service, or a file of the repository for a client without smart HTTP."""
    if asked.way == "smart_headers" and any(request.headers.get(name) != value for name, value in MAGIC.items()):
        return bare(403)
    folder = next(
        (found for each in SUFFIXES if ((found := DOCUMENTS / (asked.place + each)) / "HEAD").is_file()), None
    )
    if folder is None or (asked.way == "smart_noexport" and not (folder / "git-daemon-export-ok").exists()):
        return bare(404)
    if asked.way == "smart_v0":
        request.environ.pop("HTTP_GIT_PROTOCOL", None)
    service = request.args.get("service", "") if asked.question == "info/refs" else asked.question
    if service not in edge.SERVICES:
        return plain(folder, asked)
    if not allowed(folder, service):
        return bare(403)
    response = smart(design(folder), asked, service)
    if asked.way == "smart_cookies":
        response.headers["Set-Cookie"] = "name=value"
    return response


def smart(path: Path, asked: Asked, service: str) -> Response:
    """What `web/git.py` answers once it knows who asks and what they may."""
    if asked.question == "info/refs":
        return edge.advertised(path, service, LIMITS)
    edge.expect(service)
    if service == "git-upload-pack":
        protocol = request.headers.get("Git-Protocol")
        return edge.stream(upload(path, edge.Metered("fetch"), edge.gzipped(), protocol, LIMITS), service)
    body = Body(edge.Metered("push"), edge.gzipped())
    return edge.stream(receive(path, body, pusher(asked), list, (), LIMITS), service)


def pusher(asked: Asked) -> Pusher:
    """Who is written to reflogs, in the words of git http-backend."""
    if asked.way == "smart_custom_env":
        return Pusher("Custom User", "custom@example.com")
    name = KNOWN[0] if known() else "anonymous"
    return Pusher(name, f"{name}@http.{request.remote_addr}", request.remote_addr or "")


def design(folder: Path) -> Path:
    """The place of a test's repository in the service's store, where its configuration of git and its answers are."""
    path = STORE.path(hashlib.sha256(bytes(folder)).hexdigest()[:32])
    with suppress(FileExistsError):
        path.symlink_to(folder)
    return path


def allowed(folder: Path, service: str) -> bool:
    """Whether the repository lets everybody do this; pushes are for people with a name unless it says otherwise."""
    said = setting(folder, f"http.{service.removeprefix('git-').replace('-', '')}")
    return said == "true" if said else service == "git-upload-pack" or known()


def setting(folder: Path, name: str) -> str:
    """A yes or no of the repository's own configuration; nothing when it has none."""
    words = ["git", f"--git-dir={folder}", "config", "--bool", name]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip()


def plain(folder: Path, asked: Asked) -> Response:
    """A file of a repository, where that is allowed; the service itself never sends one."""
    if asked.question.startswith("refs/"):
        return bare(404)
    if setting(folder, "http.getanyfile") == "false":
        return bare(403)
    if asked.question == "info/refs":
        subprocess.run(["git", f"--git-dir={folder}", "update-server-info"], check=True)
    return send_from_directory(folder, asked.question, mimetype="text/plain")


def document(name: str) -> Response:
    """A plain file; its absence is said in few words."""
    return send_from_directory(DOCUMENTS, name) if (DOCUMENTS / name).is_file() else bare(404)


def scripted(name: str, path: str) -> Response:
    """The answer of a script of git's tests, which is a CGI."""
    request.get_data()
    words = ["/bin/sh", str(ROOT / name)]
    done = subprocess.run(words, cwd=ROOT, env=os.environ | {"PATH_INFO": path}, stdout=subprocess.PIPE, check=True)
    head, _, body = done.stdout.partition(b"\n\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\n"))
    return Response(body, status=headers.pop("Status", "200 OK"), headers=headers)


def rewritten(response: Response) -> Response:
    """The answer changed by the Perl that a test left for the first answer it changes."""
    change = ROOT / "one-time-perl"
    if not change.exists():
        return response
    body = b"".join(response.response)
    response.close()
    words = ["perl", "-pe", change.read_text()]
    changed = subprocess.run(
        words, input=body, cwd=ROOT, env=os.environ | {"LC_ALL": "C"}, stdout=subprocess.PIPE
    ).stdout
    if changed != body:
        change.unlink()
    del response.headers["Content-Length"]
    return Response(changed, status=response.status, headers=response.headers)
