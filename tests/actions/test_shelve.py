"""Made files move from a folder to a bucket and back."""

import pytest
from click.testing import CliRunner
from service import free_port

from opendesign.actions.shelve import shelve
from opendesign.app import configure, engine_options, open_house, serve_engine
from opendesign.cad.shelves import open_shelf
from opendesign.cli import commands
from opendesign.cli.doctor import shelf as shelf_findings
from opendesign.core.settings import Settings
from opendesign.worker.jobs import work

KEYS = ["ab" + "0" * 62, "cd" + "1" * 62]


@pytest.fixture
def wires(tmp_path, monkeypatch, store_of_files):
    """The command line of a service whose shelf is a bucket."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA", str(tmp_path))
    monkeypatch.setenv("OPENDESIGN_SHELF_URL", store_of_files.below(tmp_path.name.replace("_", "-")))
    return commands.Wires(configure, open_house, work, serve_engine, engine_options)


def test_all_that_is_lacking_comes_once_and_nothing_is_taken_away(wires, tmp_path):
    folder = open_shelf(Settings(data=str(tmp_path)))
    for key in KEYS:
        folder.put(key, {"step": b"ISO" * 1000, "png": b"picture"})
    bucket = open_shelf(wires.settings)
    bucket.put(KEYS[0], {"step": b"ISO" * 1000})
    said = CliRunner().invoke(commands.main, ["shelve", str(folder.root)], obj=wires)
    assert said.exit_code == 0 and said.output.startswith("2 of 2 "), said.output
    assert [bucket.names(key) for key in KEYS] == [folder.names(key) for key in KEYS]
    assert shelve(folder, bucket) == (0, 2)
    back = open_shelf(Settings(data=str(tmp_path / "back")))
    assert shelve(bucket, back) == (2, 2) and list(back.everything()) == list(folder.everything()) == KEYS


def test_the_bucket_is_made_once(wires, monkeypatch, store_of_files):
    monkeypatch.setenv("OPENDESIGN_SHELF_URL", store_of_files.replace("s3://made", "s3://yet-unmade"))
    for _ in range(2):
        said = CliRunner().invoke(commands.main, ["bucket"], obj=wires)
        assert said.exit_code == 0 and said.output.startswith("s3://yet-unmade/ at http://127.0.0.1"), said.output
    open_shelf(wires.settings).prove()


def test_a_shelf_that_is_none_is_refused(wires, tmp_path):
    said = CliRunner().invoke(commands.main, ["shelve", str(tmp_path / "nowhere")], obj=wires)
    assert said.exit_code == 1 and not (tmp_path / "nowhere").exists()


def test_the_doctor_puts_something_into_the_bucket_and_takes_it_away(wires, monkeypatch, store_of_files):
    (finding,) = shelf_findings(wires)
    assert finding.well and finding.found.startswith("s3://made/") and "ada" not in finding.found
    assert list(open_shelf(wires.settings).bucket.below("")) == []
    monkeypatch.setenv("OPENDESIGN_SHELF_URL", store_of_files.replace("s3://made", "s3://unmade"))
    (finding,) = shelf_findings(wires)
    assert not finding.well and "NoSuchBucket" in finding.found and "OPENDESIGN_SHELF_URL" in finding.remedy
    monkeypatch.setenv("OPENDESIGN_SHELF_URL", f"s3://made?endpoint=http://127.0.0.1:{free_port()}")
    (finding,) = shelf_findings(wires)
    assert not finding.well and "connect" in finding.found
