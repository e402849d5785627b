"""What waits, in order and by part."""

from datetime import UTC, datetime

from opendesign.core.lineage.radar import Blip, clustered, in_order, parts_of, readers, says


def blip(name: str, *paths: str) -> Blip:
    return Blip(name, 1, datetime(2026, 1, 1, tzinfo=UTC), f"Improve {name}", "Bia", 3.0, paths)


HINGE, LID, GUIDE, PIN = blip("h", "hinge.py"), blip("l", "lid.py"), blip("g", "GUIDE.md"), blip("p", "hinge.py")
READING = readers({"hinge.py": ["hinge.py", "sizes.py"], "lid.py": ["lid.py", "sizes.py", "logo.dxf"]})


def test_a_module_belongs_to_each_part_that_reads_it():
    assert parts_of(["sizes.py"], READING) == ("hinge.py", "lid.py")
    assert parts_of(["logo.dxf", "sizes.py"], READING) == ("lid.py", "hinge.py")
    assert parts_of(["README.md"], READING) == ()


def test_what_is_of_the_same_parts_stands_together_and_the_rest_last():
    found = [GUIDE, HINGE, LID, PIN]
    parts = {each.sha: parts_of(each.paths, READING) for each in found}
    assert clustered(found, parts) == [HINGE, PIN, LID, GUIDE]


def test_the_most_adopted_come_first_and_the_newest_of_equals():
    assert in_order([HINGE, LID, PIN], "adopted", {"l": {2}, "p": {2, 3}}) == [PIN, LID, HINGE]
    assert in_order([HINGE, LID, PIN], "new", {"l": {2}}) == [HINGE, LID, PIN]


def test_all_words_must_be_somewhere():
    assert says(HINGE, ["improve", "hinge.py", "bia"]) and not says(HINGE, ["improve", "lid"])
