"""Lines of a file that came from another family are its makers' there, and those nobody looked up are counted."""

from datetime import timedelta

import pytest
from families import ADA, BIA, CAIO, commit
from houses import BOX, start

from opendesign.actions import find_lenders
from opendesign.actions.fork import fork
from opendesign.actions.house import Visitor
from opendesign.actions.share_credit import share_credit
from opendesign.git.commits import Signature
from opendesign.records.base import now
from opendesign.records.design import design_by_id
from opendesign.records.proposal import Merge, Proposal
from opendesign.records.revision import Revision

EVA = Signature("Eva Lima", "eva@post.invalid")
PEGS = "".join(f"plate = plate.union(peg({number}, HEIGHT, {number} * THICKNESS))\n" for number in range(24))
CLOSED = PEGS + "close(plate, HEIGHT)\n"


def long_ago(house, design):
    """Everything this design has was received two months before."""
    with house.writing() as work:
        for each in work.session.query(Revision).filter_by(design_id=design):
            each.received_at -= timedelta(days=60)


def credit(house, design):
    with house.reading() as work:
        return share_credit(work, design_by_id(work.session, design))


def shares(house, design):
    return {each.who: each.ppm for each in credit(house, design).shares}


def test_a_file_from_another_family_goes_neither_to_who_squashed_it_there_nor_to_who_put_it_back(house, family):
    _, brazil, _ = family
    clamp = start(house, Visitor(3), "clamp", {"clamp.py": BOX + "JAW = 3.5\n"})
    with house.writing(Visitor(1)) as work:
        jaws = fork(work, design_by_id(work.session, clamp), "jaws").id
    commit(house, jaws, {"pegs.py": PEGS[:800]}, "Pegs", EVA)
    tip = commit(house, jaws, {"pegs.py": PEGS}, "More pegs", EVA)
    with house.store.open(str(clamp)) as repository:
        base = repository.refs()["refs/heads/main"]
    house.store.bring(str(jaws), str(clamp), tip, "refs/proposals/1/head")
    squash = commit(house, clamp, {"pegs.py": CLOSED}, "Pegs, closed", CAIO)
    with house.writing() as work:
        row = Proposal(design_id=clamp, number=1, source_id=jaws, source_branch="main", target_branch="main")
        row.title, row.author_id, row.source_sha = "Pegs", 1, tip
        work.session.add(row)
        work.session.flush()
        work.session.add(Merge(proposal_id=row.id, person_id=3, sha=squash, base_sha=base, strategy="squash", at=now()))
    commit(house, clamp, {"pegs.py": None}, "No pegs", CAIO)
    commit(house, clamp, {"pegs.py": CLOSED}, "Pegs again", ADA)
    long_ago(house, clamp)
    before = shares(house, brazil)
    commit(house, brazil, {"parts/pegs.py": CLOSED}, "Pegs", BIA)
    found = shares(house, brazil)
    assert set(found) - set(before) == {"caio", "eva@post.invalid"} and found["caio"] < found["eva@post.invalid"] / 9
    assert found["ada"] < before["ada"]


@pytest.mark.parametrize("limit", ["MOST", "SECONDS"])
def test_lines_of_copies_that_were_not_looked_up_are_told(house, family, monkeypatch, limit):
    _, brazil, _ = family
    clamp = start(house, Visitor(3), "clamp", {"clamp.py": BOX + "JAW = 3.5\n"})
    commit(house, clamp, {"pegs.py": PEGS}, "Pegs", EVA)
    long_ago(house, clamp)
    commit(house, brazil, {"parts/pegs.py": PEGS}, "Pegs, so many", BIA)
    monkeypatch.setattr(find_lenders, limit, -1)
    assert credit(house, brazil).passed == 24 and "eva@post.invalid" not in shares(house, brazil)
