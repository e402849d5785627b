"""Whoever draws a relative's part in another way, or brings it as a model file, has it from there: the shape tells."""

import engine_fixture
import pytest
from families import ADA, BIA, CAIO, settle_lineage
from houses import new_house, settle_in, start

from opendesign.actions.change_design import change_design
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.fork import fork
from opendesign.actions.heal import heal, reindex
from opendesign.actions.house import Visitor
from opendesign.actions.make_wanted import make_wanted
from opendesign.actions.sync import sync
from opendesign.git.writing import write_files
from opendesign.records.build import Comparison
from opendesign.records.design import all_designs, design_by_id, parts_of
from opendesign.records.form import Form
from opendesign.records.lapse import Lapse
from opendesign.records.revision import Adoption, Revision

PLATE = "import cadquery as cq\n\nWIDTH = 40.0\n\nresult = cq.Workplane().box(WIDTH, 30, 2)\n"
BRACKET = """import cadquery as cq

plate = cq.Workplane().box(40, 30, 4).edges("|Z").fillet(3)
plate = plate.faces(">Z").workplane().pushPoints([(-12, 5), (12, -7)]).hole(5)
wall = cq.Workplane(origin=(-18, 0, 12)).box(4, 30, 20)
result = plate.union(wall).faces("<X").workplane(origin=(0, 4, 14)).hole(6)
"""
REDRAWN = """import cadquery as cq

body = cq.Workplane().rect(40, 30).extrude(4).translate((0, 0, -2)).edges("|Z").fillet(3)
body = body.union(cq.Workplane("YZ").rect(30, 20).extrude(4).translate((-20, 0, 12)))
for x, y in ((12, -7), (-12, 5)):
    body = body.cut(cq.Workplane(origin=(x, y, 0)).circle(2.5).extrude(20, both=True))
body = body.cut(cq.Workplane("YZ").circle(3).extrude(10, both=True).translate((-18, 4, 14)))
result = body.rotate((0, 0, 0), (1, 2, 3), 77)
"""
MIRRORED = REDRAWN.replace("body.rotate((0, 0, 0), (1, 2, 3), 77)", 'body.mirror("YZ").translate((9, 0, 0))')
WEIGHT = ("weight", "fingerprint", "overlap:1.0000")


@pytest.fixture
def house(tmp_path, request):
    """A house whose engine is the shared one."""
    made = new_house(tmp_path)
    made.settings.engine_socket.symlink_to(engine_fixture.shared(request, "namespaces").address)
    yield made
    made.database.close()


@pytest.fixture
def family(house):
    """The numbers of London's plate and of two forks of it in Brazil."""
    ada, bia, caio = settle_in(house, "ada", "bia", "caio")
    plate = start(house, ada, "plate", {"plate.py": PLATE})
    made = [plate]
    for who in (bia, caio):
        with house.writing(who) as work:
            made.append(fork(work, design_by_id(work.session, plate)).id)
    return made


def push(house, design, changes, who, message="Draw"):
    """Somebody's push; the worker comes later."""
    with house.store.open(str(design)) as repository:
        tip = repository.refs()["refs/heads/main"]
        files = {path: text.encode() if isinstance(text, str) else text for path, text in changes.items()}
        sha = write_files(repository, "main", files, message, who, tip)
    with house.writing() as work:
        sync(work, design_by_id(work.session, design))
    return sha


def worked(house):
    """The worker makes all that is wanted, and looks at the lineage, until there is nothing left to do."""
    while True:
        with house.reading() as work:
            keys = all_designs(work.session)
        for key in keys:
            lineage_job(house, str(key))
        settle_lineage(house)
        if make_wanted(house) == "nothing":
            return
        while make_wanted(house) != "nothing":
            pass


def adopted(house):
    with house.reading() as work:
        found = work.session.query(Adoption).order_by(Adoption.target_id, Adoption.at, Adoption.id)
        return [(a.kind, a.source_id, a.target_id, a.source_sha, a.sha, tuple(a.evidence)) for a in found]


def step_of(house, design, path):
    with house.reading() as work:
        parts = parts_of(work.session, [design_by_id(work.session, design)])[design]
        key = next(part.build_key for part in parts if part.path == path)
    return house.shelf.path(key, "step").read_bytes()


def compared(house):
    with house.reading() as work:
        return {row.key: row.finished_at for row in work.session.query(Comparison)}


def test_the_shape_tells_who_had_it_first_and_a_mirror_image_tells_nothing(house, family):
    london, brazil, other = family
    born = push(house, london, {"bracket.py": BRACKET}, ADA, "Bracket")
    worked(house)
    file = step_of(house, london, "bracket.py")
    drawn = push(house, brazil, {"holder.py": REDRAWN}, BIA, "Holder")
    push(house, other, {"left.py": MIRRORED}, CAIO, "The other side")
    worked(house)
    first = ("geometry", london, brazil, born, drawn, (*WEIGHT, "part:holder.py"))
    assert adopted(house) == [first], "the left bracket is not the right one"
    brought = push(house, other, {"models/bracket.step": file}, CAIO, "Bracket, as a file")
    worked(house)
    both = [first, ("geometry", london, other, born, brought, (*WEIGHT, "part:models/bracket.step"))]
    assert adopted(house) == both
    looked = compared(house)
    reindex(house)
    assert adopted(house) == both and compared(house) == looked, "what was compared stays so"
    push(house, brazil, {"holder.py": REDRAWN + "\n# Turned\nresult = result.translate((0, 0, 1))\n"}, BIA)
    worked(house)
    assert adopted(house) == both, "it had that shape already"
    with house.writing(Visitor(1)) as work:
        change_design(work, design_by_id(work.session, london), visibility="private")
    worked(house)
    assert [row[:3] for row in adopted(house)] == [("geometry", brazil, other)], "what is private does not show"


def test_what_text_shows_is_not_found_by_its_shape_too(house, family):
    london, brazil, other = family
    born = push(house, london, {"bracket.py": BRACKET}, ADA, "Bracket")
    push(house, brazil, {"bracket.py": BRACKET}, ADA, "Bracket, as it is")
    worked(house)
    assert [(kind, source_sha) for kind, *_, source_sha, _, _ in adopted(house)] == [("pick", born)]
    drawn = push(house, other, {"bracket.py": REDRAWN}, CAIO, f"Bracket\n\nAdopted-from: ada/plate@{born[:12]}")
    worked(house)
    [*_, last] = adopted(house)
    assert last == ("geometry", london, other, born, drawn, ("trailer", *WEIGHT, "part:bracket.py", "declared"))
    before = adopted(house)
    push(house, other, {"again.py": BRACKET}, CAIO, "In her words")
    lineage_job(house, str(other))
    assert adopted(house) == before, "that both have solved it shows less"
    reindex(house)
    assert adopted(house) == before


def test_it_does_not_matter_when_the_worker_comes(house, family):
    london, brazil, _ = family
    born = push(house, london, {"bracket.py": BRACKET}, ADA, "Bracket")
    push(house, brazil, {"holder.py": REDRAWN}, BIA, "Holder")
    with house.reading() as work:
        forms = work.session.query(Form).filter_by(design_id=brazil).all()
        assert [form.path for form in forms] == ["holder.py"], "what a fork began with is not its own"
    lineage_job(house, str(london))
    assert adopted(house) == [] and heal(house) > 0
    worked(house)
    assert [row[:3] for row in adopted(house)] == [("geometry", london, brazil)]
    ported = push(house, brazil, {"again.py": BRACKET}, BIA, f"Copy\n\n(cherry picked from commit {born})")
    lineage_job(house, str(brazil))
    found = adopted(house)
    assert [row[:5] for row in found] == [("port", london, brazil, born, ported)], "what text shows, shows more"
    reindex(house)
    assert adopted(house) == found


def ended(house, target):
    """Since when what a design has by its shape is there no more, and that it lacks just what has ended."""
    with house.reading() as work:
        found = work.session.query(Adoption).filter_by(target_id=target, kind="geometry").one()
        lapses = {each.sha: each.at for each in work.session.query(Lapse).filter_by(design_id=target)}
        assert lapses.get(found.source_sha) == found.ended_at
        return found.ended_at


def moment(house, sha):
    with house.reading() as work:
        return work.session.query(Revision).filter_by(sha=sha).one().received_at


def test_a_shape_ends_when_no_part_has_it_and_lives_again_when_one_does(house, family):
    london, brazil, _ = family
    push(house, london, {"bracket.py": BRACKET}, ADA, "Bracket")
    push(house, brazil, {"holder.py": REDRAWN}, BIA, "Holder")
    worked(house)
    assert ended(house, brazil) is None
    flat = push(house, brazil, {"holder.py": PLATE + "# No holder\n"}, BIA, "Flat")
    lineage_job(house, str(brazil))
    assert ended(house, brazil) is None, "the part is still to be made"
    worked(house)
    push(house, brazil, {"NOTES.md": "Flat is better\n"}, BIA, "Notes")
    worked(house)
    assert ended(house, brazil) == moment(house, flat)
    push(house, brazil, {"holder.py": MIRRORED}, BIA, "The other side")
    worked(house)
    assert ended(house, brazil) == moment(house, flat), "its mirror image is another shape"
    push(house, brazil, {"holder.py": None, "parts/holder.py": REDRAWN}, BIA, "Elsewhere")
    worked(house)
    assert ended(house, brazil) is None
    gone = push(house, brazil, {"parts/holder.py": "result = None.broken\n"}, BIA, "Broken")
    worked(house)
    assert ended(house, brazil) == moment(house, gone)
    reindex(house)
    assert ended(house, brazil) == moment(house, gone)


def test_what_a_message_said_counts_again_once_the_shape_says_no_more(house, family):
    london, brazil, _ = family
    others = [start(house, Visitor(3), name, {"bracket.py": BRACKET}) for name in ("one", "two", "three")]
    with house.writing(Visitor(3)) as work:
        change_design(work, design_by_id(work.session, others[0]), visibility="private")
    worked(house)
    born = push(house, london, {"bracket.py": BRACKET.replace(".edges", ". edges"), "own.txt": "own\n"}, ADA, "Bracket")
    push(house, brazil, {"holder.py": REDRAWN}, BIA, f"Holder\n\nAdopted-from: ada/plate@{born[:12]}")
    worked(house)
    assert [(row[0], row[-1][-1]) for row in adopted(house)] == [("geometry", "declared")]
    for visibility, kind in (("public", "declared"), ("private", "geometry")):
        with house.writing(Visitor(3)) as work:
            change_design(work, design_by_id(work.session, others[0]), visibility=visibility)
        worked(house)
        found = adopted(house)
        assert [row[0] for row in found] == [kind], "three families had that shape before" * (kind == "declared")
        reindex(house)
        assert adopted(house) == found
