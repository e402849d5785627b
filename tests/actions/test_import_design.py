"""Designs come from elsewhere: brought whole, told how far they are, stopped, and refused in words."""

from random import randbytes

import pytest
from houses import BOX, settle_in, start
from remotes import house_elsewhere, make_read_only, meanwhile, read_only, redirecting, served

from opendesign.actions.edit import add_branch, edit_files
from opendesign.actions.fork import fork
from opendesign.actions.import_design import cancel_import, import_job, want_import
from opendesign.actions.transfer import waiting
from opendesign.core.errors import Forbidden, Invalid, TooMany
from opendesign.records.arrival import arrival_by_id
from opendesign.records.design import design_by_id, design_by_path, known_refs


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Cleo's house: her clamp, with two branches and two revisions, and its address."""
    with house_elsewhere(tmp_path_factory.mktemp("elsewhere")) as (there, address):
        _, cleo = settle_in(there, "operator", "cleo")
        start(there, cleo, "clamp", {"box.py": BOX, "okh.toml": 'title = "Clamp"\n'})
        with there.writing(cleo) as work:
            clamp = design_by_id(work.session, 1)
            add_branch(work, clamp, "wide", "main")
            edit_files(work, clamp, "wide", {"box.py": BOX.replace("10.0", "20.0").encode()}, "Wider")
        yield there, cleo, f"{address}/cleo/clamp.git"


@pytest.fixture
def ada(house):
    object.__setattr__(house.settings, "private_hosts", "127.0.0.1")
    return settle_in(house, "operator", "ada")[1]


def wanted(house, visitor, url: str, **more) -> int:
    with house.writing(visitor) as work:
        return want_import(work, url, **more).id


def ended(house, key: int):
    import_job(house, str(key))
    with house.reading() as work:
        return arrival_by_id(work.session, key)


def refs_of(house, path: str) -> dict[str, str]:
    with house.reading() as work:
        return known_refs(work.session, design_by_path(work.session, *path.split("/")))


def test_all_branches_come_and_are_recorded(house, ada, elsewhere):
    there, _, url = elsewhere
    key = wanted(house, ada, url, title="My clamp")
    with house.reading() as work:
        before = design_by_path(work.session, "ada", "my-clamp")
        assert before.visibility == "private" and before.mirrored
    arrival = ended(house, key)
    assert (arrival.state, arrival.problem, arrival.percent) == ("done", "", 100)
    assert refs_of(house, "ada/my-clamp") == refs_of(there, "cleo/clamp") != {}
    with house.reading() as work:
        design = design_by_path(work.session, "ada", "my-clamp")
        assert design.visibility == "public" and not design.mirrored and design.parent_id is None


def test_it_can_be_cancelled_before_and_on_the_way(house, ada, elsewhere, monkeypatch):
    key = wanted(house, ada, elsewhere[2], name="one")
    with house.writing(ada) as work:
        cancel_import(work, arrival_by_id(work.session, key))
    assert ended(house, key).state == "cancelled"
    other = wanted(house, ada, elsewhere[2], name="two")
    with house.writing(ada) as work:
        row = arrival_by_id(work.session, other)
        row.state = "receiving"
        cancel_import(work, row)
    assert ended(house, other).state == "cancelled"
    with house.reading() as work:
        assert arrival_by_id(work.session, other).design_id is None
    assert not house.store.path("1").exists() and not house.store.path("2").exists()


def test_what_is_too_large_leaves_nothing(house, ada, elsewhere):
    object.__setattr__(house.store.limits, "import_bytes", 100)
    arrival = ended(house, wanted(house, ada, elsewhere[2]))
    assert arrival.state == "failed" and "OPENDESIGN_IMPORT_BYTES" in arrival.problem
    assert arrival.design_id is None and not house.store.path("1").exists()


def test_no_more_comes_than_its_owner_has_room_for(house, ada, elsewhere):
    there, cleo, _ = elsewhere
    start(there, cleo, "noise", {"noise.txt": randbytes(1_500_000).hex()})
    with house.writing(ada) as work:
        work.person.quota_mb = 1
    arrival = ended(house, wanted(house, ada, elsewhere[2].replace("clamp", "noise")))
    assert arrival.state == "failed" and "limit of 1 MB" in arrival.problem, arrival.problem
    assert arrival.design_id is None
    assert ended(house, wanted(house, ada, elsewhere[2])).state == "done"


def test_in_read_only_mode_nothing_comes_until_it_is_off(house, ada, elsewhere):
    key = wanted(house, ada, elsewhere[2])
    with read_only(house):
        assert ended(house, key).state == "waiting"
        assert waiting(house) == [("import", str(key))]
    assert ended(house, key).state == "done"


def test_an_import_that_read_only_mode_meets_on_the_way_moves_nothing_and_goes_on_later(house, ada, elsewhere):
    with served(meanwhile(elsewhere[0], lambda: make_read_only(house))) as address:
        key = wanted(house, ada, f"{address}/cleo/clamp.git")
        arrival = ended(house, key)
        assert (arrival.state, arrival.problem, arrival.ended_at) == ("waiting", "", None)
        with read_only(house), house.store.open("1") as repository:
            assert repository.refs() == {}
        assert waiting(house) == [("import", str(key))]
        assert ended(house, key).state == "done" and refs_of(house, "ada/clamp") != {}


def test_what_is_not_there_is_said(house, ada, elsewhere):
    arrival = ended(house, wanted(house, ada, elsewhere[2].replace("clamp", "nowhere"), name="lost"))
    assert arrival.state == "failed" and arrival.problem.endswith("it asks for a name and a password.")


def test_a_redirect_is_not_followed(house, ada, elsewhere):
    with served(redirecting(elsewhere[2].rpartition("/cleo")[0])) as address:
        arrival = ended(house, wanted(house, ada, f"{address}/cleo/clamp.git"))
    assert arrival.state == "failed" and "it has moved" in arrival.problem


def test_a_machine_within_is_refused_in_the_same_words_as_none(house, elsewhere):
    bob = settle_in(house, "operator", "bob")[1]
    within = ended(house, wanted(house, bob, elsewhere[2]))
    nowhere = ended(house, wanted(house, bob, "http://nowhere.invalid/clamp.git"))
    assert within.state == nowhere.state == "failed"
    assert within.problem.replace("127.0.0.1", "X") == nowhere.problem.replace("nowhere.invalid", "X")


def test_only_so_many_at_a_time_and_only_known_people(house, ada):
    for number in range(house.settings.imports_per_person):
        wanted(house, ada, f"https://example.org/{number}.git", name=f"design-{number}")
    with pytest.raises(TooMany), house.writing(ada) as work:
        want_import(work, "https://example.org/more.git")
    with pytest.raises(Forbidden), house.writing() as work:
        want_import(work, "https://example.org/more.git")
    with pytest.raises(Invalid), house.writing(ada) as work:
        want_import(work, "file:///etc")


def test_a_fork_from_elsewhere_finds_its_family(house, ada, elsewhere):
    there, cleo, url = elsewhere
    ended(house, wanted(house, ada, url, name="clamp"))
    with there.writing(cleo) as work:
        copy = fork(work, design_by_id(work.session, 1), "clamp-two")
        own = edit_files(work, copy, "main", {"README.md": b"Mine.\n"}, "Say more")
    for visibility in ("private", "public"):  # what is private is not found by what comes later
        arrival = ended(
            house,
            wanted(house, ada, f"{url[: -len('clamp.git')]}clamp-two.git", name=visibility, visibility=visibility),
        )
        assert arrival.state == "done", arrival.problem
        with house.reading() as work:
            first = design_by_path(work.session, "ada", "clamp")
            design = design_by_path(work.session, "ada", visibility)
            assert (design.parent_id, design.family_id) == (first.id, first.id)
            assert design.fork_sha == known_refs(work.session, first)["refs/heads/main"]
            assert known_refs(work.session, design)["refs/heads/main"] == own
            assert all(not name.startswith("refs/beginning") for name in known_refs(work.session, design))
