"""Every change is a ref that moved, then sync; sync twice is sync once, and it heals what a killed process left."""

from dataclasses import replace

import pytest
from houses import BOX, new_house, settle_in, start

from opendesign.actions.create_design import create_design
from opendesign.actions.edit import add_branch, edit_files, set_parameters
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.fork import fork
from opendesign.actions.heal import reindex
from opendesign.actions.issue_token import issue_token
from opendesign.actions.merge import merge
from opendesign.actions.propose import propose
from opendesign.actions.pull import pull
from opendesign.actions.read_tree import read_tree
from opendesign.actions.settle import LOOKED_AT, TRIED, likely_squashes
from opendesign.actions.sync import sync
from opendesign.actions.trace import trace
from opendesign.actions.want_build import part_key
from opendesign.core.errors import Conflict, TooLarge
from opendesign.git.commits import Commit, Signature
from opendesign.git.writing import write_files
from opendesign.records.build import Build
from opendesign.records.design import Part, Ref, design_by_id, known_refs
from opendesign.records.proposal import proposal_by_id
from opendesign.records.revision import Adoption, Revision

TABLES = (Ref, Part, Revision, Adoption, Build)


def rows(house) -> list:
    """Everything that sync writes."""
    with house.reading() as work:
        columns = {table: [c.key for c in table.__table__.columns if c.key != "id"] for table in TABLES}
        found = [
            (t.__name__, tuple(str(getattr(r, c)) for c in columns[t])) for t in TABLES for r in work.session.query(t)
        ]
    return sorted(found)


def family(house):
    """Ada's case, and Bia's fork of it with one dimension changed."""
    ada, bia = settle_in(house, "ada", "bia")
    case = start(house, ada, "case", {"box.py": BOX, "NOTES.md": "one\n"})
    with house.writing(bia) as work:
        made = fork(work, design_by_id(work.session, case)).id
    with house.writing(bia) as work:
        set_parameters(work, design_by_id(work.session, made), "main", "box.py", {"WIDTH": 12})
    return ada, bia, case, made


def test_a_second_sync_and_a_reindex_change_nothing(house):
    *_, made = family(house)
    lineage_job(house, str(made))
    before = rows(house)
    assert reindex(house).done == 2
    assert rows(house) == before


def test_what_moved_while_the_service_was_dead_is_found(house):
    ada, _, case, _ = family(house)
    with house.store.open(str(case)) as repository:
        tip = repository.refs()["refs/heads/main"]
        write_files(repository, "main", {"lid.py": BOX.encode()}, "Lid", Signature("Ada", "ada@example.org"), tip)
    with house.writing(ada) as work:
        design = design_by_id(work.session, case)
        assert sync(work, design) == ["refs/heads/main"]
        assert sync(work, design) == []
    with house.reading() as work:
        parts = [part.path for part in work.session.query(Part).filter_by(design_id=case).order_by(Part.position)]
    assert parts == ["box.py", "lid.py"]


def test_a_fork_knows_its_parts_at_once_and_shares_their_builds(house):
    _, _, case, made = family(house)
    with house.reading() as work:
        keys = {p.design_id: p.build_key for p in work.session.query(Part)}
        assert keys[case] != keys[made]  # Bia has changed a dimension
        builds = {build.key for build in work.session.query(Build)}
    assert set(keys.values()) == builds


def test_saved_slider_values_have_the_name_of_the_preview(house):
    _, bia, case, made = family(house)
    with house.reading(bia) as work:
        parts = {p.design_id: p.build_key for p in work.session.query(Part)}
        assert key_of_values(work, case, {"WIDTH": 12}) == parts[made]


def key_of_values(work, design_id: int, values: dict) -> str:
    """The key of a build of Ada's part with values from sliders."""
    design = design_by_id(work.session, design_id)
    head = known_refs(work.session, design)["refs/heads/main"]
    return part_key(read_tree(work, design, head), "box.py", values)


def test_a_plain_git_merge_settles_the_proposal_and_is_an_adoption(house):
    ada, bia, case, made = family(house)
    with house.writing(bia) as work:
        target, source = design_by_id(work.session, case), design_by_id(work.session, made)
        number = propose(work, target, source, "main").id
    with house.writing(ada) as work:
        pull(work, design_by_id(work.session, case), "main", design_by_id(work.session, made), "main")
    with house.reading(ada) as work:
        proposal = proposal_by_id(work.session, number)
        assert (proposal.state, proposal.merge.strategy) == ("merged", "push")
        (adoption,) = trace(work, design_by_id(work.session, case)).adoptions
        assert (adoption.source_id, adoption.target_id, adoption.commits) == (made, case, 1)


def test_a_squash_names_every_author_and_is_told_as_a_port(house):
    ada, bia = settle_in(house, "ada", "bia")
    case = start(house, ada, "case", {"NOTES.md": "one\n"})
    with house.writing(bia) as work:
        made = fork(work, design_by_id(work.session, case)).id
    for text in ("two\n", "three\n"):
        with house.writing(bia) as work:
            edit_files(work, design_by_id(work.session, made), "main", {"MORE.md": text.encode()}, f"Say {text}")
    with house.writing(bia) as work:
        target, source = design_by_id(work.session, case), design_by_id(work.session, made)
        number = propose(work, target, source, "main").id
    with house.writing(ada) as work:
        row = merge(work, proposal_by_id(work.session, number), strategy="squash")
        with house.store.open(str(case)) as repository:
            commit = repository.commit(row.sha)
    assert len(commit.parents) == 1
    assert any(key == "Co-authored-by" and value.startswith("Bia") for key, value in commit.trailers)
    with house.reading(ada) as work:
        (adoption,) = trace(work, design_by_id(work.session, case)).adoptions
        assert (adoption.kind, adoption.proposal_id) == ("port", number)


def test_a_failed_creation_leaves_no_repository(house):
    (ada,) = settle_in(house, "ada")
    with pytest.raises(RuntimeError, match="power"), house.writing(ada) as work:
        key = create_design(work, "case", files={"box.py": BOX.encode()}).key
        raise RuntimeError("the power went")
    assert not house.store.path(key).exists()
    assert start(house, ada, "case", {"box.py": BOX}) == int(key)


def test_a_private_fork_shares_no_objects(house):
    (ada,) = settle_in(house, "ada")
    case = start(house, ada, "case", {"box.py": BOX}, visibility="private")
    with house.writing(ada) as work:
        made = fork(work, design_by_id(work.session, case)).key
    assert not (house.store.path(made) / "objects/info/alternates").exists()


def test_one_branch_cannot_be_made_twice(house):
    ada, _, case, _ = family(house)
    with house.writing(ada) as work:
        add_branch(work, design_by_id(work.session, case), "thin", "main")
    with pytest.raises(Conflict), house.writing(ada) as work:
        add_branch(work, design_by_id(work.session, case), "thin", "main")


def test_one_person_cannot_fill_the_service(tmp_path):
    house = new_house(tmp_path)
    small = replace(house, limits=replace(house.limits, designs_per_owner=1, tokens_per_person=1))
    (ada,) = settle_in(small, "ada")
    start(small, ada, "case", {"box.py": BOX})
    with pytest.raises(TooLarge, match="designs_per_owner"):
        start(small, ada, "lid", {"box.py": BOX})
    with small.writing(ada) as work:
        issue_token(work, "one", ["read"])
    with pytest.raises(TooLarge, match="revoke"), small.writing(ada) as work:
        issue_token(work, "two", ["read"])


def naming(at: int, *numbers: int, parents: int = 1) -> Commit:
    """A commit whose trailers name proposals."""
    ada = Signature("Ada", "ada@example.org")
    named = [("Proposal", str(number)) for number in numbers]
    return Commit(f"{at:040x}", "t", ("p",) * parents, ada, ada, "One", "", [*named, ("Co-authored-by", "Bia")])


def test_a_push_of_many_commits_that_name_proposals_costs_few_trials():
    fresh = [naming(at, 1, 2) for at in range(20_000)]
    assert likely_squashes(fresh, 2) == fresh[: -TRIED - 1 : -1], "the newest ones"
    assert likely_squashes(fresh, 1) == [], "a commit is tried for one proposal"
    one, both = naming(0, 1), naming(1, 1, parents=2)
    others = [naming(at, 7) for at in range(2, LOOKED_AT)]
    assert likely_squashes([one, both, *others], 1) == [one], "a merge is no squash"
    assert likely_squashes([one, both, *others, naming(9, 7)], 1) == []
