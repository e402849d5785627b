"""Whoever made a line is credited with it, by whatever road it came, until it is gone."""

from datetime import timedelta

import pytest
from houses import BOX, settle_in, start

from opendesign.actions.change_design import change_design, give_role
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.find_origins import put_back
from opendesign.actions.fork import fork
from opendesign.actions.house import Visitor
from opendesign.actions.share_credit import share_credit, shown_names
from opendesign.actions.show_credit import show_credit
from opendesign.actions.sync import sync
from opendesign.core.errors import TooLarge
from opendesign.core.lineage.credit import WHOLE
from opendesign.git.blame import blame
from opendesign.git.commits import Signature
from opendesign.git.writing import move_branch, write_files
from opendesign.records.base import now
from opendesign.records.design import design_by_id
from opendesign.records.person import person_by_name
from opendesign.records.proposal import Acceptance, Comment, Merge, Proposal
from opendesign.records.revision import Adoption, Revision
from opendesign.records.verdict import Verdict

ADA, BIA, CAIO = (Signature(name, f"{name.lower()}@example.org") for name in ("Ada", "Bia", "Caio"))
EVA = Signature("Eva Lima", "eva@post.invalid")
HINGE = BOX + "hinge = cq.Workplane().cylinder(HEIGHT, 2.5)\nfor side in (-1, 1):\n    place(hinge, side * WIDTH / 2)\n"
RIBS = "for x in (-4, 4):\n    result = result.union(rib(x, HEIGHT / 2, THICKNESS))\n"
STRONG = HINGE.replace("2.5)", "3.2).faces('>Z').fillet(0.6)").replace("WIDTH / 2", "(WIDTH / 2 - 1.5)")
NOTES = "# Case\n\nPrint the lid face down, in PETG.\n"


@pytest.fixture
def family(house):
    """London's case by Ada, and the numbers of two forks of it: Bia's in Brazil, and Caio's."""
    ada, bia, caio = settle_in(house, "ada", "bia", "caio")
    made = [start(house, ada, "case", {"box.py": BOX})]
    for who in (bia, caio):
        with house.writing(who) as work:
            made.append(fork(work, design_by_id(work.session, made[0])).id)
    return made


def arrived(house, design):
    """What the service and its worker make of a push."""
    with house.writing() as work:
        sync(work, design_by_id(work.session, design))
    lineage_job(house, str(design))


def commit(house, design, changes, message, who):
    """Somebody's push of one commit."""
    with house.store.open(str(design)) as repository:
        tip = repository.refs()["refs/heads/main"]
        files = {path: text.encode() if text else None for path, text in changes.items()}
        sha = write_files(repository, "main", files, message, who, tip)
    arrived(house, design)
    return sha


def merged(house, source, design):
    """The design's branch moves to that of the source, by a push."""
    with house.store.open(str(source)) as other, house.store.open(str(design)) as own:
        tip, before = (each.refs()["refs/heads/main"] for each in (other, own))
    house.store.bring(str(source), str(design), tip, "refs/proposals/9/head")
    with house.store.open(str(design)) as repository:
        move_branch(repository, "main", tip, before)
    arrived(house, design)


def long_ago(house, design):
    """Everything this design has was received two months before."""
    with house.writing() as work:
        for each in work.session.query(Revision).filter_by(design_id=design):
            each.received_at -= timedelta(days=60)


def shares(house, design, ref=""):
    """ppm by person; whatever it is of, it sums to the whole."""
    with house.reading() as work:
        found = share_credit(work, design_by_id(work.session, design), ref)
    assert sum(each.ppm for each in found.shares) == WHOLE
    return {each.who: each.ppm for each in found.shares}


def tokens(house, design, who):
    with house.reading() as work:
        found = share_credit(work, design_by_id(work.session, design))
    return sum(e.weight for each in found.shares if each.who == who for e in each.events)


def blamed(house, design):
    """Whom plain git blames for the part, by address."""
    with house.store.open(str(design)) as repository:
        head = repository.refs()["refs/heads/main"]
        lines = blame(repository, head, ["box.py"])[0]["box.py"]
        return {repository.commit(line.sha).author.email for line in lines}


def test_london_squashes_two_commits_of_brazil_and_brazil_keeps_its_lines(house, family):
    london, brazil, _ = family
    first = commit(house, brazil, {"box.py": HINGE}, "A hinge", BIA)
    second = commit(house, brazil, {"box.py": RIBS + HINGE}, "Ribs", BIA)
    before = shares(house, brazil)
    assert set(before) == {"ada", "bia"} and before["bia"] > before["ada"]
    long_ago(house, brazil)
    squash = commit(house, london, {"box.py": RIBS + HINGE}, "Squashed", ADA)
    assert blamed(house, london) == {"ada@users.noreply.opendesign.invalid", ADA.email}, "git gives it all to London"
    assert shares(house, london) == before
    with house.reading() as work:
        events = share_credit(work, design_by_id(work.session, london)).shares[0].events
    assert {(each.place, each.origin) for each in events} == {(squash, first), (squash, second)}
    commit(house, london, {"box.py": RIBS + HINGE, "lid.py": BOX.replace("8", "9")}, "A lid", ADA)
    assert 0 < shares(house, london)["bia"] < before["bia"]
    assert tokens(house, london, "bia") == tokens(house, brazil, "bia")


def test_a_squash_in_which_one_commit_rewrites_another_keeps_brazils_lines_too(house, family):
    london, brazil, _ = family
    first = commit(house, brazil, {"box.py": HINGE}, "A hinge", BIA)
    second = commit(house, brazil, {"box.py": STRONG}, "A hinge that holds", BIA)
    before = shares(house, brazil)
    long_ago(house, brazil)
    squash = commit(house, london, {"box.py": STRONG}, "Squashed", ADA)
    assert shares(house, london) == before
    with house.reading() as work:
        found = {each.who: each for each in share_credit(work, design_by_id(work.session, london)).shares}
    assert {(each.place, each.origin) for each in found["bia"].events} == {(squash, first), (squash, second)}


def test_what_london_reverts_is_credited_to_nobody_and_what_it_brings_back_to_whoever_had_it(house, family):
    london, brazil, other = family
    commit(house, other, {"box.py": HINGE}, "A hinge", CAIO)
    merged(house, other, london)
    before = shares(house, london)
    assert before["caio"] > before["ada"]
    commit(house, brazil, {"box.py": STRONG}, "A hinge that holds", BIA)
    merged_text = STRONG.replace("fillet(0.6)", "fillet(0.6).translate((0, 0, 1))")
    commit(house, london, {"box.py": merged_text}, "Stronger", EVA)
    assert "eva@post.invalid" in shares(house, london)
    commit(house, london, {"box.py": HINGE}, "Back to the first hinge", ADA)
    assert shares(house, london) == before
    with house.reading() as work, house.store.open(str(london)) as repository:
        history = repository.history(repository.refs()["refs/heads/main"])
        with pytest.raises(TooLarge, match="taken back"):
            put_back(work, repository, history, history, until=0)
    commit(house, london, {"box.py": BOX}, "No hinge", ADA)
    assert shares(house, london) == {"ada": WHOLE}


def test_a_merge_a_pick_and_a_relay_credit_whoever_was_first(house, family):
    london, brazil, other = family
    commit(house, brazil, {"box.py": HINGE}, "A hinge", BIA)
    wanted = shares(house, brazil)
    commit(house, other, {"box.py": HINGE}, "Hinge", CAIO)
    assert shares(house, other) == wanted
    commit(house, london, {"box.py": HINGE}, "The hinge of Caio", ADA)
    assert shares(house, london) == wanted


def test_co_authors_have_equal_parts_and_strangers_are_called_without_their_domain(house, family):
    london, *_ = family
    text = "Together\n\nCo-authored-by: Bia <bia@example.org>\nCo-authored-by: Davi <davi@x.invalid>, <ada>\n"
    made = commit(house, london, {"NOTES.md": NOTES}, text, EVA)
    found = shares(house, london)
    assert found == {
        "ada": 800_000,
        "ada@": 50_000,
        "bia": 50_000,
        "davi@x.invalid": 50_000,
        "eva@post.invalid": 50_000,
    }
    with house.reading() as work:
        names = shown_names(work, design_by_id(work.session, london), found, [made])
    assert names["eva@post.invalid"] == ("Eva Lima", "") and names["davi@x.invalid"] == ("Davi", "")
    assert (
        names["ada@"] == ("ada", "") and names["bia"] == ("Bia", "bia") and not any("." in n for n, _ in names.values())
    )


def test_a_private_fork_neither_takes_nor_gives(house, family):
    london, brazil, _ = family
    with house.writing() as work:
        design_by_id(work.session, brazil).visibility = "private"
    commit(house, brazil, {"box.py": HINGE}, "A hinge", BIA)
    commit(house, london, {"box.py": HINGE}, "A hinge", ADA)
    assert shares(house, london) == {"ada": WHOLE} and "bia" in shares(house, brazil)


def test_both_who_solved_it_within_days_keep_their_own(house, family):
    london, brazil, _ = family
    commit(house, brazil, {"box.py": HINGE}, "A hinge", BIA)
    commit(house, london, {"box.py": HINGE, "lid.py": BOX}, "Hinge and lid", ADA)
    with house.reading() as work:
        assert [each.kind for each in work.session.query(Adoption)] == ["twice"]
    assert shares(house, london) == {"ada": WHOLE}


def proposal(house, design, source, author, sha, merger, strategy="merge", base="0" * 40):
    """Somebody's proposal as it stands after its merge; returns its row number."""
    with house.writing() as work:
        number = work.session.query(Proposal).count() + 1
        row = Proposal(design_id=design, number=number, source_id=source, source_branch="main", target_branch="main")
        row.title, row.author_id, row.source_sha = "A change", author, sha
        work.session.add(row)
        work.session.flush()
        work.session.add(
            Merge(proposal_id=row.id, person_id=merger, sha=sha, base_sha=base, strategy=strategy, at=now())
        )
        return row.id


def test_reviews_merges_and_answers_count_once_for_each_and_never_for_oneself(house, family):
    london, brazil, _ = family
    commit(house, brazil, {"NOTES.md": NOTES}, "How to print it", BIA)
    merged(house, brazil, london)
    with house.store.open(str(london)) as repository:
        sha = repository.refs()["refs/heads/main"]
    ada, bia, caio = 1, 2, 3
    where = proposal(house, london, brazil, bia, sha, ada)
    without = shares(house, london)
    with house.writing() as work:
        give_role(work, design_by_id(work.session, london), person_by_name(work.session, "caio"), "reader")
        for who in (ada, ada, bia, caio):
            work.session.add(Verdict(proposal_id=where, person_id=who, sha=sha, word="approve"))
            work.session.add(Comment(proposal_id=where, person_id=who, body="Hm."))
    with house.reading() as work:
        found = {each.who: each for each in share_credit(work, design_by_id(work.session, london)).shares}
    kinds = {who: sorted(e.kind for e in each.events if e.kind != "lines") for who, each in found.items()}
    assert kinds == {"ada": ["answer", "merge", "review"], "bia": []}, "a reader's words alone earn nothing"
    assert without["ada"] < found["ada"].ppm and found["ada"].pools["verification"] == 1
    with house.writing() as work:
        work.session.add(Verdict(proposal_id=where, person_id=caio, sha="1" * 40, word="request_changes"))
        said = work.session.query(Comment).filter_by(person_id=caio).one()
        work.session.add(Acceptance(comment_id=said.id, person_id=bia, sha=sha))
    with house.reading() as work:
        found = {each.who: each for each in share_credit(work, design_by_id(work.session, london)).shares}
    assert sorted(each.kind for each in found["caio"].events) == ["answer", "review"]
    assert found["caio"].pools == {"verification": 0.5, "care": pytest.approx(1 / 3)}


def test_hunks_that_grew_together_in_a_squash_are_told_by_their_lines(house, family):
    london, brazil, _ = family
    commit(house, brazil, {"box.py": HINGE}, "A hinge", BIA)
    tip = commit(house, brazil, {"box.py": STRONG + "show(hinge, WIDTH, HEIGHT)\n"}, "A hinge that holds, shown", BIA)
    with house.store.open(str(london)) as repository:
        base = repository.refs()["refs/heads/main"]
    house.store.bring(str(brazil), str(london), tip, "refs/proposals/1/head")
    text = STRONG + "show(hinge, WIDTH, HEIGHT)\nclose(hinge, lid, WIDTH, HEIGHT)\n"
    squash = commit(house, london, {"box.py": text}, "Hinge, shown and closed", ADA)
    proposal(house, london, brazil, 2, tip, 1, "squash", base)
    with house.writing() as work:
        work.session.query(Merge).one().sha = squash
    assert tokens(house, london, "bia") == tokens(house, brazil, "bia")
    with house.reading() as work:
        ada = next(e for e in share_credit(work, design_by_id(work.session, london)).shares if e.who == "ada")
    assert (squash, 1) in {(each.place, each.count) for each in ada.events}, "the line of London's own"


def test_a_file_from_another_family_is_credited_to_whoever_made_its_lines_there(house, family):
    london, brazil, _ = family
    clamp = start(house, Visitor(3), "clamp", {"clamp.py": BOX + "JAW = 3.5\n"})
    pegs = [f"plate = plate.union(peg({number}, HEIGHT, {number} * THICKNESS))\n" for number in range(24)]
    first = commit(house, clamp, {"pegs.py": "".join(pegs[:16])}, "Pegs", EVA)
    second = commit(house, clamp, {"pegs.py": "".join(pegs)}, "More pegs", CAIO)
    long_ago(house, clamp)
    before = shares(house, brazil)
    taken = commit(house, brazil, {"parts/pegs.py": "".join(pegs)}, "Pegs, so many", BIA)
    own = commit(house, brazil, {"parts/pegs.py": "".join(pegs) + "plate = plate.clean(HEIGHT)\n"}, "Clean", BIA)
    found = shares(house, brazil)
    assert set(found) - set(before) == {"bia", "caio", "eva@post.invalid"}
    assert found["eva@post.invalid"] == pytest.approx(2 * found["caio"], abs=2) and found["bia"] < found["caio"] / 4
    with house.reading() as work:
        told = show_credit(work, design_by_id(work.session, brazil))
    events = {(e.place, e.origin, e.elsewhere) for each in told.credit.shares for e in each.events}
    assert {(taken, first, clamp), (taken, second, clamp), (own, own, 0)} <= events
    assert told.homes[first] == ("caio/clamp", "Pegs") and told.names["eva@post.invalid"] == ("Eva Lima", "")
    commit(house, london, {"stiff.py": "".join(pegs)}, "Brazil's pegs", ADA)
    assert shares(house, london)["eva@post.invalid"] > 0 and "bia" not in shares(house, london)
    with house.writing(Visitor(3)) as work:
        change_design(work, design_by_id(work.session, clamp), visibility="private")
    lineage_job(house, str(brazil))
    assert set(shares(house, brazil)) - set(before) == {"bia"}, "what is private never decides"


def test_a_revision_of_before_has_the_credit_of_before(house, family):
    london, *_ = family
    first = commit(house, london, {"box.py": HINGE}, "Hinge", ADA)
    commit(house, london, {"NOTES.md": NOTES}, "Notes", BIA)
    assert shares(house, london, first) == {"ada": WHOLE}
    assert shares(house, london) == {"ada": 800_000, "bia": 200_000}


def test_a_trailer_as_long_as_a_book_names_whoever_stands_in_it(house, family):
    told = f"Hinge\n\nCo-authored-by: {'a' * 300_000} Eva Lima <eva@post.invalid>\nCo-authored-by: {'b' * 300_000}"
    commit(house, family[0], {"box.py": HINGE}, told, CAIO)
    assert {"caio", "eva@post.invalid"} < set(shares(house, family[0]))
