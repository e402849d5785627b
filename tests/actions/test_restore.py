"""What is not restored: where something is, what is damaged, what lies, what stands on something else."""

import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest
from backups import ADA, restored, shared_notes, told
from families import commit
from houses import new_house

from opendesign.actions.back_up import back_up
from opendesign.actions.restore import restore, revive
from opendesign.actions.sync import sync
from opendesign.app import open_house, secret_of
from opendesign.core.errors import Conflict, Invalid
from opendesign.core.settings import Settings
from opendesign.git.commits import Signature
from opendesign.records.design import design_by_id

HER = Signature("Bia", "bia@example.org")


@pytest.fixture
def family(house) -> list[int]:
    """Ada's notes, two forks of them, and her case."""
    return shared_notes(house)


def test_nothing_is_restored_where_something_is(house, family, tmp_path):
    path = tmp_path / "all.zip"
    back_up(house, path)
    with pytest.raises(Conflict, match="is not empty"):
        restore(Settings(data=str(tmp_path / "new"), database_url=house.settings.database), path)
    (tmp_path / "other/repos/7.git").mkdir(parents=True)
    with pytest.raises(Conflict, match=r"7\.git"):
        restore(Settings(data=str(tmp_path / "other")), path)
    with pytest.raises(Conflict, match="already"):
        back_up(house, path)
    new_house(tmp_path / "looked-at").database.close()  # a service that nobody has used is empty
    restored(path, tmp_path / "looked-at").database.close()


def left(folder: Path) -> list[str]:
    """The files below a folder that hold something of somebody."""
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return [
        name
        for name in names
        if not name.endswith(("git.config", "pre-receive", "opendesign.db", ".lock", "-wal", "-shm"))
    ]


def test_a_damaged_backup_leaves_nothing(house, family, tmp_path):
    path, target = tmp_path / "all.zip", tmp_path / "there"
    secret_of(house.settings)
    back_up(house, path)
    whole = path.read_bytes()
    for place in range(40, len(whole), len(whole) // 8):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            restore(Settings(data=str(target)), path)
        except Invalid:
            assert left(target) == []
        else:  # a byte that means nothing, such as the time of an entry
            there = open_house(Settings(data=str(target)))
            assert told(there, tmp_path / f"{place}-a") == told(house, tmp_path / f"{place}-b")
            there.database.close()
            target = tmp_path / f"there-{place}"
    for cut in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(Invalid, match="damaged"):
            restore(Settings(data=str(target)), path)
    assert left(target) == []


def rewritten(path: Path, target: Path, change) -> Path:
    """A backup whose manifest somebody has changed, with all it holds."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        contents = {name: old.read(name) for name in old.namelist() if name != "manifest.json"}
        change(manifest, contents)
        for name, content in contents.items():
            new.writestr(name, content)
        new.writestr("manifest.json", json.dumps(manifest))
    return target


def test_places_outside_of_a_service_are_refused(house, tmp_path):
    back_up(house, tmp_path / "all.zip")

    def change(manifest, contents):
        manifest["pieces"][0]["path"] = "repos/1.git/logs/../../../../../outside"

    path = rewritten(tmp_path / "all.zip", tmp_path / "strange.zip", change)
    with pytest.raises(Invalid, match="belongs nowhere"):
        restore(Settings(data=str(tmp_path / "there")), path)
    assert left(tmp_path / "there") == [] and not (tmp_path / "outside").exists()


def test_a_backup_that_lies_is_refused_and_leaves_nothing(house, family, tmp_path):
    back_up(house, tmp_path / "all.zip")
    alternates = b"/etc/objects\n"

    def draw_elsewhere(manifest, contents):
        sha256 = hashlib.sha256(alternates).hexdigest()
        contents[sha256] = alternates
        for piece in manifest["pieces"]:
            if piece["path"].endswith("alternates"):
                piece |= {"sha256": sha256, "size": len(alternates)}

    def unknown_rows(manifest, contents):
        (piece,) = [piece for piece in manifest["pieces"] if piece["path"] == "records/design.jsonl"]
        manifest["pieces"].remove(piece)  # what refers to designs refers to nothing then

    def newer(manifest, contents):
        manifest["schema"] = "9999_later"

    for number, change in enumerate((draw_elsewhere, unknown_rows, newer)):
        path = rewritten(tmp_path / "all.zip", tmp_path / f"{number}.zip", change)
        with pytest.raises(Invalid):
            restore(Settings(data=str(tmp_path / "there")), path)
        assert left(tmp_path / "there") == []
    restored(tmp_path / "all.zip", tmp_path / "there").database.close()


def test_a_backup_needs_the_one_it_stands_on(house, family, tmp_path):
    back_up(house, tmp_path / "one.zip")
    back_up(house, tmp_path / "two.zip", tmp_path / "one.zip")
    with pytest.raises(Invalid, match="beside"):
        back_up(house, tmp_path / "elsewhere" / "three.zip", tmp_path / "two.zip")
    os.rename(tmp_path / "one.zip", tmp_path / "kept.zip")
    with pytest.raises(Invalid, match=r"stands on one\.zip, which is not beside it"):
        restore(Settings(data=str(tmp_path / "there")), tmp_path / "two.zip")
    commit(house, family[0], {"NOTES.md": "two\n"}, "Count", HER)
    back_up(house, tmp_path / "one.zip")
    with pytest.raises(Invalid, match="is not the backup"):
        restore(Settings(data=str(tmp_path / "there")), tmp_path / "two.zip")
    os.rename(tmp_path / "kept.zip", tmp_path / "one.zip")
    restored(tmp_path / "two.zip", tmp_path / "there").database.close()


def test_a_damaged_repository_is_told_of_and_holds_up_nothing(house, family, tmp_path):
    (house.store.path(str(family[2])) / "HEAD").unlink()
    assert back_up(house, tmp_path / "all.zip").lost == [str(family[2])]
    there = restored(tmp_path / "all.zip", tmp_path / "there")
    revive(there)
    with there.writing(ADA) as work:
        sync(work, design_by_id(work.session, family[0]))
    there.database.close()
