"""What a design's own checks are given, and how each of them ends."""

from inside_fixture import Done, build, performed

LID = "import cadquery as cq\nresult = cq.Workplane().box(40, 30, 2)\n"
PINS = "import cadquery as cq\nresult = cq.Workplane().pushPoints([(0, 0), (9, 0)]).circle(2).extrude(5)\n"
KNOB = "import build123d as bd\nresult = bd.Cylinder(5, 4)\n"
CHECKS = {
    "held": ("assert parts['lid.py'].val().Volume() < 2_401", "held", "", None),
    "words": ("assert parts['lid.py'].val().Volume() < 1, f'heavy: {40 * 30}'", "failed", "heavy: 1200", 2),
    "wordless": ("assert parts['lid.py'].faces('>Z').size() == 2", "failed", "assert parts['lid.py'].faces", 2),
    "raises": ("parts['lid.py'].volume()", "error", "AttributeError: 'Workplane' object has no attribute", 2),
    "other": ("sizes.hold(False)", "failed", "sizes do not hold", 4),
    "unknown": ("parts['lid.pyy']", "error", "there is no part “lid.pyy” in this revision", 2),
    "unbuilt": ("parts['bad.py']", "error", "bad.py does not build", 2),
    "answers": ("return False", "error", "it returned bool; a check says what must hold with assert", None),
    "leaves": ("raise SystemExit(0)", "error", "ended itself with sys.exit(0)", 2),
    "all": ("assert sorted(parts) == ['bad.py', 'knob.py', 'lid.py', 'pins.py'] and len(parts) == 4", "held", "", None),
}
SIZES = "WIDTH = 40\n\ndef hold(it):\n    assert it, 'sizes do not hold'\n"


def inspected(text: str, *names: str, **files: str) -> Done:
    """Runs checks over a lid, two pins, a knob of build123d and a part that does not build."""
    shapes = {f"shapes/{at}.brep": built(text) for at, text in enumerate((LID, PINS, KNOB))}
    parts = {path: {"shape": name} for path, name in zip(("lid.py", "pins.py", "knob.py"), shapes, strict=True)}
    own = {"design/checks.py": text.encode(), "design/sizes.py": SIZES.encode()}
    job = {"kind": "inspect", "checks": list(names), "parts": parts | {"bad.py": {"fault": "does not build"}}}
    return performed(job, own | shapes)


def built(script: str) -> bytes:
    return build(script, "brep").files["brep"]


def test_each_check_ends_with_its_words_and_line():
    for name, (line, state, words, where) in CHECKS.items():
        done = inspected(f"def check_it(parts):\n    {line}\nimport sizes\n", "check_it")
        (found,) = done.result["checks"]
        assert (found["state"], words in found["message"]) == (state, True), (name, found)
        assert where is None or found["line"] == where, (name, found)
        assert found["file"] == {"held": None, "other": "sizes.py"}.get(state if state == "held" else name, "checks.py")
        assert found["seconds"] >= 0 and done.words == "check_it …\n"


def test_parts_are_workplanes_of_exact_shapes_whatever_made_them():
    text = """import cadquery as cq

def check_kinds(parts):
    kinds = {path: type(parts[path].val()).__name__ for path in ("lid.py", "pins.py", "knob.py")}
    assert kinds == {"lid.py": "Solid", "pins.py": "Compound", "knob.py": "Solid"}, kinds
    assert parts["pins.py"].solids().size() == 2 and parts["lid.py"].faces(">Z").val().Center().z == 1
    assert parts["lid.py"].intersect(parts["knob.py"]).val().Volume() > 100

def check_again(parts):
    assert parts["knob.py"].val().isValid()
"""
    found = inspected(text, "check_kinds", "check_again").result["checks"]
    assert [each["state"] for each in found] == ["held", "held"], found


def test_a_check_takes_the_parts_or_nothing():
    text = "".join(f"def check_{head}:\n    pass\n" for head in ("plain()", "lid(lid, base)", "more(parts, far=3)"))
    found = inspected(text, "check_plain", "check_lid", "check_more", "check_gone").result["checks"]
    assert [each["state"] for each in found] == ["held", "error", "held", "error"]
    assert "it takes lid, base; a check takes `parts` or nothing" in found[1]["message"]
    assert "it is no function any more" in found[3]["message"]


def test_modules_are_imported_and_what_stands_under_a_main_guard_is_left_alone():
    text = "import sizes\ndef check_plain():\n    assert sizes.WIDTH == 40\n"
    done = inspected(f"{text}if __name__ == '__main__':\n    raise SystemExit(1)\n", "check_plain")
    assert done.result["checks"][0]["state"] == "held"


def test_a_script_that_stops_before_its_checks_says_where():
    done = inspected("import sizes\nsizes.nothing()\n\ndef check_plain():\n    pass\n", "check_plain")
    error = done.result["error"]
    assert (error["kind"], error["file"], error["line"]) == ("script", "checks.py", 2)
    assert "no attribute 'nothing'" in error["message"]
