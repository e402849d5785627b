"""A checks.py is read, what came of it is believed with care, and a merge is judged by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.core.inspection import STATES, Inspected, judge_inspected, read_results, read_script, running
from opendesign.core.part import find_parts

LIGHT = '''def check_light(parts):
    """The lid is light.

    Or it bends the hinge."""
    assert parts["lid.py"].val().Volume() < 9
'''
PLAIN = "def check_plain():\n    pass\n"
SCRIPT = "import cadquery as cq\nresult = cq.Workplane().box(1, 2, 3)\n"


def result(state="held", message="", line=None):
    return {"state": state, "message": message, "file": "checks.py" if line else None, "line": line, "seconds": 0.1}


def run(text=LIGHT, code="1", **results):
    """A script that was run; results by the check's name without check_."""
    found = {f"check_{name}": value for name, value in results.items()}
    return Inspected(read_script(text), "made", found, code={"checks.py": code})


def said(after, before):
    return [(check.name, check.state, check.detail) for check in judge_inspected(after, before)]


HELD, HEAVY = result(), result("failed", "too heavy", 5)
FAILS = "The check “The lid is light” fails: too heavy (checks.py, line 5)"


def test_checks_are_functions_at_the_top_level_with_the_parts_they_name():
    script = read_script(LIGHT + PLAIN + "class Case:\n    def check_inner(self):\n        pass\ncheck = 1\n")
    assert script.names == ["check_light", "check_plain"] and script.parts == {"lid.py"}
    assert [(each.title, each.line) for each in script.each] == [
        ("The check “The lid is light”", 1),
        ("The check “check_plain”", 6),
    ]


@pytest.mark.parametrize(
    "use", ["for path in parts:\n        pass", "weigh(parts)", "own = parts['lid.py'], parts[name]"]
)
def test_a_check_that_uses_the_parts_in_another_way_is_given_all(use):
    assert read_script(f"{LIGHT}def check_all(parts):\n    {use}\n").parts is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def check_light(:\n", "Line 1 is not Python"),
        ("x = 1\0\n", "null"),
        ("(" * 500, "not Python"),
        ("".join(f"def check_{n}():\n    pass\n" for n in range(101)), "more than 100 checks"),
        (f"def check_{'a' * 200}():\n    pass\n", "more than 100 letters"),
    ],
)
def test_what_cannot_be_read_is_said_and_blocks(text, why):
    script = read_script(text)
    assert why in script.fault
    ((name, state, detail),) = said(Inspected(script), run(light=HELD))
    assert (name, state) == ("checks.py", "failed") and detail.startswith("checks.py cannot be run: ")


def test_what_held_must_hold_and_what_is_new_too():
    assert said(run(light=HELD), run(light=HELD)) == [("check_light", "passed", "The check “The lid is light” holds.")]
    for before in (run(light=HELD), run(PLAIN, plain=HELD), None):
        assert ("check_light", "failed", f"{FAILS}.") in said(run(light=HEAVY), before)
    assert said(run(light=HEAVY), run(light=HEAVY)) == [("check_light", "passed", f"{FAILS}; it failed before too.")]
    broken = Inspected(read_script("("), "made")
    assert said(run(light=HEAVY), broken)[0] == ("check_light", "failed", f"{FAILS}.")


def test_what_is_still_to_be_run_waits_and_a_failure_waits_for_what_was_before():
    wanted = Inspected(read_script(LIGHT), code={"checks.py": "1"})
    assert said(wanted, wanted)[0] == ("check_light", "waiting", "The check “The lid is light” is still to be run.")
    assert said(run(light=HEAVY), wanted)[0][1] == "waiting"
    assert said(run(light=HELD), wanted)[0][1] == "passed"


def test_a_check_or_a_script_that_goes_is_named_and_what_decides_is_said():
    gone = ("check_light", "passed", "The check “check_light” is no longer asked for after the merge.")
    assert said(None, run(light=HEAVY)) == [gone] and said(None, None) == []
    assert said(run(PLAIN, "2", plain=HELD), run(light=HELD))[1:] == [
        gone,
        ("checks.py", "passed", "The merge changes code that runs the checks: checks.py."),
    ]


def test_a_run_that_failed_blocks_whoever_left_it_so():
    error = {
        "kind": "time",
        "message": "it ran longer than 60 s. It had begun check_light.",
        "file": None,
        "line": None,
    }
    late = Inspected(read_script(LIGHT), "failed", error=error)
    why = "checks.py cannot be run: it ran longer than 60 s. It had begun check_light."
    assert said(late, late) == [("checks.py", "failed", why)]
    assert said(run(light=HELD), late)[0][1] == "passed"


def test_the_code_that_decides_is_what_is_imported():
    sources = {"checks.py": f"import sizes\n{LIGHT}", "sizes.py": "import deep\n", "deep.py": "", "lid.py": SCRIPT}
    assert running(sources) == ["checks.py", "deep.py", "sizes.py"]
    sources["sizes.py"] = 'exec(open("lid.py").read())\n'
    assert running(sources) == ["checks.py", "lid.py", "sizes.py"]


def test_a_checks_py_is_no_part_but_one_in_a_folder_may_be():
    paths = [part.path for part in find_parts(dict.fromkeys(("checks.py", "game/checks.py", "lid.py"), SCRIPT))]
    assert paths == ["game/checks.py", "lid.py"]


def test_a_check_that_does_not_come_back_is_an_error():
    told = [{"name": "check_a", "state": "held", "seconds": 0.5}, {"name": "check_other", "state": "held"}]
    found = read_results(told, ["check_a", "check_b"])
    assert found["check_a"]["state"] == "held" and found["check_a"]["seconds"] == 0.5
    assert found["check_b"]["state"] == "error" and "without a result" in found["check_b"]["message"]
    assert found.keys() == {"check_a", "check_b"}


@pytest.mark.parametrize(
    "told", [None, {}, [1], [{"name": "check_a"}], [{}] * 101, [{"name": "check_a", "state": [1]}]]
)
def test_what_no_honest_run_sends_is_refused(told):
    with pytest.raises(Invalid):
        read_results(told, ["check_a"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("a\n\0\u202e", max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "state", "line"]), inner),
    max_leaves=8,
)
TOLD = st.fixed_dictionaries(
    {"name": st.sampled_from(["check_a", "check_b"]) | JSON, "state": st.sampled_from(STATES) | JSON},
    optional={"message": JSON, "file": JSON, "line": JSON, "seconds": JSON},
)


@given(st.lists(TOLD, max_size=5))
def test_whatever_is_told_is_refused_or_bounded(told):
    try:
        found = read_results(told, ["check_a"])
    except Invalid:
        return
    (each,) = found.values()
    assert each["state"] in STATES and len(each["message"]) <= 500 and 0 <= each["seconds"] <= 1e30
    assert each["line"] is None or type(each["line"]) is int
