"""Made files in a bucket: all goes on as with a folder, and while the store is away nothing is lost or failed."""

from dataclasses import replace
from pathlib import Path

import engine_fixture
import pytest
from houses import BOX, new_house, settle_in, start
from service import free_port

from opendesign.actions.back_up import back_up
from opendesign.actions.build import build
from opendesign.actions.edit import edit_files
from opendesign.actions.heal import heal
from opendesign.actions.house import House, Visitor
from opendesign.actions.inspect_design import want_inspection
from opendesign.actions.make_wanted import make_wanted
from opendesign.actions.read_tree import read_tree
from opendesign.actions.restore import restore, revive
from opendesign.actions.tidy import tidy
from opendesign.actions.want_lacking import want_lacking
from opendesign.app import create_app
from opendesign.cad.bucket_shelf import named
from opendesign.cad.shelves import open_shelf
from opendesign.core.errors import Away
from opendesign.core.settings import Settings
from opendesign.records.base import now
from opendesign.records.build import Build, Comparison
from opendesign.records.design import Design, known_refs
from opendesign.records.inspection import Inspection
from opendesign.records.mishap import has_mishap
from opendesign.records.spot import Spot
from opendesign.worker.jobs import performer

STEP = b"ISO-10303-21;" * 500


@pytest.fixture
def house(store_of_files, tmp_path):
    """A house whose shelf is a bucket."""
    made = new_house(tmp_path / "house", shelf_url=store_of_files.below(tmp_path.name.replace("_", "-")))
    yield made
    made.database.close()


@pytest.fixture
def key(house) -> str:
    """The build of Ada's box, which is wanted."""
    (ada,) = settle_in(house, "ada")
    start(house, ada, "case", {"box.py": BOX})
    with house.reading() as work:
        return work.session.query(Build).one().key


def made(house: House, key: str) -> None:
    """The build is made, as a worker does it."""
    house.shelf.lay(key, {"step": STEP, "viewer": b"glTF" * 1000})
    with house.noting() as work:
        row = work.session.get(Build, key)
        row.state, row.files, row.finished_at, row.exported_at = "made", house.shelf.names(key), now(), now()


def state(house: House, key: str) -> str:
    with house.reading() as work:
        return work.session.get(Build, key).state


def cut_off(house: House, copies: Path) -> House:
    """The same house while its store does not answer, on a machine with these copies."""
    dead = f"s3://made?endpoint=http://127.0.0.1:{free_port()}"
    settings = replace(house.settings, shelf_url=dead, shelf_cache=str(copies))
    return replace(house, settings=settings, shelf=open_shelf(settings))


def test_files_are_sent_whole_packed_and_in_parts(house, key):
    made(house, key)
    visitor = create_app(house).test_client()
    for address in (f"/builds/{key}/files/step", f"/api/v1/builds/{key}/files/step"):
        assert visitor.get(address).data == STEP
        assert visitor.get(address, headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
        part = visitor.get(address, headers={"Range": "bytes=13-16", "Accept-Encoding": "gzip"})
        assert (part.status_code, part.data) == (206, b"ISO-")
        again = visitor.get(address, headers={"If-None-Match": visitor.get(address).headers["ETag"]})
        assert again.status_code == 304


def test_without_the_store_copies_are_sent_and_all_else_is_asked_for_again_later(house, key, tmp_path):
    made(house, key)
    near = create_app(cut_off(house, house.settings.shelf_copies)).test_client()
    assert near.get(f"/builds/{key}/files/step").data == STEP
    far = create_app(cut_off(house, tmp_path / "empty")).test_client()
    for address in (f"/builds/{key}/files/step", f"/api/v1/builds/{key}/files/step"):
        answer = far.get(address)
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
        assert "does not answer" in answer.text and "127.0.0.1" not in answer.text
    assert far.get("/readyz").json["shelf"] == "Away"


def test_what_the_store_has_lost_is_made_again_but_not_what_it_does_not_tell_of(house, key, tmp_path):
    made(house, key)
    assert heal(cut_off(house, tmp_path / "empty")) == 0 == heal(house) and state(house, key) == "made"
    with pytest.raises(Away):
        want_lacking(cut_off(house, tmp_path / "empty"))
    house.shelf.bucket.put(named(key, "step"), STEP[:100])
    assert heal(house) == 1 and state(house, key) == "wanted"
    made(house, key)
    assert want_lacking(house) == 0
    house.shelf.delete(key)
    assert want_lacking(house) == 1 and state(house, key) == "wanted"


def test_a_job_waits_for_the_store_and_is_no_mishap(house, key, tmp_path):
    away = cut_off(house, tmp_path / "empty")
    with pytest.raises(Away):
        performer(away)("build", key)
    with house.reading() as work:
        assert not has_mishap(work.session, "build", key)
    assert state(house, key) == "wanted"


@pytest.mark.slow
def test_a_build_whose_files_cannot_be_kept_is_made_again_later(house, key, tmp_path, request):
    away = cut_off(house, tmp_path / "empty")
    away.settings.engine_socket.symlink_to(engine_fixture.shared(request, "namespaces").address)
    with pytest.raises(Away):
        build(away, key)
    assert state(house, key) == "wanted"
    assert make_wanted(house) == "made" and house.shelf.has(key, "step")


@pytest.mark.parametrize("there_url", ["bucket", "folder"])
def test_a_backup_with_builds_goes_from_a_bucket_to_any_shelf(house, key, tmp_path, store_of_files, there_url):
    made(house, key)
    back_up(house, tmp_path / "all.zip", with_builds=True)
    url = store_of_files.below(f"{tmp_path.name.replace('_', '-')}-there") if there_url == "bucket" else ""
    settings = Settings(data=str(tmp_path / "there"), shelf_url=url)
    restore(settings, tmp_path / "all.zip")
    there = new_house(tmp_path / "there", shelf_url=url)
    assert revive(there).wanted == 0 and there.shelf.path(key, "step").read_bytes() == STEP
    there.database.close()


def test_a_backup_without_builds_finds_those_in_the_bucket_again(house, key, tmp_path):
    made(house, key)
    back_up(house, tmp_path / "all.zip")
    settings = replace(house.settings, data=str(tmp_path / "there"))
    restore(settings, tmp_path / "all.zip")
    there = new_house(tmp_path / "there", shelf_url=settings.shelf_url)
    assert revive(there).wanted == 0
    there.database.close()


def test_files_of_builds_that_nobody_has_go_after_a_month(house, key, monkeypatch):
    made(house, key)
    made_of_old = "aa" + "0" * 62
    house.shelf.put(made_of_old, {"step": b"s"})
    assert tidy(house) == 0
    monkeypatch.setattr("opendesign.actions.tidy.KEPT_SECONDS", -60)
    assert tidy(house) == 1 and list(house.shelf.everything()) == [key]


@pytest.mark.parametrize("kind", [Comparison, Inspection, Spot])
def test_what_was_claimed_is_wanted_again_at_once_when_its_shapes_cannot_be_had(house, key, tmp_path, kind):
    made(house, key)
    house.shelf.put(key, {"brep": b"DBRep_DrawableShape"})
    with house.writing(Visitor(1)) as work:
        build, design = work.session.get(Build, key), work.session.query(Design).one()
        build.files = house.shelf.names(key)
        edit_files(work, design, "main", {"checks.py": b"def check_box(parts):\n    parts['box.py']\n"}, "Check it")
        about = {"wanted_at": now(), "state": "wanted", "asker": "1"}
        if kind is Comparison:
            row = Comparison(key="c" * 64, before_key=None, after_key=key, **about)
        elif kind is Spot:
            row = Spot(key="d" * 64, build_key=key, point=[0, 0, 0], priority=1, **about)
        else:
            head = known_refs(work.session, design)["refs/heads/main"]
            row = work.session.query(Inspection).one_or_none() or want_inspection(
                work, design, read_tree(work, design, head)
            )
        work.session.add(row)
        work.session.flush()
        name = row.key
        work.session.query(Build).filter(Build.key != key).delete()
        others = [other for other in (Comparison, Inspection, Spot) if other is not kind]
        for other in others:
            work.session.query(other).delete()
    away = cut_off(house, tmp_path / "empty")
    # The store goes away between the look at it and the making: what is next is claimed by then.
    away.shelf.ask = lambda: None
    with pytest.raises(Away):
        make_wanted(away)
    with house.reading() as work:
        assert work.session.get(kind, name).state == "wanted"
