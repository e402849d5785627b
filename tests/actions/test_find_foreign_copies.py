"""A file that a design of another family had first is recognised where it appears, whoever is looked at first."""

from datetime import timedelta

import pytest
from families import ADA, BIA, CAIO, commit
from houses import BOX, settle_in, start
from sqlalchemy import update

from opendesign.actions.change_design import change_design, delete_design
from opendesign.actions.create_design import create_design
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.fork import fork
from opendesign.actions.heal import reindex
from opendesign.actions.house import Visitor
from opendesign.actions.starters import starter_files
from opendesign.actions.sync import sync
from opendesign.actions.trace import trace
from opendesign.git.writing import create_branch
from opendesign.records.design import all_designs, design_by_id
from opendesign.records.revision import Adoption, Revision

RIBS = "".join(f"plate = plate.union(rib({number}, HEIGHT, {number} * THICKNESS))\n\n" for number in range(24))
ADA_IS, BIA_IS, CAIO_IS = map(Visitor, (1, 2, 3))


@pytest.fixture
def house(house):
    settle_in(house, "ada", "bia", "caio", "dora")
    return house


def design(house, who, name, **fields):
    made = start(house, who, name, {"box.py": BOX + f"# {name}\n", "NOTES.md": f"{name}\n"}, **fields)
    lineage_job(house, str(made))
    return made


def pushed(house, key, files, who, hours):
    """A commit that was received so many hours after a certain moment."""
    with house.reading() as work:
        newest = max(each.id for each in work.session.query(Revision))
        first = work.session.get(Revision, 1).received_at
    with pytest.MonkeyPatch.context() as still:
        still.setattr("families.lineage_job", lambda *words: None)
        sha = commit(house, key, files, "Ribs", who)
    with house.writing() as work:
        late = update(Revision).where(Revision.id > newest)
        work.session.execute(late.values(received_at=first + timedelta(hours=hours)))
    return sha


def look(house, *keys):
    for key in keys:
        lineage_job(house, str(key))


def copies(house):
    with house.reading() as work:
        found = work.session.query(Adoption).order_by(Adoption.at, Adoption.id)
        return [(a.kind, a.source_id, a.target_id, a.source_sha, a.sha) for a in found]


def same_anew(house):
    before = copies(house)
    reindex(house)
    return copies(house) == before


def show(house, who, key, kind):
    with house.writing(who) as work:
        change_design(work, design_by_id(work.session, key), visibility=kind)
    with house.reading() as work:
        keys = all_designs(work.session)
    look(house, *keys)


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_of_another_family_is_a_copy_whichever_is_looked_at_first(house, turned):
    source, target = design(house, ADA_IS, "clamp"), design(house, BIA_IS, "vice")
    born = pushed(house, source, {"ribs.py": RIBS}, ADA, 1)
    taken = pushed(house, target, {"parts/ribs.py": RIBS}, BIA, 30)
    look(house, *((target, source) if turned else (source, target)))
    assert copies(house) == [("copy", source, target, born, taken)]
    assert same_anew(house)


def test_white_space_and_remarks_do_not_hide_a_copy(house):
    source, target = design(house, ADA_IS, "clamp"), design(house, BIA_IS, "vice")
    born = pushed(house, source, {"ribs.py": RIBS}, ADA, 1)
    taken = pushed(house, target, {"mine.py": "# All mine\n" + RIBS.replace("\n\n", "  \n")}, BIA, 30)
    look(house, source, target)
    assert copies(house) == [("copy", source, target, born, taken)]


def test_within_a_family_a_copy_from_elsewhere_has_come_once(house):
    source, target = design(house, ADA_IS, "clamp"), design(house, BIA_IS, "vice")
    with house.writing(CAIO_IS) as work:
        other = fork(work, design_by_id(work.session, target)).id
    pushed(house, source, {"ribs.py": RIBS}, ADA, 1)
    pushed(house, target, {"ribs.py": RIBS}, BIA, 30)
    pushed(house, other, {"other/ribs.py": RIBS}, CAIO, 900)
    look(house, source, target)
    assert [found[:3] for found in copies(house)] == [("copy", source, target), ("port", target, other)]
    assert same_anew(house)


def test_what_everybody_has_is_nobodys(house):
    titles = {"title": "Bracket", "licence": "MIT", "licensor": "Somebody"}
    first, second = design(house, ADA_IS, "clamp"), design(house, BIA_IS, "vice")
    alike = starter_files("bracket", titles)
    ours = {path: text.decode() for path, text in alike.items()}
    template = {".github/ci.yml": RIBS, "CODE_OF_CONDUCT.md": RIBS + "a = b + c\n", "LICENSE": RIBS}
    for key, who, hours in ((first, ADA, 1), (second, BIA, 30)):
        pushed(house, key, ours, who, hours)
        pushed(house, key, template, who, hours + 2)
        pushed(house, key, {"few.py": "a = b + c\n" * 19, "none.py": "# nothing\n" * 40}, who, hours + 3)
    look(house, first, second)
    assert copies(house) == []


def test_what_two_show_at_once_or_three_had_before_is_from_elsewhere(house):
    names = ["clamp", "vice", "jaw", "grip", "hook"]
    made = [design(house, ADA_IS, name) for name in names]
    for number, key in enumerate(made[:4]):
        pushed(house, key, {"ribs.py": RIBS}, ADA, 1 + 30 * number)
    pushed(house, made[0], {"pegs.py": RIBS.replace("rib", "peg")}, ADA, 500)
    pushed(house, made[1], {"pegs.py": RIBS.replace("rib", "peg")}, ADA, 500.1)
    pushed(house, made[4], {"pegs.py": RIBS.replace("rib", "peg")}, ADA, 600)
    look(house, *made)
    assert [found[1:3] for found in copies(house)] == [(made[0], made[1]), (made[0], made[2])]
    assert same_anew(house)


def test_a_mirror_of_the_same_repository_is_no_stranger(house):
    source = design(house, ADA_IS, "clamp")
    with house.writing(BIA_IS) as work:
        mirror = create_design(work, "mirror").id
    with house.store.open(str(source)) as repository:
        tip = repository.refs()["refs/heads/main"]
    house.store.bring(str(source), str(mirror), tip, "refs/proposals/1/head")
    with house.store.open(str(mirror)) as repository:
        create_branch(repository, "main", tip)
    with house.writing() as work:
        sync(work, design_by_id(work.session, mirror))
    pushed(house, source, {"ribs.py": RIBS}, ADA, 30)
    pushed(house, mirror, {"ribs.py": RIBS}, BIA, 60)
    look(house, source, mirror)
    assert [found[:3] for found in copies(house)] == [("pick", source, mirror)]


def test_what_is_private_neither_shows_nor_decides(house):
    source, target = design(house, ADA_IS, "clamp"), design(house, BIA_IS, "vice")
    hidden = design(house, CAIO_IS, "secret", visibility="private")
    other = pushed(house, hidden, {"ribs.py": RIBS}, CAIO, 1)
    born = pushed(house, source, {"ribs.py": RIBS}, ADA, 30)
    taken = pushed(house, target, {"ribs.py": RIBS}, BIA, 60)
    look(house, hidden, source, target)
    assert copies(house) == [("copy", source, target, born, taken)]
    assert same_anew(house)
    show(house, CAIO_IS, hidden, "public")
    assert {found[1:4] for found in copies(house)} == {(hidden, source, other), (hidden, target, other)}
    assert same_anew(house)
    show(house, CAIO_IS, hidden, "private")
    assert copies(house) == [("copy", source, target, born, taken)]
    assert same_anew(house)


def test_a_private_design_that_copied_is_told_to_those_who_see_it_only(house):
    source, target = design(house, ADA_IS, "clamp"), design(house, BIA_IS, "vice", visibility="private")
    pushed(house, source, {"ribs.py": RIBS}, ADA, 1)
    pushed(house, target, {"ribs.py": RIBS}, BIA, 30)
    look(house, source, target)

    def told(who, key):
        with house.reading(who) as work:
            found = trace(work, design_by_id(work.session, key))
            return [(each.source_id, each.target_id) for each in found.elsewhere]

    assert told(BIA_IS, source) == told(BIA_IS, target) == [(source, target)]
    assert told(CAIO_IS, source) == told(Visitor(), source) == []


def test_when_the_first_goes_the_next_is_where_it_came_from(house):
    names = ["clamp", "vice", "jaw"]
    made = [design(house, ADA_IS, name) for name in names]
    for number, key in enumerate(made):
        pushed(house, key, {"ribs.py": RIBS}, ADA, 1 + 30 * number)
    look(house, *made)
    assert [found[1:3] for found in copies(house)] == [(made[0], made[1]), (made[0], made[2])]
    with house.writing(ADA_IS) as work:
        delete_design(work, design_by_id(work.session, made[0]), "ada/clamp")
    look(house, *made[1:])
    assert [found[1:3] for found in copies(house)] == [(made[1], made[2])]
    assert same_anew(house)
