"""Designs that follow a repository elsewhere, and repositories elsewhere that follow a design."""

from datetime import timedelta
from random import randbytes

import pytest
from houses import BOX, settle_in, start
from remotes import house_elsewhere, make_read_only, meanwhile, read_only, served

from opendesign.actions.change_design import change_design
from opendesign.actions.deliver import close_outlet, deliver_job, open_outlet, push_soon
from opendesign.actions.edit import add_branch, drop_branch, edit_files
from opendesign.actions.heal import heal
from opendesign.actions.import_design import import_job, want_import
from opendesign.actions.issue_token import issue_token
from opendesign.actions.mirror import fetch_soon, mirror_job, stop_mirroring
from opendesign.actions.own_fork import own_place
from opendesign.actions.transfer import alone, pause, waiting
from opendesign.core.errors import Forbidden, Invalid, NotFound
from opendesign.records.base import now
from opendesign.records.design import design_by_id, known_refs
from opendesign.records.mirror import mirror_of, outlet_of

MAIN = "refs/heads/main"


@pytest.fixture
def elsewhere(tmp_path):
    """Cleo's house, with a clamp, and its address."""
    with house_elsewhere(tmp_path / "elsewhere") as (there, address):
        _, cleo = settle_in(there, "operator", "cleo")
        start(there, cleo, "clamp", {"box.py": BOX})
        yield there, cleo, address


@pytest.fixture
def ada(house):
    object.__setattr__(house.settings, "private_hosts", "127.0.0.1")
    return settle_in(house, "operator", "ada")[1]


@pytest.fixture
def mirror(house, ada, elsewhere):
    """Ada's mirror of cleo's clamp: design 1, mirror 1."""
    with house.writing(ada) as work:
        key = want_import(work, f"{elsewhere[2]}/cleo/clamp.git", follow=True).id
    import_job(house, str(key))


def refs_of(house, key: int = 1) -> dict[str, str]:
    with house.reading() as work:
        return known_refs(work.session, design_by_id(work.session, key))


def change(there, who, branch: str = "main", **texts: str) -> str:
    with there.writing(who) as work:
        content = {f"{name}.md": text.encode() for name, text in texts.items()}
        return edit_files(work, design_by_id(work.session, 1), branch, content, "Change")


def fetched(house, visitor):
    """Fetches mirror 1 now; returns its record."""
    with house.writing(visitor) as work:
        fetch_soon(work, design_by_id(work.session, 1))
    mirror_job(house, "1")
    with house.reading() as work:
        return mirror_of(work.session, design_by_id(work.session, 1))


def test_a_mirror_moves_with_what_it_follows(house, ada, elsewhere, mirror):
    there, cleo, _ = elsewhere
    with there.writing(cleo) as work:
        add_branch(work, design_by_id(work.session, 1), "wide", "main")
    tip = change(there, cleo, notes="More.")
    found = fetched(house, ada)
    assert found.problem == "" and refs_of(house) == refs_of(there) and refs_of(house)[MAIN] == tip
    assert found.next_at - found.fetched_at <= timedelta(minutes=61)
    with there.writing(cleo) as work:
        design = design_by_id(work.session, 1)
        drop_branch(work, design, "wide", known_refs(work.session, design)["refs/heads/wide"])
    fetched(house, ada)
    assert refs_of(house) == {MAIN: tip}


def test_nobody_else_moves_a_mirror_until_it_is_none(house, ada, elsewhere, mirror):
    with house.reading(ada) as work:
        design = design_by_id(work.session, 1)
        for verb in ("push", "edit", "merge", "propose"):
            with pytest.raises(Forbidden, match="mirrors"):
                work.need(verb, design)
        for act in (
            lambda: edit_files(work, design, "main", {"x.md": b"x"}, "x"),
            lambda: add_branch(work, design, "x", "main"),
            lambda: drop_branch(work, design, "wide", refs_of(house)[MAIN]),
        ):
            with pytest.raises(Forbidden, match="mirrors"):
                act()
    with house.writing(ada) as work:
        place, branch = own_place(work, design_by_id(work.session, 1), "main", refs_of(house)[MAIN])
        assert (place.parent_id, branch) == (1, "main") and not place.mirrored
    with house.writing(ada) as work:
        stop_mirroring(work, design_by_id(work.session, 1))
    with house.writing(ada) as work:
        edit_files(work, design_by_id(work.session, 1), "main", {"x.md": b"x"}, "x")
        with pytest.raises(NotFound):
            fetch_soon(work, design_by_id(work.session, 1))


def test_a_mirror_that_cannot_be_fetched_says_why_and_waits_longer_each_time(house, ada, elsewhere, mirror):
    there, cleo, _ = elsewhere
    with there.writing(cleo) as work:
        change_design(work, design_by_id(work.session, 1), visibility="private")
    before = refs_of(house)
    first, second = fetched(house, ada), fetched(house, ada)
    assert second.failures == 2 and "asks for a name and a password" in second.problem
    assert second.next_at - now() > first.next_at - now() > timedelta(minutes=100)
    assert refs_of(house) == before
    assert ("mirror", "1") not in waiting(house)
    assert pause(60, 100) == timedelta(days=1) and pause(3000, 1) == timedelta(minutes=3000)


def test_a_mirror_without_room_says_so_and_goes_on_when_there_is_some(house, ada, elsewhere, mirror):
    there, cleo, _ = elsewhere
    with house.writing(ada) as work:
        work.person.quota_mb = 1
    before, tip = refs_of(house), change(there, cleo, noise=randbytes(1_500_000).hex())
    found = fetched(house, ada)
    assert "limit of 1 MB" in found.problem and found.failures == 1 and refs_of(house) == before
    assert house.store.size("1") < 1_000_000
    with house.writing(ada) as work:
        work.person.quota_mb = 100
    assert fetched(house, ada).problem == "" and refs_of(house)[MAIN] == tip


def test_what_is_due_is_queued_by_the_upkeep_and_done_by_one_job_alone(house, ada, elsewhere, mirror):
    with house.writing(ada) as work:
        mirror_of(work.session, design_by_id(work.session, 1)).next_at = now()
    queued = house.queue.waiting()
    heal(house)
    assert waiting(house) == [("mirror", "1")] and house.queue.waiting() > queued
    change(elsewhere[0], elsewhere[1], notes="More.")
    before = refs_of(house)
    with alone(house, "mirror-1", "mirror", "1") as free:
        assert free
        mirror_job(house, "1")
        assert refs_of(house) == before
    mirror_job(house, "1")
    assert refs_of(house) != before and waiting(house) == []


def test_read_only_mode_on_the_way_leaves_a_mirror_as_it_was_until_it_is_off(house, ada, elsewhere, mirror):
    there, cleo, _ = elsewhere
    before, tip = refs_of(house), change(there, cleo, notes="More.")
    with served(meanwhile(there, lambda: make_read_only(house))) as address:
        with house.writing(ada) as work:
            mirror_of(work.session, design_by_id(work.session, 1)).url = f"{address}/cleo/clamp.git"
        found = fetched(house, ada)
        assert (found.problem, found.failures) == ("", 0) and refs_of(house) == before
        with read_only(house), house.store.open("1") as repository:
            assert repository.refs() == before
        assert waiting(house) == [("mirror", "1")]
        mirror_job(house, "1")
    assert refs_of(house)[MAIN] == tip and waiting(house) == []


@pytest.fixture
def target(elsewhere):
    """An empty design of cleo's, and a token of hers."""
    there, cleo, address = elsewhere
    with there.writing(cleo) as work:
        secret = issue_token(work, "push", ("write",))[1]
    return f"{address}/cleo/copy.git", secret


def test_a_design_is_pushed_elsewhere_after_each_move(house, ada, elsewhere, target):
    start(house, ada, "case", {"box.py": BOX})
    url, secret = target
    with house.writing(ada) as work:
        open_outlet(work, design_by_id(work.session, 1), url, "cleo", secret)
    deliver_job(house, "1")
    there = elsewhere[0]
    with house.reading() as work:
        outlet = outlet_of(work.session, design_by_id(work.session, 1))
        assert (outlet.problem, outlet.next_at) == ("", None) and secret not in outlet.sealed
    assert refs_of(there, 2) == refs_of(house)
    tip = change(house, ada, more="More.")
    assert ("deliver", "1") in waiting(house)
    before = refs_of(there, 2)
    with read_only(house):
        deliver_job(house, "1")
    assert refs_of(there, 2) == before and ("deliver", "1") in waiting(house)
    deliver_job(house, "1")
    assert refs_of(there, 2)[MAIN] == tip
    with house.writing(ada) as work:
        close_outlet(work, design_by_id(work.session, 1))
    change(house, ada, more="Even more.")
    assert waiting(house) == [] and refs_of(there, 2)[MAIN] == tip


def test_what_others_have_pushed_there_is_not_overwritten(house, ada, elsewhere, target):
    there = elsewhere[0]
    start(house, ada, "case", {"box.py": BOX})
    with house.writing(ada) as work:
        open_outlet(work, design_by_id(work.session, 1), *(target[0].replace("copy", "clamp"), "cleo", target[1]))
    before = refs_of(there)
    deliver_job(house, "1")
    with house.writing(ada) as work:
        outlet = outlet_of(work.session, design_by_id(work.session, 1))
        assert "nothing was overwritten" in outlet.problem and outlet.next_at > now()
        assert target[1] not in outlet.problem
        push_soon(work, design_by_id(work.session, 1))
    assert refs_of(there) == before


def test_a_secret_goes_with_its_address(house, ada):
    start(house, ada, "case", {"box.py": BOX})
    url = "https://git.example.org/ada/case.git"
    with house.writing(ada) as work:
        case = design_by_id(work.session, 1)
        sealed = open_outlet(work, case, url, "ada", "hunter2").sealed
        assert "hunter2" not in sealed
        assert open_outlet(work, case, url, "ada").sealed == sealed
        assert open_outlet(work, case, url.replace("ada/case", "mallory/case"), "ada").sealed == ""
        with pytest.raises(Invalid, match="https"):
            open_outlet(work, case, url.replace("https", "http"), "ada", "hunter2")
        for name, secret in (("a:b", "x"), ("a", "x\r\nX-Evil: y"), ("a", "x" * 2000)):
            with pytest.raises(Invalid):
                open_outlet(work, case, url, name, secret)
