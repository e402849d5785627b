"""What taking somebody's commits would give: one part's share, several at once, and what they build upon."""

import families
import pytest
from houses import settle_in, start

from opendesign.actions.fork import fork
from opendesign.actions.house import Visitor
from opendesign.actions.try_adoption import Wish, try_adoption
from opendesign.core.errors import Invalid, NotFound
from opendesign.records.design import design_by_id
from opendesign.records.person import person_by_name

WALL = "WALL = 2.0  # [1:0.5:5] Wall, mm\n"
LID = "from shared import WALL\nimport cadquery as cq\n\nresult = cq.Workplane().box(9, 9, WALL)\n"
HINGE = "import cadquery as cq\n\nLONG = 5.0\nPIN = 1.0\n\nresult = cq.Workplane().box(LONG, 1, PIN)\n"
FILES = {"lid.py": LID, "hinge.py": HINGE, "shared.py": WALL, "NOTES.md": "one\n"}


@pytest.fixture
def brazil(house):
    """London's case is design 1; the number of bia's fork of it."""
    ada, bia = settle_in(house, "ada", "bia")
    london = start(house, ada, "case", FILES)
    with house.writing(bia) as work:
        return fork(work, design_by_id(work.session, london)).id


def attempt(house, *shas, decisions=None, **more):
    with house.reading() as work:
        ada = Visitor(person_by_name(work.session, "ada").id)
    with house.reading(ada) as work:
        design = design_by_id(work.session, 1)
        found = try_adoption(work, design, Wish("bia/case", shas, **more), decisions or {})
        with house.store.open(design.key) as repository:
            tree = found.trial.tree
            texts = {e.path: repository.read(tree, e.path).decode() for e in repository.files(tree)} if tree else {}
        return found, texts


def both(wall="3.0", long="6.0"):
    return {"shared.py": WALL.replace("2.0", wall), "hinge.py": HINGE.replace("5.0", long), "NOTES.md": "two\n"}


def test_a_parts_share_is_what_its_script_can_read(house, brazil):
    sha = families.commit(house, brazil, both(), "Wall and hinge", families.BIA)
    found, texts = attempt(house, sha, part="lid.py")
    assert found.left_out == ["NOTES.md", "hinge.py"]
    assert texts["shared.py"] == WALL.replace("2.0", "3.0"), "the lid reads it, though it is no part"
    assert texts["hinge.py"] == HINGE and texts["NOTES.md"] == "one\n"
    found, texts = attempt(house, sha, part="hinge")
    assert "LONG = 6.0" in texts["hinge.py"] and texts["shared.py"] == WALL
    assert attempt(house, sha)[0].left_out == []


def test_a_share_of_nothing_and_of_no_part_is_refused(house, brazil):
    sha = families.commit(house, brazil, {"NOTES.md": "two\n"}, "Notes", families.BIA)
    with pytest.raises(Invalid, match=r"change nothing that lid.py reads"):
        attempt(house, sha, part="lid.py")
    with pytest.raises(NotFound, match=r"no part “door.py”"):
        attempt(house, sha, part="door.py")


def test_a_part_that_was_renamed_leaves_nothing_behind(house, brazil):
    moved = {"hinge.py": None, "parts/joint.py": HINGE.replace("5.0", "6.0"), "NOTES.md": "two\n"}
    sha = families.commit(house, brazil, moved, "Joint", families.BIA)
    found, texts = attempt(house, sha, part="parts/joint.py")
    assert "hinge.py" not in texts and "LONG = 6.0" in texts["parts/joint.py"] and found.left_out == ["NOTES.md"]


def test_one_decision_counts_for_a_whole_series(house, brazil):
    shas = [
        families.commit(house, brazil, {"hinge.py": HINGE.replace("5.0", value)}, value, families.BIA)
        for value in ("6.0", "7.0")
    ]
    families.commit(house, 1, {"hinge.py": HINGE.replace("5.0", "9.0")}, "Mine", families.ADA)
    found, _ = attempt(house, *shas)
    assert found.mergeable == "conflict" and [r.name for r in found.trial.conflicts[0].rivals] == ["LONG"]
    found, texts = attempt(house, *shas[::-1], decisions={"hinge.py": {"LONG": "theirs"}})
    assert "LONG = 7.0" in texts["hinge.py"] and [s.commit.sha for s in found.series.steps] == shas
    found, texts = attempt(house, *shas, decisions={"hinge.py": {"LONG": 8.5}})
    assert "LONG = 8.5" in texts["hinge.py"]
    found, texts = attempt(house, *shas, decisions={"hinge.py": {"LONG": "ours"}})
    assert found.already, "nothing is left to take"
    with pytest.raises(Invalid, match=r"Not in conflict: PIN of hinge.py"):
        attempt(house, *shas, decisions={"hinge.py": {"LONG": "theirs", "PIN": "theirs"}})


def test_only_what_it_needs_comes_along(house, brazil):
    ribs = families.commit(house, brazil, {"hinge.py": HINGE + families.RIBS}, "Ribs", families.BIA)
    families.commit(house, brazil, {"hinge.py": HINGE.replace("1.0", "1.5") + families.RIBS}, "Pin", families.BIA)
    thick = HINGE.replace("1.0", "1.5") + families.RIBS.replace("THICKNESS", "2 * THICKNESS")
    last = families.commit(house, brazil, {"hinge.py": thick}, "Thicker ribs", families.BIA)
    found, _ = attempt(house, last)
    assert [each.sha for each in found.needs] == [ribs], "the pin is in the same file and not needed"
    found, texts = attempt(house, last, ribs)
    assert texts["hinge.py"] == thick.replace("1.5", "1.0") and not found.needs
