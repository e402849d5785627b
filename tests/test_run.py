"""What `opendesign run` gives its pieces."""

import os
import signal
import subprocess
import sys

from opendesign.cli import keeping
from opendesign.cli.keeping import Pieces
from opendesign.cli.run import start
from opendesign.core.settings import SECRETS, Settings


def test_the_engine_is_given_no_key_and_the_worker_all(tmp_path, monkeypatch):
    keys = {"AWS_SECRET_ACCESS_KEY", "PGPASSWORD", *(f"OPENDESIGN_{name.upper()}" for name in SECRETS)}
    for name in (*keys, "OPENDESIGN_ENGINE_SLOTS"):
        monkeypatch.setenv(name, "1")
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nexec env > "{tmp_path}/$3"\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    pieces, told = Pieces({}), {}
    for name in ("engine", "worker"):
        start(pieces, Settings(data=str(tmp_path)), name)
        assert os.waitpid(pieces.running[name], 0)[1] == 0
        told[name] = {line.partition("=")[0] for line in (tmp_path / name).read_text().splitlines()}
    assert keys & told["engine"] == set() and keys <= told["worker"]
    assert {"OPENDESIGN_DATA", "OPENDESIGN_ENGINE_SLOTS", "PATH"} <= told["engine"]


def test_what_keeps_a_run_going_loads_nothing_of_the_service():
    asked = (
        "import sys, opendesign.cli.keeping; print(*(name for name in sys.modules if name.startswith('opendesign')))"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert set(said.split()) == {"opendesign", "opendesign.cli", "opendesign.cli.keeping"}


def spawned(*scripts: str) -> Pieces:
    named = zip(("web", "worker"), scripts, strict=True)
    return Pieces({name: os.posix_spawn("/bin/sh", ["sh", "-c", script], {}, setsid=True) for name, script in named})


def test_once_a_piece_ends_all_do_and_the_stubborn_are_killed(capsys, monkeypatch):
    monkeypatch.setattr(keeping, "PATIENCE", 0.2)
    pieces = spawned("exit 3", "trap '' TERM; while :; do sleep 1; done")
    assert pieces.watch() == 1
    assert pieces.codes == {"web": 3, "worker": -signal.SIGKILL}
    said = capsys.readouterr()
    assert said.err == "The web has ended with code 3.\n" and said.out == "Stopped after a failure.\n"


def test_once_somebody_says_so_all_end(capsys):
    pieces = spawned("sleep 60", "sleep 60")
    pieces.stop()
    assert pieces.watch() == 0 and set(pieces.codes.values()) == {-signal.SIGTERM}
    assert capsys.readouterr().out == "Stopped.\n"
    pieces.hand_over()  # there is nothing left to keep
