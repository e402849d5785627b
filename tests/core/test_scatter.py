"""Scatters: dots within the drawing, names that nothing covers, and the same answer every time."""

from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.coopmap import INSET, Pair, coopmap
from opendesign.core.lineage.pair import WORDS
from opendesign.core.scatter import BOTTOM, DOT, HEIGHT, LEFT, LONGEST, RIGHT, TOP, WIDTH, overlap, scatter, shortened

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
NAMES = st.text("abcdefgh/-", min_size=1, max_size=40)
SHARES = st.floats(-0.2, 1.2, allow_nan=False)


def untouched(dots) -> None:
    """No name lies on another, on a dot or outside."""
    boxes = [dot.box for dot in dots if dot.box]
    for number, box in enumerate(boxes):
        assert box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= HEIGHT
        assert not any(overlap(box, other) for other in boxes[number + 1 :])
        assert not any(overlap(box, (dot.x - DOT, dot.y - DOT, dot.x + DOT, dot.y + DOT)) for dot in dots)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NAMES), max_size=60))
def test_everything_lies_within_and_no_name_is_covered(points):
    given_points, names = [(x, y) for x, y, _name in points], [name for *_place, name in points]
    drawn = scatter(given_points, names)
    assert [dot.number for dot in drawn.dots] == list(range(len(points)))
    for dot in drawn.dots:
        assert LEFT <= dot.x <= WIDTH - RIGHT and TOP <= dot.y <= HEIGHT - BOTTOM
    untouched(drawn.dots)
    assert drawn == scatter(given_points, names)


def test_whoever_is_first_has_a_name_where_there_is_room_for_one():
    crowd = [(x / 100, 0.5 + (x % 2) / 1000) for x in range(60)] + [(0.0, 0.0), (1.0, 1.0)]
    drawn = scatter(crowd, [f"maker-{number}/laptop-case" for number in range(62)], first=[30])
    assert drawn.dots[30].label == "maker-30/laptop-case" and not all(dot.label for dot in drawn.dots)


def test_more_lies_further_right_and_higher():
    one, other = scatter([(1.0, 5.0), (2.0, 9.0)], ["a", "b"]).dots
    assert one.x < other.x and one.y > other.y and (one.label, other.label) == ("a", "b")


def test_long_names_are_shortened():
    assert len(shortened("x" * 99)) == LONGEST and shortened("ada/case") == "ada/case"


def test_each_corner_of_the_map_is_as_large():
    ends = ((0, 0), (1, 0), (0, 1), (1, 1))
    drawn = coopmap([Pair(name, *at) for name, at in zip(WORDS, ends, strict=True)], 0.1, 0.25)
    apart, allies, rivals, coopetitors = drawn.dots
    assert (apart.x, apart.y) == (rivals.x, allies.y) == (LEFT + INSET, HEIGHT - BOTTOM - INSET)
    assert drawn.across == (apart.x + allies.x) / 2 and drawn.down == (apart.y + rivals.y) / 2
    assert (coopetitors.x, coopetitors.y) == (WIDTH - RIGHT - INSET, TOP + INSET)
    assert all(dot.label for dot in drawn.dots)


@given(st.lists(st.builds(Pair, NAMES, SHARES, SHARES), max_size=40))
def test_the_map_holds_every_pair_in_its_corner(pairs):
    drawn = coopmap(pairs, 0.1, 0.25)
    untouched(drawn.dots)
    for pair, dot in zip(pairs, drawn.dots, strict=True):
        assert LEFT <= dot.x <= WIDTH - RIGHT and TOP <= dot.y <= HEIGHT - BOTTOM
        assert pair.coop < 0.1 or dot.x >= drawn.across
        assert pair.coop >= 0.1 or dot.x <= drawn.across
        assert (dot.y <= drawn.down) if pair.competition >= 0.25 else (dot.y >= drawn.down)
