"""Who took what from whom is found in what commits change, the same way whenever one looks."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from families import ADA, BIA, CAIO, RIBS, SLIT, commit
from houses import BOX

from opendesign.actions.change_design import give_role
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.heal import heal, reindex
from opendesign.actions.house import Visitor
from opendesign.actions.note_fetch import note_fetch
from opendesign.actions.sync import sync
from opendesign.git.writing import move_branch, write_files
from opendesign.records.address import prove
from opendesign.records.change import RUN, Change
from opendesign.records.confirmation import confirm, confirmations
from opendesign.records.design import design_by_id
from opendesign.records.fetch import Fetch
from opendesign.records.person import Person, person_by_name
from opendesign.records.revision import Adoption, Revision


def adopted(house, **where):
    with house.reading() as work:
        found = work.session.query(Adoption).filter_by(**where).order_by(Adoption.id)
        return [(a.kind, a.source_id, a.source_sha, tuple(a.evidence)) for a in found]


def long_ago(house, design):
    """Everything this design has was received two months before."""
    with house.writing() as work:
        for each in work.session.query(Revision).filter_by(design_id=design):
            each.received_at -= timedelta(days=60)


def test_a_cherry_pick_is_credited_to_where_it_was_born(house, family):
    london, brazil, _ = family
    born = commit(house, brazil, {"box.py": BOX + RIBS}, "Ribs", BIA)
    commit(house, london, {"NOTES.md": "two\n"}, "Notes", ADA)
    commit(house, london, {"box.py": BOX + RIBS}, "Ribs", BIA)
    assert adopted(house, target_id=london) == [("pick", brazil, born, ("author", "weight"))]
    assert adopted(house, target_id=brazil) == []


def test_a_squash_of_two_is_a_port_of_each(house, family):
    london, brazil, _ = family
    ribs = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    slit = commit(house, brazil, {"slit.py": SLIT}, "Slit", BIA)
    long_ago(house, brazil)
    commit(house, london, {"parts/ribs.py": RIBS, "parts/slit.py": SLIT, "NOTES.md": "two\n"}, "All at once", ADA)
    assert adopted(house, target_id=london) == [("port", brazil, ribs, ()), ("port", brazil, slit, ())]


def test_a_change_that_arrives_in_pieces_is_a_port_once_most_of_it_is_there(house, family):
    london, brazil, _ = family
    pieces = {f"{name}.py": RIBS.replace("rib(", f"{name}(") for name in ("one", "two", "three")}
    born = commit(house, brazil, pieces, "Three", BIA)
    long_ago(house, brazil)
    for count, name in enumerate(pieces, 1):
        commit(house, london, {f"parts/{name}": pieces[name]}, name, ADA)
        assert len(adopted(house, target_id=london)) == (count > 1)
    before = adopted(house)
    assert before == [("port", brazil, born, ())]
    reindex(house)
    assert adopted(house) == before


def test_two_workers_find_it_once(house, family):
    london, brazil, _ = family
    commit(house, brazil, {"box.py": BOX + RIBS}, "Ribs", BIA)
    commit(house, london, {"NOTES.md": "two\n"}, "Notes", ADA)
    with house.store.open(str(london)) as repository:
        tip = repository.refs()["refs/heads/main"]
        write_files(repository, "main", {"box.py": (BOX + RIBS).encode()}, "Ribs", BIA, tip)
    with house.writing() as work:
        sync(work, design_by_id(work.session, london))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: lineage_job(house, str(key)), [london, brazil, london, brazil]))
    assert len(adopted(house)) == 1


def test_a_private_fork_neither_shows_nor_decides_who_was_first(house, family):
    london, brazil, other = family
    with house.writing() as work:
        design_by_id(work.session, brazil).visibility = "private"
    commit(house, brazil, {"box.py": BOX + RIBS}, "Ribs", BIA)
    commit(house, other, {"NOTES.md": "three\n"}, "Notes", CAIO)
    born = commit(house, other, {"box.py": BOX + RIBS}, "Ribs", CAIO)
    commit(house, london, {"NOTES.md": "two\n"}, "Notes", ADA)
    commit(house, london, {"box.py": BOX + RIBS}, "Ribs", BIA)
    assert adopted(house) == [("pick", other, born, ("weight",))]


def test_both_within_days_have_solved_it_twice(house, family):
    london, brazil, _ = family
    born = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    commit(house, london, {"parts/stiff.py": RIBS + "# ours\n"}, "Stiffer", ADA)
    assert adopted(house, target_id=london) == [("twice", brazil, born, ())]


def test_an_author_is_the_same_with_another_address_of_theirs_but_not_with_one_that_somebody_claims(house, family):
    london, brazil, other = family
    home = replace(BIA, name="bia", email="Bia.Home@Example.org")
    with house.writing() as work:
        bia, caio = (person_by_name(work.session, name) for name in ("bia", "caio"))
        prove(work.session, bia, "bia.home@example.org")
        caio.email = "bia@home.example"  # he says so, and has shown nothing
    born = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", replace(BIA, name="bia"))
    commit(house, london, {"parts/stiff.py": RIBS + "# ours\n"}, "Stiffer", home)
    commit(house, other, {"parts/wide.py": RIBS + "# wide\n"}, "Wide", replace(home, email="bia@home.example"))
    assert adopted(house, target_id=london) == [("port", brazil, born, ("author",))]
    assert adopted(house, target_id=other) == [("twice", brazil, born, ())]


def test_a_relay_credits_the_first(house, family):
    london, brazil, other = family
    born = commit(house, brazil, {"box.py": BOX + RIBS}, "Ribs", BIA)
    commit(house, other, {"box.py": BOX + RIBS}, f"Ribs\n\nAdopted-from: bia/case@{born}", CAIO)
    commit(house, london, {"NOTES.md": "two\n"}, "Notes", ADA)
    commit(house, london, {"box.py": BOX + RIBS}, "Ribs", BIA)
    assert adopted(house, target_id=other) == [("pick", brazil, born, ("trailer", "weight"))]
    assert adopted(house, target_id=london) == [("pick", brazil, born, ("author", "weight"))]


def test_what_all_had_from_the_start_is_not_taken(house, family):
    _, brazil, _ = family
    commit(house, brazil, {"box.py": None}, "Without the box", BIA)
    commit(house, brazil, {"box.py": BOX}, "And back", BIA)
    assert adopted(house) == []


def test_a_claim_alone_is_only_declared(house, family):
    london, brazil, _ = family
    born = commit(house, brazil, {"box.py": BOX + RIBS}, "Ribs", BIA)
    commit(house, london, {"box.py": BOX + SLIT}, f"Slit\n\nAdopted-from: bia/case@{born[:12]}", ADA)
    assert adopted(house, target_id=london) == [("declared", brazil, born, ("trailer",))]


def test_looking_at_all_of_it_again_finds_the_same(house, family):
    london, brazil, other = family
    born = commit(house, brazil, {"box.py": BOX + RIBS}, "Ribs", BIA)
    commit(house, brazil, {"slit.py": SLIT}, "Slit", BIA)
    commit(house, other, {"box.py": BOX + RIBS}, f"Ribs\n\nAdopted-from: bia/case@{born}", CAIO)
    commit(house, london, {"slit.py": SLIT}, "Slit", BIA)
    commit(house, other, {"slit.py": SLIT}, "Slit too", CAIO)
    before = adopted(house)
    assert len(before) == 3
    reindex(house)
    assert sorted(adopted(house)) == sorted(before)
    lineage_job(house, str(london))
    assert len(adopted(house)) == 3


def test_a_commit_is_read_once_for_the_whole_family(house, family):
    london, brazil, _ = family
    commit(house, london, {"lid.py": BOX}, "Lid", ADA)
    with house.store.open(str(london)) as source, house.store.open(str(brazil)) as target:
        tip, old = (each.refs()["refs/heads/main"] for each in (source, target))
    house.store.bring(str(london), str(brazil), tip, "refs/proposals/1/head")
    with house.store.open(str(brazil)) as target:
        move_branch(target, "main", tip, old)
    with house.writing() as work:
        sync(work, design_by_id(work.session, brazil))
    lineage_job(house, str(brazil))
    with house.reading() as work:
        shas = [each.sha for each in work.session.query(Revision)]
        read = [each.sha for each in work.session.query(Change) if not each.sha.startswith(RUN)]
        assert len(shas) == 3 and sorted(read) == sorted(set(shas))
        assert work.session.query(Revision).filter_by(traced=False).count() == 0
    assert adopted(house) == [("merge", london, None, ())]


@pytest.mark.usefixtures("family")
def test_a_lost_job_is_put_back(house):
    with house.reading() as work:
        assert work.session.query(Revision).filter_by(traced=False).count() > 0
    while house.queue.waiting():
        house.queue.huey.storage.dequeue()
    heal(house)
    assert house.queue.waiting() > 0


def test_commits_that_change_the_same_lines_are_found_in_their_squash(house, family):
    """None of the two is in the squash by itself: the second rewrites what the first put in."""
    london, brazil, _ = family
    with house.store.open(str(brazil)) as repository:
        tip = repository.refs()["refs/heads/main"]
        first = write_files(repository, "main", {"ribs.py": RIBS.encode()}, "Ribs", BIA, tip)
        better = RIBS.replace("THICKNESS", "2 * THICKNESS, DEPTH").replace("(-4, 4)", "(-5, 0, 5)")
        second = write_files(repository, "main", {"ribs.py": better.encode()}, "Better ribs", BIA, first)
    with house.writing() as work:
        sync(work, design_by_id(work.session, brazil))
    commit(house, london, {"NOTES.md": "two\n"}, "Notes", ADA)
    commit(house, london, {"stiff.py": better, "NOTES.md": "three\n"}, "Ribs (#1)", BIA)
    before = adopted(house, target_id=london)
    assert before == [("port", brazil, first, ("author",)), ("port", brazil, second, ("author",))]
    reindex(house)
    assert adopted(house, target_id=london) == before
    lineage_job(house, str(london))
    assert adopted(house, target_id=london) == before


def test_a_relay_that_is_named_is_the_road(house, family):
    london, brazil, other = family
    born = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    relay = commit(house, other, {"ribs.py": RIBS}, f"Ribs\n\nAdopted-from: bia/case@{born}", CAIO)
    commit(house, london, {"parts.py": RIBS}, f"Ribs\n\n(cherry picked from commit {relay})", ADA)
    with house.reading() as work:
        found = work.session.query(Adoption).filter_by(target_id=london).one()
        assert (found.kind, found.source_id, found.source_sha, found.by_id) == ("port", brazil, born, other)


def test_whoever_is_the_source_by_now_confirms_what_another_confirmed_before(house, family):
    london, brazil, other = family
    for source in (brazil, other, other):
        with house.writing() as work:
            confirm(work.session, source, london, "a" * 40, None)
    with house.reading() as work:
        assert list(confirmations(work.session, london, ["a" * 40])) == [(other, "a" * 40)]


def test_a_fetch_by_who_brings_it_in_shows_where_a_design_has_it_from(house, family):
    london, brazil, _ = family
    commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    note_fetch(house, Visitor(), brazil)
    note_fetch(house, Visitor(3), brazil)
    commit(house, london, {"parts.py": RIBS + "# ours\n"}, "Stiffer", ADA)
    assert [found[0] for found in adopted(house, target_id=london)] == ["twice"]
    commit(house, brazil, {"slit.py": SLIT}, "Slit", BIA)
    note_fetch(house, Visitor(1), brazil)
    with house.reading() as work:
        assert [(each.design_id, each.person_id) for each in work.session.query(Fetch)] == [(brazil, 3), (brazil, 1)]
    commit(house, london, {"slits.py": SLIT + "# ours\n"}, "Slits", ADA, by=Visitor(1))
    before = adopted(house, target_id=london)
    assert [(found[0], found[3]) for found in before] == [("twice", ()), ("port", ("fetch",))]
    with house.writing(Visitor(1)) as work:
        give_role(work, design_by_id(work.session, london), work.session.get(Person, 3), "writer")
    reindex(house)
    assert adopted(house, target_id=london) == before


def test_a_role_that_somebody_is_given_tells_nobody_what_they_fetch(house, family):
    london, brazil, _ = family
    with house.writing(Visitor(1)) as work:
        for role in ("reader", "writer"):
            give_role(work, design_by_id(work.session, london), work.session.get(Person, 3), role)
    commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    note_fetch(house, Visitor(3), brazil)
    commit(house, london, {"parts.py": RIBS + "# ours\n"}, "Stiffer", ADA, by=Visitor(1))
    assert [(found[0], found[3]) for found in adopted(house, target_id=london)] == [("twice", ())]
