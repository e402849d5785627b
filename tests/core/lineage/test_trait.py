"""What two designs have both changed, and how far their parameters and parts are apart."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.ancestry import Forked, among, contained, parting
from opendesign.core.lineage.competition import competition
from opendesign.core.lineage.divergence import Overlap, difference, geometry, parameters
from opendesign.core.lineage.trait import changed, flat, is_parameter, traits

LID = '''"""A lid."""

import cadquery as cq

WIDTH = 20.0  # [5:1:100] mm
HOLES = 2


def rib(x):
    """One rib."""
    return cq.Workplane().box(x, 2, 2)


result = cq.Workplane().box(WIDTH, 10, 4)
for x in range(HOLES):
    result = result.union(rib(x))
'''


def read(text, path="lid.py"):
    return flat(json.loads(json.dumps(traits({path: text}, {}))))


BEGUN = read(LID)


def names(before, after):
    return {name for _path, name in changed(before, after)}


def test_parameters_functions_and_features_are_told_apart():
    assert {name for _, name in BEGUN} == {"WIDTH", "HOLES", "rib()", "result =", "x ="}
    assert BEGUN["lid.py", "WIDTH"] == 20.0
    assert [is_parameter(name) for name in ("WIDTH", "Params.width", "rib()", "result =", "")] == [True, True] + [
        False
    ] * 3


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("WIDTH = 20.0", "WIDTH = 30.0", {"WIDTH"}),
        ("box(x, 2, 2)", "box(x, 2, 3)", {"rib()"}),
        ("One rib.", "One stiff rib.", set()),
        ("HOLES = 2", "HOLES = 2  # [1:1:9]", set()),
        ("10, 4)", "10, 5)", {"result ="}),
        ("import cadquery as cq\n", "import cadquery as cq\n\n# A remark\n", set()),
    ],
)
def test_a_change_is_of_what_it_is_in(old, new, expected):
    assert names(BEGUN, read(LID.replace(old, new))) == expected


def test_a_class_has_its_fields_and_methods_each():
    text = "class Params:\n    width = 20.0\n    def area(self):\n        return self.width ** 2\n\nresult = Params()\n"
    wide = read(text.replace("20.0", "30.0"))
    assert names(read(text), wide) <= {"Params.width", "result ="} and names(read(text), wide)
    assert names(read(text), read(text.replace("** 2", "** 3"))) == {"Params.area()"}


def test_what_is_no_script_is_one_trait():
    assert list(read("def broken(:\n")) == [("lid.py", "")]
    assert traits({}, {"lid.step": "0123456789abcdef"}) == {"lid.step": {"": "0123456789ab"}}


def test_competition_is_what_both_changed_each_in_its_own_way():
    wide = read(LID.replace("20.0", "30.0").replace("HOLES = 2", "HOLES = 4"))
    narrow = read(LID.replace("20.0", "10.0").replace("HOLES = 2", "HOLES = 4"))
    found = competition(BEGUN, wide, narrow)
    assert (found.value, [each.name for each in found.events]) == (0.5, ["lid.py · WIDTH"])
    assert competition(BEGUN, wide, wide).value == 0, "what one took from the other is not contested"
    assert competition(BEGUN, BEGUN, BEGUN).value == 0
    assert competition(None, wide, narrow).value is None


TRAITS = st.dictionaries(st.tuples(st.just("lid.py"), st.sampled_from("ABCDE")), st.integers(1, 3))


@given(TRAITS, TRAITS, TRAITS)
def test_competition_and_divergence_are_mutual_and_between_nothing_and_all(begun, one, other):
    found = competition(begun, one, other)
    assert 0 <= found.value <= 1 and found == competition(begun, other, one)
    assert parameters(one, other) == parameters(other, one) and 0 <= parameters(one, other).value <= 1
    assert parameters(one, one).value == 0


VALUES = st.floats(-1e6, 1e6) | st.text(max_size=2) | st.lists(st.floats(-9, 9), max_size=3).map(tuple)


@given(VALUES, VALUES)
def test_a_difference_of_values_is_mutual_and_at_most_one(one, other):
    assert 0 <= difference(one, other) <= 1 and difference(one, other) == difference(other, one)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [(10, 8, 0.2), (1.0, -1.0, 1), (0, 0.0, 0), ("a", "b", 1), ((2, 4), (2, 2, 4), 0.5), (None, 3, 1), ("true", 1, 1)],
)
def test_values_differ_in_parts_of_the_larger(one, other, apart):
    assert difference(one, other) == pytest.approx(apart)


def test_a_parameter_that_one_lacks_differs_wholly():
    one, other = {("lid.py", "A"): 10, ("lid.py", "B"): 5}, {("lid.py", "A"): 8}
    assert parameters(one, other).value == pytest.approx((0.2 + 1) / 2)


def test_geometry_is_measured_when_every_common_part_is():
    lid, base = Overlap("lid.py", 80.0, 100.0), Overlap("base.py", 100.0, 100.0)
    assert geometry([lid, base]).value == pytest.approx(1 - 180 / 200)
    assert geometry([lid, Overlap("pin.py", None, None)]).value is None
    assert geometry([]).note == "no part in common"


def test_what_a_commit_contains_is_found_in_one_walk():
    graph = [("e", ("c", "d")), ("d", ("b",)), ("c", ("b",)), ("b", ("a",)), ("a", ())]
    wanted = ["a", "c", "d"]
    held = contained(graph, wanted)
    assert {sha: among(bits, wanted) for sha, bits in held.items()} == {
        "a": ["a"],
        "b": ["a"],
        "c": ["a", "c"],
        "d": ["a", "d"],
        "e": ["a", "c", "d"],
    }


def test_two_designs_parted_at_the_earlier_fork():
    forks = {
        1: Forked(None, None, 0),
        2: Forked(1, "f2", 2),
        3: Forked(1, "f3", 3),
        4: Forked(3, "f4", 4),
        5: Forked(9, "f5", 1),
    }
    assert parting(forks, 1, 2) == parting(forks, 2, 1) == "f2"
    assert parting(forks, 2, 4) == "f2" and parting(forks, 1, 4) == "f3" and parting(forks, 3, 4) == "f4"
    assert parting(forks, 1, 5) is None


def test_a_script_that_is_made_to_take_long_is_read_once_over():
    names = ", ".join(f"name_{number}" for number in range(3_000))
    found = traits({"lid.py": f"{names} = range(3_000)\n"}, {})["lid.py"]
    assert len(found) == 500 and len(set(found.values())) == 1


def test_a_number_that_cannot_be_written_down_hides_its_file_alone():
    found = traits({"lid.py": LID, "odd.py": f"odd = 0x{'f' * 6000}\n"}, {})
    assert "WIDTH" in found["lid.py"] and list(found["odd.py"]) == [""]


def test_of_more_text_than_anybody_writes_the_rest_counts_as_a_whole():
    long = "wide = 4\n# " + "-" * (1 << 20) + "\n"
    found = traits({"a.py": long, "b.py": long, "c.py": LID}, {})
    assert [list(found[path])[:1] for path in ("a.py", "b.py", "c.py")] == [["wide"], [""], [""]]
