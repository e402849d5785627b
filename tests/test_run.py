"""What `opendesign run` gives its pieces."""

import sys

from opendesign.cli.run import Pieces
from opendesign.core.settings import SECRETS, Settings


def test_the_engine_is_given_no_key_and_the_worker_all(tmp_path, monkeypatch):
    keys = {"AWS_SECRET_ACCESS_KEY", "PGPASSWORD", *(f"OPENDESIGN_{name.upper()}" for name in SECRETS)}
    for name in (*keys, "OPENDESIGN_ENGINE_SLOTS"):
        monkeypatch.setenv(name, "1")
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nexec env > "{tmp_path}/$3"\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    pieces, told = Pieces(Settings(data=str(tmp_path))), {}
    for name in ("engine", "worker"):
        pieces.start(name)
        assert pieces.running[name].wait(60) == 0
        told[name] = {line.partition("=")[0] for line in (tmp_path / name).read_text().splitlines()}
    assert keys & told["engine"] == set() and keys <= told["worker"]
    assert {"OPENDESIGN_DATA", "OPENDESIGN_ENGINE_SLOTS", "PATH"} <= told["engine"]
