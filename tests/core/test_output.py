"""The files of a build and what they are called."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.build import FORMATS
from opendesign.core.errors import NotFound
from opendesign.core.output import (
    MEDIA,
    ON_DEMAND,
    demand_output,
    download_name,
    ending,
    is_output,
    kind,
    media,
    section,
    section_of,
)


def test_every_format_has_a_media_type_and_an_ending():
    every = [*FORMATS, *ON_DEMAND]
    assert set(MEDIA) == set(every) and len({ending(name) for name in every}) == len(every)
    assert media("svg-x--3") == "image/svg+xml" and ending("dxf-z-12.5") == ".z12.5.dxf"


@given(st.sampled_from(["dxf", "svg"]), st.sampled_from("xyz"), st.floats(-99_999, 99_999))
def test_a_section_has_one_name_that_says_where_it_is(form, axis, offset):
    name = section(form, axis, offset)
    assert is_output(name) and section_of(name) == (axis, pytest.approx(offset, abs=5.1e-4)) and kind(name) == form
    assert section(form, axis, section_of(name)[1]) == name


OTHERS = (
    "dxf-z dxf-w-1 stl-z-1 dxf-z-1.50 dxf-z-01 dxf-z--0 dxf-z-1. dxf-z-.5 dxf-z-1e3 dxf-z-123456 dxf-z-1.2345 "
    "dxf-z-../x DXF-z-1 dxf-z-+1 dxf-z-nan exe"
)


@pytest.mark.parametrize("name", [*OTHERS.split(), "", "dxf-z-1\n"])
def test_other_names_are_no_outputs(name):
    assert not is_output(name) and section_of(name) is None
    with pytest.raises(NotFound):
        demand_output(name)


@pytest.mark.parametrize("offset", [float("nan"), float("inf"), 1e6])
def test_a_section_lies_somewhere(offset):
    with pytest.raises(NotFound):
        section("dxf", "z", offset)


def test_downloads_are_named_for_people():
    sha = hashlib.sha1(b"x").hexdigest()
    name = download_name("laptop-case", "parts/Lid cover.py", sha, {"WALL": 2.4, "OFFSET": -3, "LID": True}, "step")
    assert name == f"laptop-case-parts-lid-cover-{sha[:7]}-lidtrue-offset-3-wall2.4.step"
    assert (
        download_name("laptop-case", "lid.py", "1a2b3c4d", {"wall": 2.4}, "step")
        == "laptop-case-lid-1a2b3c4-wall2.4.step"
    )
    assert download_name("d", "日本.py", "1a2b3c4d", {}, "viewer") == "d-1a2b3c4.viewer.glb"


@given(
    *(st.text(max_size=300) for _ in range(3)),
    st.dictionaries(st.text(max_size=50), st.floats() | st.text(max_size=300) | st.booleans(), max_size=20),
    st.sampled_from([*FORMATS, *ON_DEMAND, "dxf-z-12.5", "svg-y--99999.999"]),
)
def test_every_download_name_is_safe_and_short(design, part, sha, values, format):
    name = download_name(design, part, sha, values, format)
    assert len(name) <= 120 and name.endswith(ending(format)) and not name.startswith((".", "-"))
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-") and ".." not in name
