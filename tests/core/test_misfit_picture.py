"""What does not fit is drawn over the part's drawing: in the view where it is seen, and again, larger."""

import math
import xml.etree.ElementTree as xml
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.core.misfit import Misfit, chosen, label, of_round, of_side
from opendesign.core.misfit_picture import drawn_over, sentence

SPACE = "{http://www.w3.org/2000/svg}"
VIEWS = '{"front": [30, 150, 2, 0, 0], "top": [30, 90, 2, 0, 0], "right": [150, 150, 2, 0, 0]}'
DRAWING = f'<svg xmlns="http://www.w3.org/2000/svg"><metadata>{VIEWS}</metadata><path class="v" d="M0 0L9 9"/></svg>'
BOX = [(0, 0, 0), (40, 30, 5)]


def hole(x=0.8, y=0.0, there=True):
    found = ((10 + x, 10 + y, 0), (10 + x, 10 + y, 5), 3.2) if there else None
    by = math.hypot(x, y) if there else None
    return Misfit("lid.py", "k", "is off", by, of_round("3", (10, 10, 5), (0, 0, 1), 3.2, found))


def side(name, by=2.0):
    own = [[0, 0, 0], [40, 30, 5]]
    promised = [[0, 0, 0], [40, 30, 5]]
    promised[1]["xyz".index(name[-1])] -= by
    return Misfit("lid.py", "k", "sticks out", by, of_side(name, promised, own, own))


def picture(*misfits, drawing=DRAWING):
    return xml.fromstring(drawn_over(drawing, BOX, misfits, [label(one) for one in misfits], "promised|is"))


def of_class(root, kind, tag="circle"):
    return [each for each in root.iter(SPACE + tag) if each.get("class") == kind]


def test_a_hole_is_seen_from_above_where_it_is_promised_and_where_it_is():
    root = picture(hole())
    assert "hole 3: 0.80 mm" in [text.text for text in root.iter(SPACE + "text")]
    promised, larger = of_class(root, "mp")
    found, _ = of_class(root, "mf")
    assert (promised.get("cx"), promised.get("cy"), promised.get("r")) == ("50", "70", "3.2")
    assert (found.get("cx"), found.get("cy")) == ("51.6", "70")
    assert float(larger.get("r")) == pytest.approx(12.8), "four times as large"


def test_a_wide_hole_is_enlarged_as_far_as_it_is_seen_whole_or_its_misfit_is_seen_at_all():
    for off, times in ((0.8, 4), (0.02, 200)):
        assert f"× {times}" in [text.text for text in picture(hole(off)).iter(SPACE + "text")]


def test_what_is_not_there_is_drawn_where_it_is_promised_alone():
    root = picture(hole(there=False))
    assert label(hole(there=False)) == "hole 3: not there"
    assert len(of_class(root, "mp")) == 1 and not of_class(root, "mf") and not of_class(root, "mb")


def test_each_side_is_seen_in_a_view_that_shows_it():
    root = picture(side("+x"), side("+y"), side("+z", 1))
    groups = [each for each in root.iter(SPACE + "g") if each.get("transform")]
    assert len(groups) == 2, "x and y from above, z from the front"
    assert [len(of_class(each, "mr", "path")) for each in groups] == [3, 2], "one of them again, larger"
    assert label(side("+x")) == "+x: 2.00 mm"


def test_parts_are_told_apart():
    other = Misfit("base.py", "b", "is off", None, hole().figure)
    assert chosen([hole(), other], "") == [hole()] and chosen([hole(), other], "base.py") == [other]
    assert chosen([], "") == [] and chosen([hole()], "no.py") == []


@pytest.mark.parametrize(
    "views",
    [
        "{}",
        "[]",
        VIEWS.replace("30", "NaN"),
        VIEWS.replace("2,", "0,"),
        VIEWS.replace('"top"', '"up"'),
        '{"front": 3}',
        '{"top": ' + "[" * 1900 + "}",
    ],
)
def test_a_drawing_that_lies_about_its_views_is_refused(views):
    with pytest.raises(Invalid):
        picture(hole(), drawing=DRAWING.replace(VIEWS, views))
    with pytest.raises(Invalid):
        picture(hole(), drawing=DRAWING.replace("<svg", "<g"))


def test_words_are_only_words():
    words = ['<script>alert(1)</script>"&']
    root = xml.fromstring(drawn_over(DRAWING, BOX, [hole()], words, "<b>|&"))
    assert words[0] in [text.text for text in root.iter(SPACE + "text")]
    assert xml.fromstring(sentence(words[0]))[-1].text == words[0]


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=8))
def test_every_picture_is_sound_and_says_every_misfit(places):
    misfits = [hole(x, y) for x, y in places]
    root = picture(*misfits)
    assert len(of_class(root, "mt", "text")) == len(misfits)
    wide, high = (float(each) for each in root.get("viewBox").split()[2:])
    assert 0 < wide < 1000 and 0 < high < 1000


@pytest.mark.parametrize("far", [1e29, 2e7, math.inf, math.nan])
def test_what_is_too_far_away_is_not_drawn_and_the_picture_ends(far):
    promised = [of_round(name, (0, far, 0), (0, 0, 1), 3.2, None) for name in "12"]
    wide = [of_round(name, (10, 10, 0), (0, 0, 1), far, None) for name in "12"]
    for figures in (promised, wide):
        with pytest.raises(Invalid, match="too far away"):
            picture(*(Misfit("lid.py", "k", "is off", None, each) for each in figures))


def test_a_drawing_with_numbers_that_no_view_has_is_refused():
    huge = DRAWING.replace("[30, 150, 2, 0, 0]", f"[{10**400}, 150, 2, 0, 0]")
    with pytest.raises(Invalid, match="where its views are"):
        picture(side("+z"), drawing=huge)
    with pytest.raises(Invalid, match="too far away"):
        picture(side("+x"), drawing=DRAWING.replace("[30, 90, 2, 0, 0]", "[30, 90, 1e300, 0, 0]"))


def test_words_at_one_place_stand_below_each_other():
    root = picture(*(hole() for _ in range(40)))
    heights = sorted(float(each.get("y")) for each in of_class(root, "mt", "text"))
    letter = float(root.get("width").removesuffix("mm")) / 40
    assert len(heights) == 40 and min(b - a for a, b in pairwise(heights)) > letter
