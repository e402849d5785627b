"""A form tells who was first with a shape: not a box, not what text shows, not what was there before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from opendesign.core.errors import Invalid
from opendesign.core.lineage.adoption import Change, Fetched
from opendesign.core.lineage.form import Drawn, Form, Likeness, check, form_of, formed, is_alike, likeness, together

BRACKET = Form(1, 6898.92, 4357.6, (570e3, 1.2e6, 1.5e6), {"plane": 4081.18, "cylinder": 276.46}, 17, 11)
OTHER = replace(BRACKET, volume=9000.0, area=6000.0)
DAYS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=count) for count in range(60)]
ADA, BOB, CLEO = 1, 2, 3


def drawn(design, day, text, key="", form=BRACKET, before="old", people=()):
    change = Change(f"{design}-{day}", design, DAYS[day], frozenset(people), by=7)
    return Drawn(change, "bracket.py", key or f"{design}-{day}-{text}", form, text, before)


def found(target, *earlier, had=(), **overlaps):
    known = {name.replace("_", "-"): value for name, value in overlaps.items()}
    return likeness(target, earlier, had, {each.key: known.get(each.key, 1.0) for each in earlier} | known)


FIRST, AGAIN = drawn(ADA, 0, "a"), drawn(BOB, 30, "b")


def test_whoever_had_the_shape_first_is_its_origin():
    between = drawn(CLEO, 5, "c")
    assert found(AGAIN, FIRST, between) == Likeness(FIRST, 1.0)
    overlaps = {FIRST.key: 0.8, between.key: 0.9995}
    assert likeness(AGAIN, [FIRST, between], (), overlaps) == Likeness(between, 0.9995), "the first is its mirror image"
    assert likeness(AGAIN, [FIRST], (), {FIRST.key: None}) == Likeness(), "it could not be compared"
    assert likeness(AGAIN, [FIRST, between], (), {}) == Likeness(wanted=FIRST.key)


def test_a_shape_that_was_there_before_is_nobodys_gift():
    own = drawn(BOB, 3, "d")
    assert found(AGAIN, FIRST, own, had={own.change.sha}) == Likeness()
    assert found(AGAIN, FIRST, had={FIRST.change.sha}) == Likeness(), "a fork began with it, or merged it"
    overlaps = {FIRST.key: 1.0, own.key: 0.7}
    assert likeness(AGAIN, [FIRST, own], {own.change.sha}, overlaps).source == FIRST, "it had the mirror image alone"


def test_what_text_shows_is_left_to_text():
    assert found(drawn(BOB, 30, "a"), FIRST) == Likeness()
    assert found(drawn(BOB, 30, "b", key=FIRST.key), FIRST) == Likeness()
    assert found(drawn(BOB, 30, "old"), FIRST) == Likeness(), "only values of parameters have changed"


def test_so_soon_and_without_a_sign_both_have_solved_it():
    like, near = Likeness(FIRST, 0.99996), replace(BRACKET, volume=6700.0)
    soon = drawn(BOB, 5, "b")
    assert formed(soon, like, near, ()).kind == "twice"
    assert formed(AGAIN, like, near, ()).kind == "geometry"
    fetched = formed(soon, like, near, [Fetched(7, DAYS[2])])
    assert fetched.kind == "geometry" and fetched.evidence[0] == "fetch"
    assert formed(soon, like, OTHER, ()).evidence == ("weight", "fingerprint", "overlap:1.0000", "part:bracket.py")
    assert formed(drawn(BOB, 5, "b", before=None), like, None, ()).kind == "geometry", "a whole new part"
    assert formed(AGAIN, like, None, ()) is None, "nobody knows how it looked before"


def test_several_parts_of_one_commit_are_one_finding():
    like = Likeness(FIRST, 1.0)
    lid = formed(replace(AGAIN, path="lid.py"), like, OTHER, ())
    foot = formed(replace(AGAIN, path="foot.py"), like, OTHER, ())
    assert together([lid, foot]).evidence[-2:] == ("part:foot.py", "part:lid.py")


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"volume": 6899.3}, True),
        ({"volume": 6900.0}, False),
        ({"area": 4359.0}, False),
        ({"moments": (570e3, 1.2005e6, 1.5e6)}, False),
        ({"surfaces": {"plane": 4081.18, "cone": 276.46}}, False),
        ({"surfaces": {"plane": 4080.18, "cylinder": 277.46}}, False),
        ({"solids": 2}, False),
        ({"faces": 19, "sorts": 13}, True),
    ],
)
def test_forms_agree_to_four_digits(change, same):
    assert is_alike(BRACKET, replace(BRACKET, **change)) is same


def test_what_everybody_draws_tells_nothing():
    assert BRACKET.is_telling
    for plain in ({"faces": 6, "sorts": 3}, {"faces": 7}, {"sorts": 5}, {"solids": 0}, {"solids": 7}, {"volume": 0.0}):
        assert not replace(BRACKET, **plain).is_telling


def test_a_hostile_form_is_refused():
    good = {"surfaces": {"plane": 3.0}, "sorts": 3, "more": 1}
    assert check(good) == {"surfaces": {"plane": 3.0}, "sorts": 3} and check(None) is None
    for bad in (3, {}, {"surfaces": {"a": "x"}, "sorts": 1}, {"surfaces": dict.fromkeys(map(str, range(21)), 1.0)}):
        with pytest.raises(Invalid):
            check(bad)
    assert form_of({"total": None, "form": good}) is None and form_of(None) is None
