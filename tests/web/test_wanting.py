"""Pages of a revision that nobody has had built: whoever looks has it built, once, and nobody is refused a page."""

import family
import pytest

from opendesign.records.build import Build

PROMISES = '[contracts.room]\npart = "box.py"\nkind = "envelope"\nbox_mm = [[-9, -9, -9], [9, 9, 9]]\n'
SEAT = '[contracts.seat]\npart = "box.py"\nkind = "mates"\nmates = [{ tag = "seat" }]\n'
POLL = 'hx-trigger="every 2s"'


def rows(site) -> dict[str, int]:
    """How many builds of each part are recorded."""
    with site.house.reading() as work:
        found = [build.part for build in work.session.query(Build)]
    return {part: found.count(part) for part in found}


@pytest.fixture
def own(open_site):
    """A site of its own, where strangers may ask for something new three times a minute."""
    return open_site(builds_per_address_a_minute=3)


@pytest.fixture
def case(own):
    """Ada's box, which is wider on a branch of which nothing is built."""
    address = own.design("ada", "case", {**family.FILES, "okh.toml": PROMISES})
    own.commit("ada", address, family.wider(30.0), "wide", start=own.head(address))
    assert rows(own) == {"box.py": 1, "pin.py": 1}
    return address


def test_a_branch_is_built_once_somebody_looks_at_it(own, case):
    stranger = own.stranger()
    page = stranger.get(f"{case}?ref=wide").text
    assert rows(own) == {"box.py": 2, "pin.py": 1}
    assert POLL not in page and 'hx-trigger="build-ended from:body"' in page
    for _ in range(5):  # more often than one may ask for something new
        assert stranger.get(f"{case}?ref=wide").status_code == 200
    assert stranger.get(case).status_code == 200 and rows(own) == {"box.py": 2, "pin.py": 1}


def test_whoever_asks_for_too_much_is_shown_the_page_all_the_same(own, case):
    for width in range(31, 36):
        own.commit("ada", case, family.wider(width), f"w{width}", start=own.head(case))
    pages = [own.stranger().get(f"{case}?ref=w{width}") for width in range(31, 36)]
    assert [page.status_code for page in pages] == [200] * 5
    assert [POLL in page.text for page in pages] == [False, False, False, True, True]
    assert rows(own) == {"box.py": 4, "pin.py": 1}


def test_what_a_branch_misses_of_its_promises_is_built_once_somebody_looks(own, case):
    for _ in range(5):
        assert own.stranger().get(f"{case}/misfits?ref=wide").status_code == 200
        assert rows(own) == {"box.py": 2, "pin.py": 1}


def test_both_sides_are_built_where_a_face_is_compared_with_the_relative_s(own, case):
    own.commit("ada", case, {"okh.toml": SEAT, **family.wider(40.0)}, "seat", start=own.head(case))
    fork = family.fork_of(own, case, "cleo")
    own.commit("cleo", fork, family.wider(50.0), "mine", start=own.head(fork))
    before = rows(own)["box.py"]
    own.stranger().get(f"{fork}/misfits?ref=mine&base=ada/case:wide")
    assert rows(own)["box.py"] == before + 1, "room is asked of the fork alone"
    own.stranger().get(f"{fork}/misfits?ref=mine&base=ada/case:seat")
    assert rows(own)["box.py"] == before + 2
