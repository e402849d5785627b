"""Lineage, credit and the numbers of a pair as programs see and change them."""

from datetime import timedelta

from opendesign.actions.find_adoptions import lineage_job
from opendesign.records.revision import Revision

RIBS = "\nfor x in (-4, 4):\n    result = result.union(cq.Workplane().box(x, width / 2, 3.5))\n"
PEGS = "".join(f"plate = plate.union(peg({number}, HEIGHT, {number} * THICKNESS))\n" for number in range(24))


def write(who, design, path, text, message="More"):
    return who.made("PUT", f"{design}/files/main/{path}", {"content": text, "message": message})["commit"]


def test_what_a_message_says_counts_once_the_source_has_confirmed_it(world, ada, bia, box, nobody):
    bia.made("POST", f"{box}/forks")
    born = write(bia, "/designs/bia/box", "ribs.py", RIBS)
    write(ada, box, "NOTES.md", "Ours is bent.\n", f"Bend\n\nAdopted-from: bia/box@{born}")
    lineage_job(world.house, "1")
    (told,) = nobody.get(f"{box}/lineage").json["adoptions"]
    assert (told["kind"], told["source_commit"], told["evidence"]) == ("declared", born, ["trailer"])
    assert told["confirmed_at"] is None
    place = f"/designs/bia/box/lineage/{told['id']}/confirmation"
    assert nobody("POST", place).status_code == 401 and ada("POST", place).status_code == 403
    assert bia("POST", place.replace(str(told["id"]), "999")).status_code == 404
    said = bia("POST", place)
    assert said.status_code == 201 and said.headers["Location"].endswith("/designs/bia/box/lineage")
    assert bia.made("POST", place) == said.json, "again changes nothing"
    assert nobody.get(f"{box}/lineage").json["adoptions"] == [told | said.json]


def test_a_file_from_another_family_is_told_at_both_ends_and_credited_to_its_makers(world, ada, bia, box, nobody):
    clamp = world.box(bia, "clamp")
    born = write(bia, clamp, "pegs.py", PEGS)
    with world.house.writing() as work:
        for each in work.session.query(Revision).filter_by(design_id=2):
            each.received_at -= timedelta(days=60)
    taken = write(ada, box, "parts/pegs.py", PEGS)
    for key in ("1", "2"):
        lineage_job(world.house, key)
    (here,), (there,) = (nobody.get(f"{each}/lineage").json["elsewhere"] for each in (box, clamp))
    assert here == there
    assert [here[name] for name in ("kind", "source", "target")] == ["copy", "bia/clamp", "ada/box"]
    shares = {each["person"]: each["events"] for each in nobody.get(f"{box}/credit").json["shares"]}
    (lines,) = shares["bia"]
    assert (lines["commit"], lines["source_commit"], lines["source"], lines["count"]) == (taken, born, "bia/clamp", 24)


def test_trying_to_merge_a_pair_is_wanted_and_then_told_with_the_pair(world, ada, bia, box, nobody):
    bia.made("POST", f"{box}/forks")
    write(bia, "/designs/bia/box", "NOTES.md", "Ours is longer than theirs by a hand.\n")
    lineage_job(world.house, "1")
    place = f"{box}/family/bia/box"
    wanted = ada("POST", f"{place}/weighing")
    assert wanted.status_code == 202 and (wanted.json["relative"], wanted.json["trial"]) == ("bia/box", "trying")
    told = nobody.get(place).json
    assert told == wanted.json and told["complementarity"]["value"] is None and told["complementarity"]["note"]
    other = world.box(bia, "clamp")
    assert ada("POST", f"{box}/family{other.removeprefix('/designs')}/weighing").status_code == 404
