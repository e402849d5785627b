"""Keeping made files."""

import functools
import gzip
import os
import threading

import pytest

from opendesign.cad.shelf import Shelf
from opendesign.cad.shelves import open_shelf
from opendesign.core.errors import Invalid, NotFound
from opendesign.core.settings import Settings

KEY = "ab" + "0" * 62
OTHER = "cd" + "1" * 62


@pytest.fixture(params=["folder", "bucket"])
def shelf(request, tmp_path):
    """A shelf of each kind: whatever is true of one is true of the other."""
    if request.param == "folder":
        return Shelf(tmp_path / "shelf")
    url = request.getfixturevalue("store_of_files").below(tmp_path.name.replace("_", "-"))
    (tmp_path / "var").mkdir()
    return open_shelf(Settings(data=str(tmp_path), shelf_url=url))


def test_what_is_put_is_found(shelf):
    shelf.put(KEY, {"viewer": b"glTF" * 1000, "png": b"picture"})
    assert shelf.names(KEY) == {"png": 7, "viewer": 4000}
    assert shelf.path(KEY, "viewer").read_bytes() == b"glTF" * 1000
    assert shelf.path(KEY, "viewer").parent.parent.name == "ab"


def test_large_enough_text_has_a_packed_twin(shelf):
    shelf.put(KEY, {"step": b"ISO-10303-21;" * 500, "stl": b"small", "png": b"p" * 5000})
    assert gzip.decompress(shelf.path(KEY, "step", packed=True).read_bytes()) == b"ISO-10303-21;" * 500
    for name in ("stl", "png"):
        with pytest.raises(NotFound):
            shelf.path(KEY, name, packed=True)


def test_equal_files_pack_to_equal_bytes(shelf):
    for key in (KEY, OTHER):
        shelf.put(key, {"glb": b"x" * 5000})
    twins = [shelf.path(key, "glb", packed=True).read_bytes() for key in (KEY, OTHER)]
    assert twins[0] == twins[1]


def test_formats_made_later_join_those_already_there(shelf):
    shelf.put(KEY, {"viewer": b"v" * 2000})
    shelf.put(KEY, {"step": b"s"})
    assert shelf.names(KEY) == {"step": 1, "viewer": 2000}
    assert shelf.path(KEY, "viewer", packed=True).is_file()


def test_missing_things_are_not_found(shelf):
    assert shelf.names(KEY) == {}
    with pytest.raises(NotFound):
        shelf.path(KEY, "viewer")
    shelf.put(KEY, {"viewer": b"v"})
    with pytest.raises(NotFound):
        shelf.path(KEY, "step")


@pytest.mark.parametrize("key", ["", "../" + "a" * 61, "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"])
def test_keys_are_sixty_four_hexadecimal_digits(shelf, key):
    with pytest.raises(Invalid):
        shelf.put(key, {"viewer": b"v"})
    with pytest.raises(Invalid):
        shelf.path(key, "viewer")


@pytest.mark.parametrize("name", ["../viewer", "viewer.gz", "", "x"])
def test_names_are_those_of_a_build(shelf, name):
    with pytest.raises(Invalid):
        shelf.put(KEY, {"viewer": b"v", name: b"x"})
    assert shelf.names(KEY) == {}


def test_a_refused_put_leaves_nothing_behind(shelf):
    with pytest.raises(TypeError):
        shelf.put(KEY, {"viewer": b"v", "step": "text"})
    assert [path for path in shelf.root.rglob("*") if path.is_file()] == []


def test_deleted_is_gone_and_may_be_deleted_again(shelf):
    shelf.put(KEY, {"viewer": b"v"})
    shelf.delete(KEY)
    shelf.delete(KEY)
    assert shelf.names(KEY) == {}


def test_many_at_once_never_show_half(shelf):
    troubles: list[BaseException] = []

    def put() -> None:
        try:
            for _ in range(5):
                shelf.put(KEY, {"viewer": b"v" * 2000, "step": b"s" * 2000})
        except BaseException as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=put) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert shelf.names(KEY) == {"step": 2000, "viewer": 2000}
    assert [path.name for path in shelf.root.rglob(".*")] == []


def test_the_oldest_of_some_files_go(shelf):
    for number in range(5):
        shelf.put(KEY, {f"dxf-z-{number}": b"d" * 2000, "step": b"s"})
        for path in (shelf.path(KEY, f"dxf-z-{number}"), shelf.path(KEY, f"dxf-z-{number}", packed=True)):
            os.utime(path, (number, number))
    shelf.forget(KEY, 2, lambda name: name.startswith("dxf"))
    assert set(shelf.names(KEY)) == {"dxf-z-3", "dxf-z-4", "step"}
    assert sorted(path.name for path in shelf.place(KEY).glob("*.gz")) == ["dxf-z-3.gz", "dxf-z-4.gz"]


def test_a_reader_gets_the_form_it_takes(shelf):
    shelf.put(KEY, {"svg": b"<svg/>" * 500, "png": b"p" * 5000})
    assert shelf.served(KEY, "svg", ("br", "gzip")) == (shelf.path(KEY, "svg", packed=True), "gzip")
    assert shelf.served(KEY, "svg", ("br",)) == (shelf.path(KEY, "svg"), "")
    assert shelf.served(KEY, "png", ("gzip",)) == (shelf.path(KEY, "png"), "")


def test_one_at_a_time_makes_a_file(shelf):
    inside, most = [], []

    def make() -> None:
        with shelf.alone(KEY, "svg"):
            inside.append(1)
            most.append(len(inside))
            threading.Event().wait(0.01)
            inside.pop()

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 6 and shelf.names(KEY) == {} and list(shelf.everything()) == []


@pytest.mark.parametrize("harm", ["nothing", "cut", "emptied", "removed", "all removed"])
def test_what_a_power_cut_leaves_is_told_from_what_was_laid(shelf, harm):
    shelf.lay(KEY, {"step": b"ISO-10303-21;" * 500, "png": b"picture"})
    sizes, step = shelf.names(KEY), shelf.path(KEY, "step")
    bucket = getattr(shelf, "bucket", None)
    write = functools.partial(bucket.put, f"ab/{KEY}/step") if bucket else step.write_bytes
    harms = {
        "cut": lambda: write(step.read_bytes()[:4096]),
        "emptied": lambda: write(b""),
        "removed": lambda: bucket.remove(f"ab/{KEY}/step") if bucket else step.unlink(),
        "all removed": lambda: shelf.delete(KEY),
    }
    harms.get(harm, lambda: None)()
    assert shelf.holds(KEY, sizes) == (harm == "nothing")
    assert shelf.lacking({KEY: sizes, OTHER: {"step": 1}}) == ({OTHER} if harm == "nothing" else {KEY, OTHER})


@pytest.mark.parametrize("left", [0, 3, 40])
def test_a_packed_variant_that_a_power_cut_has_cut_is_made_again(shelf, left):
    shelf.lay(KEY, {"step": b"ISO-10303-21;" * 500})
    packed = shelf.path(KEY, "step", packed=True)
    whole = packed.read_bytes()
    packed.write_bytes(whole[:left])
    assert shelf.path(KEY, "step", packed=True).read_bytes() == whole
    assert [path.name for path in packed.parent.glob(".*")] == []
