"""What is new in a change belongs to where it was received first, whoever has it later."""

import pytest
from families import ADA, BIA, CAIO, RIBS, SLIT, commit, settle_lineage
from houses import BOX, start

from opendesign.actions.change_design import change_design, delete_design
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.find_lapses import find_lapses
from opendesign.actions.heal import reindex
from opendesign.actions.house import Visitor
from opendesign.actions.read_changes import read_changes
from opendesign.actions.sync import sync
from opendesign.actions.watch_family import lacking
from opendesign.git.writing import write_files
from opendesign.records.design import design_by_id
from opendesign.records.improvement import Improvement, improvement_by_sha
from opendesign.records.kin import family_of
from opendesign.records.revision import Adoption


def born(house):
    """Which commit was born where, as (design, commit, value), the oldest first."""
    with house.reading() as work:
        found = work.session.query(Improvement).order_by(Improvement.received_at, Improvement.id)
        return [(each.design_id, each.sha, each.value) for each in found]


def same_anew(house):
    before = born(house)
    reindex(house)
    return sorted(born(house)) == sorted(before)


def test_a_change_is_born_where_it_was_received_first(house, family):
    london, brazil, other = family
    lineage_job(house, str(london))
    begun = born(house)
    ribs = commit(house, brazil, {"box.py": BOX + RIBS}, "Ribs", BIA)
    commit(house, other, {"NOTES.md": "three\n"}, "A word too short to count", CAIO)
    commit(house, other, {"box.py": BOX + RIBS}, "Ribs", BIA)
    found = [each for each in born(house) if each not in begun]
    assert [(design, sha) for design, sha, _ in found] == [(brazil, ribs)]
    assert 4 < found[0][2] <= 5
    assert same_anew(house)


def test_a_squash_brings_only_what_is_new_in_it(house, family):
    london, brazil, _ = family
    ribs = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    both = commit(house, london, {"ribs.py": RIBS, "slit.py": SLIT}, "Ribs and a slit", ADA)
    with house.reading() as work:
        new = improvement_by_sha(work.session, london, both)
        old = improvement_by_sha(work.session, london, ribs)
        assert new.paths == ["slit.py"] and not set(new.units) & set(old.units)
    assert same_anew(house)


def test_what_a_design_lacks_is_what_it_neither_received_nor_took_nor_began_with(house, family):
    london, brazil, other = family
    ribs = commit(house, brazil, {"box.py": BOX + RIBS}, "Ribs", BIA)
    slit = commit(house, brazil, {"slit.py": SLIT}, "Slit", BIA)
    commit(house, other, {"slit.py": SLIT}, f"Slit\n\n(cherry picked from commit {slit})", CAIO)
    with house.reading() as work:
        lacked = {key: [each.sha for each in lacking(work, design_by_id(work.session, key))] for key in family}
    assert lacked == {london: [slit, ribs], brazil: [], other: [ribs]}


def test_what_three_families_had_before_belongs_to_nobody(house, family):
    london, _, _ = family
    bia = Visitor(2)
    for name in ("one", "two", "three"):
        lineage_job(house, str(start(house, bia, name, {"ribs.py": RIBS})))
    assert len(born(house)) == 3
    ours = commit(house, london, {"ribs.py": RIBS}, "Ribs", ADA)
    assert ours not in [sha for _, sha, _ in born(house)]
    assert same_anew(house)


def test_what_is_common_follows_who_may_see_it_and_what_the_worker_finds_late(house, family):
    london, brazil, _ = family
    bia, lines = Visitor(2), "".join(f"peg{each} = peg({each}, {each} * PITCH, LENGTH)\n" for each in range(24))
    others = [start(house, bia, name, {"ribs.py": RIBS, "pegs.py": lines}) for name in ("one", "two", "three")]
    with house.store.open(str(london)) as repository:
        tip = repository.refs()["refs/heads/main"]
        files = {"ribs.py": RIBS.encode(), "pegs.py": lines.encode()}
        ours = write_files(repository, "main", files, "Ribs and pegs", ADA, tip)
    with house.writing() as work:
        sync(work, design_by_id(work.session, london))

    def told():
        with house.reading() as work:
            copied = [each.kind for each in work.session.query(Adoption).filter_by(target_id=brazil)]
        return ours in [sha for _, sha, _ in born(house)], copied

    def show(visibility):
        with house.writing(bia) as work:
            change_design(work, design_by_id(work.session, others[1]), visibility=visibility)
        for each in (london, others[1]):
            lineage_job(house, str(each))

    lineage_job(house, str(london))
    commit(house, brazil, {"more/pegs.py": lines}, "Pegs", BIA)
    assert told() == (True, ["copy"]), "nobody has read the others' commits yet"
    for each in others:
        lineage_job(house, str(each))
    settle_lineage(house)
    assert told() == (False, []) and same_anew(house)
    show("private")
    assert told() == (True, ["copy"]) and same_anew(house)
    show("public")
    assert told() == (False, []) and same_anew(house)
    with house.writing(bia) as work:
        delete_design(work, design_by_id(work.session, others[0]), "bia/one")
    lineage_job(house, str(london))
    assert told() == (True, ["copy"]) and same_anew(house)


@pytest.mark.parametrize("dies", ["having read", "having looked what lives"])
def test_what_is_common_is_found_though_the_worker_dies_once_it_has_read(house, family, dies):
    london, _, _ = family
    others = [start(house, Visitor(2), name, {"ribs.py": RIBS}) for name in ("one", "two", "three")]
    with house.store.open(str(london)) as repository:
        tip = repository.refs()["refs/heads/main"]
        ours = write_files(repository, "main", {"ribs.py": RIBS.encode()}, "Ribs", ADA, tip)
    with house.writing() as work:
        sync(work, design_by_id(work.session, london))
    lineage_job(house, str(london))
    assert ours in [sha for _, sha, _ in born(house)], "nobody has read the others' commits yet"
    for each in others:
        with house.store.open(str(each)) as repository:
            shas = sorted(repository.history(repository.refs()["refs/heads/main"]))
        if dies == "having read":
            read_changes(house, str(each), shas)
        else:
            find_lapses(house, [each])
    settle_lineage(house)
    assert ours not in [sha for _, sha, _ in born(house)]
    assert same_anew(house)


def test_what_others_keep_to_themselves_is_not_told_by_what_is_common(house, family):
    london, _, _ = family
    for name in ("one", "two", "three"):
        hidden = start(house, Visitor(2), name, {"ribs.py": RIBS})
        with house.writing(Visitor(2)) as work:
            change_design(work, design_by_id(work.session, hidden), visibility="private")
        lineage_job(house, str(hidden))
    ours = commit(house, london, {"ribs.py": RIBS}, "Ribs", ADA)
    assert ours in [sha for _, sha, _ in born(house)]


def test_what_is_private_is_no_improvement_until_it_is_published(house, family):
    london, brazil, other = family
    lineage_job(house, str(london))
    begun = len(born(house))
    with house.writing(Visitor(2)) as work:
        change_design(work, design_by_id(work.session, brazil), visibility="private")
    ribs = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    assert len(born(house)) == begun
    again = commit(house, other, {"stiff.py": RIBS}, "Ribs", CAIO)
    assert [sha for _, sha, _ in born(house)][begun:] == [again]
    with house.writing(Visitor(2)) as work:
        change_design(work, design_by_id(work.session, brazil), visibility="public")
    lineage_job(house, str(brazil))
    assert [sha for _, sha, _ in born(house)][begun:] == [ribs]
    assert same_anew(house)


def test_forks_stay_a_family_when_the_first_is_deleted(house, family):
    london, brazil, other = family
    ribs = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    with house.writing(Visitor(1)) as work:
        delete_design(work, design_by_id(work.session, london), "ada/case")
    lineage_job(house, str(brazil))
    with house.reading() as work:
        left = design_by_id(work.session, other)
        assert [each.id for each in family_of(work.session, left)] == [brazil, other] and left.parent_id is None
        assert improvement_by_sha(work.session, brazil, ribs).design_id == brazil
    assert same_anew(house)
