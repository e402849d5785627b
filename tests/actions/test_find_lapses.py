"""A change lives where its lines stand; when they are taken away, it and its adoption have ended, until it is back."""

from families import ADA, BIA, CAIO, RIBS, SLIT, commit
from houses import BOX

from opendesign.actions.change_design import change_design
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.heal import reindex
from opendesign.actions.house import Visitor
from opendesign.actions.sync import sync
from opendesign.git.writing import create_branch, delete_branch, move_branch, write_files
from opendesign.records.design import design_by_id
from opendesign.records.lapse import Lapse, lapsed, unsighted
from opendesign.records.revision import Adoption, Revision


def ends(house, target):
    with house.reading() as work:
        found = work.session.query(Adoption).filter_by(target_id=target).order_by(Adoption.id)
        return [(each.kind, each.ended_at) for each in found]


def lapses(house, design):
    with house.reading() as work:
        return {each.sha: each.at for each in work.session.query(Lapse).filter_by(design_id=design)}


def received(house, design, sha):
    with house.reading() as work:
        return work.session.query(Revision).filter_by(design_id=design, sha=sha).one().received_at


def bring(house, source, target):
    """The target takes the source's branch as it is."""
    with house.store.open(str(source)) as repository:
        tip = repository.refs()["refs/heads/main"]
    house.store.bring(str(source), str(target), tip, "refs/proposals/1/head")
    with house.store.open(str(target)) as repository:
        move_branch(repository, "main", tip, repository.refs()["refs/heads/main"])
    with house.writing() as work:
        sync(work, design_by_id(work.session, target))
    lineage_job(house, str(target))


def same_anew(house, family):
    def all_of_it():
        return [(ends(house, each), lapses(house, each)) for each in family]

    before = all_of_it()
    reindex(house)
    return all_of_it() == before


def test_a_revert_ends_an_adoption_and_a_revert_of_it_brings_it_back(house, family):
    london, brazil, _ = family
    ribs = commit(house, brazil, {"box.py": BOX + RIBS}, "Ribs", BIA)
    commit(house, london, {"NOTES.md": "two\n"}, "Notes", ADA)
    taken = commit(house, london, {"box.py": BOX + RIBS}, "Ribs", BIA)
    assert ends(house, london) == [("pick", None)] and ribs not in lapses(house, london)
    back = commit(house, london, {"box.py": BOX}, "Without ribs", ADA)
    at = received(house, london, back)
    assert ends(house, london) == [("pick", at)]
    assert {sha: lapses(house, london)[sha] for sha in (ribs, taken)} == {ribs: at, taken: at}
    with house.reading() as work:
        assert (london, ribs) in lapsed(work.session, family) and (brazil, ribs) not in lapsed(work.session, family)
    assert same_anew(house, family)
    commit(house, london, {"box.py": BOX + RIBS}, "With ribs", ADA)
    assert ends(house, london) == [("pick", None)]
    assert ribs not in lapses(house, london) and back in lapses(house, london)
    assert same_anew(house, family)


def test_a_merge_ends_when_the_last_of_what_it_brought_is_gone(house, family):
    london, brazil, _ = family
    ribs = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    slit = commit(house, brazil, {"slit.py": SLIT}, "Slit", BIA)
    bring(house, brazil, london)
    assert ends(house, london) == [("merge", None)]
    commit(house, london, {"slit.py": None}, "No slit", ADA)
    assert ends(house, london) == [("merge", None)] and slit in lapses(house, london)
    gone = commit(house, london, {"ribs.py": None}, "No ribs", ADA)
    assert ends(house, london) == [("merge", received(house, london, gone))] and ribs in lapses(house, london)
    assert same_anew(house, family)


def test_a_fork_has_what_it_began_with_until_it_takes_it_away(house, family):
    london, brazil, _ = family
    with house.reading() as work:
        begun = design_by_id(work.session, brazil).fork_sha
    other = commit(house, brazil, {"box.py": "import cadquery\n", "NOTES.md": "none\n"}, "Anew", BIA)
    assert lapses(house, brazil) == {begun: received(house, brazil, other)} and begun not in lapses(house, london)
    assert same_anew(house, family)


def test_a_side_branch_waits_and_is_lost_when_it_is_deleted(house, family):
    london, _, _ = family
    commit(house, london, {"NOTES.md": "two\n"}, "Notes", ADA)
    with house.store.open(str(london)) as repository:
        tip = repository.refs()["refs/heads/main"]
        create_branch(repository, "trial", tip)
        sha = write_files(repository, "trial", {"slit.py": SLIT.encode()}, "Slit", ADA, tip)
    with house.writing() as work:
        sync(work, design_by_id(work.session, london))
    lineage_job(house, str(london))
    assert sha not in lapses(house, london)
    with house.store.open(str(london)) as repository:
        delete_branch(repository, "trial", sha)
    with house.writing() as work:
        sync(work, design_by_id(work.session, london))
    lineage_job(house, str(london))
    assert lapses(house, london)[sha] == received(house, london, sha)
    after = commit(house, london, {"NOTES.md": "three\n"}, "Notes", ADA)
    commit(house, london, {"NOTES.md": "four\n"}, "Notes", ADA)
    assert lapses(house, london)[sha] == received(house, london, after)
    assert same_anew(house, family)


def test_only_designs_that_moved_are_looked_at(house, family):
    london, brazil, other = family
    lineage_job(house, str(london))
    with house.reading() as work:
        assert unsighted(work.session) == []
    with house.store.open(str(other)) as repository:
        write_files(repository, "main", {"slit.py": SLIT.encode()}, "Slit", CAIO, repository.refs()["refs/heads/main"])
    with house.writing() as work:
        sync(work, design_by_id(work.session, other))
    with house.reading() as work:
        assert unsighted(work.session, family) == [other]
    lineage_job(house, str(brazil))
    with house.reading() as work:
        assert unsighted(work.session) == []


def test_another_default_branch_is_another_life(house, family):
    london, _, _ = family
    with house.store.open(str(london)) as repository:
        first = repository.refs()["refs/heads/main"]
        create_branch(repository, "old", first)
    slit = commit(house, london, {"slit.py": SLIT}, "Slit", ADA)
    assert slit not in lapses(house, london)
    with house.writing(Visitor(1)) as work:
        change_design(work, design_by_id(work.session, london), default_branch="old")
    with house.reading() as work:
        assert unsighted(work.session) == [london]
