"""A merge that is killed at any point leaves the old or the new state, and `sync` makes the records agree."""

import os
import shutil
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from houses import new_house, settle_in, start

from opendesign.actions.edit import edit_files
from opendesign.actions.fork import fork
from opendesign.actions.heal import catch_up, heal
from opendesign.actions.house import House, Visitor
from opendesign.actions.merge import merge
from opendesign.actions.propose import propose
from opendesign.actions.rebuild_merged import rebuild_merged
from opendesign.actions.set_rule import set_rule
from opendesign.actions.sync import sync
from opendesign.core.errors import Conflict
from opendesign.records.base import now
from opendesign.records.design import design_by_id, known_refs
from opendesign.records.proposal import proposal_by_id

POINTS = 14


def proposed(folder: Path, *texts: str) -> tuple[House, Visitor, int]:
    """A design of Ada's with a proposal of Bia's for each text, to the same branch."""
    house = new_house(folder)
    ada, bia = settle_in(house, "ada", "bia")
    case = start(house, ada, "case", {"NOTES.md": "one\n"})
    for number, text in enumerate(texts):
        with house.writing(bia) as work:
            made = fork(work, design_by_id(work.session, case), name=f"case-{number}").id
        with house.writing(bia) as work:
            edit_files(work, design_by_id(work.session, made), "main", {f"{text}.md": text.encode()}, f"Say {text}")
        with house.writing(bia) as work:
            propose(work, design_by_id(work.session, case), design_by_id(work.session, made), "main")
    return house, ada, case


def merged_in_a_process(folder: Path, who: Visitor, strategy: str, last: int) -> tuple[int, int]:
    """Merges in a process that dies at the n-th call of a function of ours; returns how it ended, and its calls."""
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        calls = 0

        def count(frame, event, argument):
            nonlocal calls
            if event in ("call", "return") and "/opendesign/" in frame.f_code.co_filename:
                calls += 1
                if calls == last:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            house = new_house(folder)
            sys.setprofile(count)
            with house.writing(who) as work:
                merge(work, proposal_by_id(work.session, 1), strategy=strategy)
            sys.setprofile(None)
            os.write(told, str(calls).encode())
        finally:
            os._exit(0)
    os.close(told)
    _, status = os.waitpid(pid, 0)
    said = os.read(heard, 100)
    os.close(heard)
    return os.waitstatus_to_exitcode(status), int(said or b"0")


@pytest.mark.parametrize("strategy", ["merge", "squash"])
def test_a_merge_killed_anywhere_is_old_or_new_and_sync_heals_it(tmp_path, strategy):
    house, ada, case = proposed(tmp_path / "first", "more")
    with house.reading(ada) as work:
        old = known_refs(work.session, design_by_id(work.session, case))["refs/heads/main"]
    shutil.copytree(tmp_path / "first", tmp_path / "whole")
    _, calls = merged_in_a_process(tmp_path / "whole", ada, strategy, 0)
    assert calls > POINTS
    seen, deaths = set(), 0
    for last in {calls * point // POINTS + 1 for point in range(POINTS)}:
        data = tmp_path / str(last)
        shutil.copytree(tmp_path / "first", data)
        # What earlier rounds have left in memory may shorten the way, so that the last points are never reached.
        deaths += merged_in_a_process(data, ada, strategy, last) == (-signal.SIGKILL, 0)
        seen.add(healed(new_house(data), ada, case, old))
        shutil.rmtree(data)
    assert seen == {False, True} and deaths > POINTS / 2


def killed_after_the_ref_moved(folder: Path, text: str = "more", **how) -> tuple[House, Visitor, int]:
    """Ada's design after a merge that died before the records knew of it."""
    house, ada, case = proposed(folder, text)
    if text == "NOTES":
        with house.writing(ada) as work:
            edit_files(work, design_by_id(work.session, case), "main", {"NOTES.md": b"two\n"}, "Count")
    with suppress(KeyboardInterrupt), house.writing(ada) as work:
        merge(work, proposal_by_id(work.session, 1), **how)
        work.session.flush()
        raise KeyboardInterrupt  # what was flushed is rolled back, as the records of a killed process are
    with house.reading() as work:
        assert proposal_by_id(work.session, 1).state == "open"
    return house, ada, case


def test_healing_records_what_a_killed_merge_has_moved(tmp_path):
    house, _, case = killed_after_the_ref_moved(tmp_path)
    assert catch_up(house, now() + timedelta(minutes=1)) == 0, "what has not moved since is not looked at"
    heal(house, now() - timedelta(minutes=10))
    with house.reading() as work:
        assert proposal_by_id(work.session, 1).state == "merged"
        moved_at = design_by_id(work.session, case).moved_at
    assert catch_up(house) == 0 and house.store.touched(str(case)) <= moved_at
    shutil.rmtree(house.store.path(str(case)) / "objects")
    (house.store.path(str(case)) / "refs/heads/lid").write_text("f" * 40)
    heal(house)  # a broken repository is told of, and holds up nothing


def test_another_attempt_heals_a_killed_merge(tmp_path):
    house, ada, _ = killed_after_the_ref_moved(tmp_path)
    rebuild_merged(house, ada, 1)
    with house.reading() as work:
        assert proposal_by_id(work.session, 1).state == "merged"


@pytest.mark.parametrize("strategy", ["merge", "squash"])
def test_a_killed_merge_with_decided_conflicts_is_known(tmp_path, strategy):
    decided = {"NOTES.md": {"content": "two and more\n"}}
    house, ada, case = killed_after_the_ref_moved(tmp_path, "NOTES", strategy=strategy, decisions=decided)
    with house.writing(ada) as work:
        edit_files(work, design_by_id(work.session, case), "main", {"later.md": b"later\n"}, "Go on")
    with house.reading() as work, house.store.open(str(case)) as repository:
        made = proposal_by_id(work.session, 1).merge
        assert made and made.strategy == strategy
        assert repository.commit(made.sha).parents[0] == made.base_sha
        assert repository.read(made.sha, "NOTES.md") == b"two and more\n"


def test_a_killed_merge_against_the_rule_keeps_its_reason(tmp_path):
    house, ada, case = proposed(tmp_path, "more")
    with house.writing(ada) as work:
        set_rule(work, design_by_id(work.session, case), "main", 1, owners_exempt=True)
    with suppress(KeyboardInterrupt), house.writing(ada) as work:
        assert merge(work, proposal_by_id(work.session, 1), reason="The fair is tomorrow").against
        raise KeyboardInterrupt
    heal(house)
    with house.reading() as work:
        made = proposal_by_id(work.session, 1).merge
        assert (made.strategy, made.reason) == ("merge", "The fair is tomorrow")


def healed(house: House, ada: Visitor, case: int, old: str) -> bool:
    """Syncs after a death, checks that branch, records and proposal agree, and says whether the merge has happened."""
    with house.writing(ada) as work:
        sync(work, design_by_id(work.session, case))
    with house.reading(ada) as work:
        design, proposal = design_by_id(work.session, case), proposal_by_id(work.session, 1)
        with house.store.open(design.key) as repository:
            tip = repository.refs()["refs/heads/main"]
            files = {entry.path for entry in repository.files(tip)}
            repository.run("fsck", "--no-dangling")
        assert known_refs(work.session, design)["refs/heads/main"] == tip
        assert (tip != old) == ("more.md" in files) == (proposal.state == "merged"), (tip != old, proposal.state)
        if proposal.merge:
            assert (proposal.merge.sha, proposal.merge.base_sha) == (tip, old)
    if tip == old:
        with house.writing(ada) as work:
            assert merge(work, proposal_by_id(work.session, 1)).sha
    return tip != old


def test_of_racing_merges_exactly_one_wins(tmp_path):
    house, ada, case = proposed(tmp_path, "more", "other", "third")
    with house.reading(ada) as work:
        tip = known_refs(work.session, design_by_id(work.session, case))["refs/heads/main"]

    def attempt(number: int) -> str:
        try:
            with house.writing(ada) as work:
                return merge(work, proposal_by_id(work.session, number), expected=tip).sha
        except Conflict as refusal:
            assert "has moved" in refusal.message
            return ""

    with ThreadPoolExecutor(3) as pool:
        won = [sha for sha in pool.map(attempt, (1, 2, 3)) if sha]
    with house.reading(ada) as work:
        assert [known_refs(work.session, design_by_id(work.session, case))["refs/heads/main"]] == won
        assert sorted(proposal_by_id(work.session, number).state for number in (1, 2, 3)) == ["merged", "open", "open"]
