"""What is wrong with how a service is configured is said in one sentence, whatever command is asked."""

import pytest
from click.testing import CliRunner

from opendesign.app import configure, engine_options, open_house, serve_engine, work
from opendesign.cli import commands
from opendesign.cli.doctor import variables
from opendesign.cli.run import warn_of_strange


@pytest.fixture
def said(tmp_path, monkeypatch):
    """Runs a command in an empty folder; returns how it ended and what it said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA", str(tmp_path))
    wires = commands.Wires(configure, open_house, work, serve_engine, engine_options)

    def run(*words: str) -> tuple[int, str]:
        ended = CliRunner().invoke(commands.main, words, obj=wires)
        return ended.exit_code, ended.output

    return run


def test_a_file_that_is_named_and_is_not_there(said, monkeypatch):
    assert said("config")[0] == 0, "the one in this folder may be missing"
    monkeypatch.setenv("OPENDESIGN_CONFIG", "there.toml")
    assert said("config") == (1, "OPENDESIGN_CONFIG names there.toml, and there is no such file.\n")


def test_a_file_that_is_no_toml_is_named_with_the_line(said, tmp_path):
    (tmp_path / "opendesign.toml").write_text("port = 9000\njoining = off\n")
    code, words = said("config")
    assert code == 1 and words.count("\n") == 1
    assert words.startswith("opendesign.toml cannot be read: ") and "line 2" in words
    (tmp_path / "opendesign.toml").write_bytes(b'log = "\xff"\n')
    assert said("config")[0] == 1


@pytest.mark.parametrize(
    "url", ["od.db", "mysql://x/y", "zebra://x", "postgresql://ada:hunter2@host:port/x", "sqlite://host/od.db"]
)
def test_a_database_that_is_named_wrongly(said, monkeypatch, url):
    monkeypatch.setenv("OPENDESIGN_DATABASE_URL", url)
    code, words = said("gc")
    assert code == 1 and words.startswith("database_url names no database") and words.count("\n") == 1
    assert "hunter2" not in words


def test_a_misspelt_variable_is_told_by_run_and_by_doctor(capsys):
    environment = {"OPENDESIGN_PUBLICURL": "https://design.example", "OPENDESIGN_PORT": "8000"}
    warn_of_strange(environment)
    assert capsys.readouterr().err == (
        "OPENDESIGN_PUBLICURL is no setting, and counts for nothing; OPENDESIGN_PUBLIC_URL is one.\n"
    )
    (finding,) = variables(environment)
    assert (finding.well, finding.needed) == (False, False) and "OPENDESIGN_PUBLICURL" in finding.found
    assert not list(variables({"OPENDESIGN_PORT": "8000"}))
