"""Whose turn it is: what is made next of everything that is wanted."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendesign.records.base import now
from opendesign.records.build import Build, Comparison, unfinished
from opendesign.records.database import Database
from opendesign.records.inspection import Inspection, need
from opendesign.records.spot import Spot
from opendesign.records.turn import take_turn

PATIENCE = {Build: 180.0, Comparison: 600.0, Inspection: 180.0, Spot: 60.0}


@pytest.fixture
def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path / 'turn.db'}")
    made.migrate()
    yield made
    made.close()


def want(database, asker: str, *names: str, priority: int | None = 0, **fields) -> None:
    """Somebody wants builds, one after the other."""
    with database.writing() as session:
        for name in names:
            more = {"state": "wanted", "wanted_at": now(), **fields}
            session.add(Build(key=name, part="box.py", recipe={}, asker=asker, priority=priority, **more))


def want_comparison(database, asker: str, name: str, before: str | None, after: str | None) -> None:
    with database.writing() as session:
        session.add(Comparison(key=name, before_key=before, after_key=after, asker=asker, priority=3))


def turn(database) -> str | None:
    """Takes what is next."""
    with database.writing() as session:
        found = take_turn(session, PATIENCE)
    return found[1] if found else None


def end(database, *names: str, kind=Build, **fields) -> None:
    """Something has been made."""
    with database.writing() as session:
        for name in names:
            row = session.get(kind, name)
            row.state, row.exported_at, row.priority = "made", now(), None
            for field, value in fields.items():
                setattr(row, field, value)


def test_a_flood_is_passed_at_once_by_whoever_has_nothing(database) -> None:
    want(database, "mallory", *(f"m{n:03}" for n in range(200)), priority=10)
    assert [turn(database), turn(database)] == ["m000", "m001"]
    want(database, "ada", "a0", "a1")
    assert [turn(database), turn(database)] == ["a0", "a1"]  # two of hers beside two of mallory's
    assert turn(database) == "m002"


def test_with_one_worker_askers_alternate(database) -> None:
    want(database, "mallory", *(f"m{n}" for n in range(9)), priority=10)
    want(database, "ada", "a0", "a1", "a2")
    order = []
    for _ in range(6):
        order.append(turn(database))
        end(database, order[-1])
    assert (
        sorted(order[:2]) == ["a0", "m0"] and sorted(order[2:4]) == ["a1", "m1"] and sorted(order[4:]) == ["a2", "m2"]
    )


def test_of_one_asker_what_somebody_looks_at_comes_first_and_then_the_oldest(database) -> None:
    want(database, "ada", "old", "older")
    want(database, "ada", "seen", priority=10)
    assert [turn(database) for _ in range(4)] == ["seen", "old", "older", None]


def test_what_is_lost_is_judged_when_it_is_asked_though_the_question_is_kept(database, monkeypatch) -> None:
    want(database, "ada", "held", state="making", started_at=now())
    assert turn(database) is None
    monkeypatch.setattr("opendesign.records.build.now", lambda: now() + timedelta(seconds=PATIENCE[Build] + 1))
    assert turn(database) == "held"


def test_a_lost_claim_comes_free_and_does_not_count(database) -> None:
    begun = now() - timedelta(seconds=PATIENCE[Build] + 1)
    want(database, "ada", "lost", state="making", started_at=begun)
    want(database, "ada", "held", state="making", started_at=now() - timedelta(seconds=5))
    assert turn(database) == "lost"
    assert turn(database) is None


def test_files_of_a_preview_are_made_once_and_only_if_wanted(database) -> None:
    want(database, "ada", "wanted", priority=10, state="made")
    want(database, "ada", "unwanted", priority=None, state="made")
    with database.reading() as session:
        assert unfinished(session, Build) == ["wanted"]
    assert [turn(database), turn(database)] == ["wanted", None]


def test_a_comparison_waits_for_both_of_its_builds(database) -> None:
    want(database, "ada", "before", "after")
    want_comparison(database, "ada", "difference", "before", "after")
    want_comparison(database, "ada", "nothing before", None, "failed")
    want(database, "ada", "failed", state="failed")
    assert turn(database) == "nothing before"
    assert [turn(database), turn(database), turn(database)] == ["before", "after", None]
    end(database, "before", "after")
    assert turn(database) == "difference"


def test_an_inspection_waits_for_each_build_it_looks_at(database) -> None:
    want(database, "ada", "lid", "base")
    want(database, "ada", "broken", state="failed")
    with database.writing() as session:
        session.add_all(Inspection(key=key, recipe={}, asker="ada", priority=3) for key in ("checks", "dimensions"))
        session.flush()
        need(session, "checks", ["lid", "base", "broken"])
    assert [turn(database) for _ in range(4)] == ["dimensions", "lid", "base", None]
    end(database, "lid")
    assert turn(database) is None
    end(database, "base")
    assert [turn(database), turn(database)] == ["checks", None]


def test_builds_and_comparisons_count_to_one_share(database) -> None:
    want_comparison(database, "mallory", "m", None, "gone")
    assert turn(database) == "m"
    want(database, "mallory", "m0", priority=10)
    want(database, "ada", "a0", priority=0)
    assert turn(database) == "a0"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["ada", "bia", "mallory"]), st.integers(0, 10)), min_size=1, max_size=15))
def test_everything_is_made_once_and_nobody_waits_for_more_than_a_turn_of_each(database, wanted) -> None:
    order = []
    with database.reading() as session:  # never committed, as each commit waits for the disk
        for number, (asker, priority) in enumerate(wanted):
            fields = {"part": "box.py", "recipe": {}, "state": "wanted", "priority": priority}
            session.add(Build(key=f"{asker} {number}", asker=asker, **fields))
        session.flush()
        while (found := take_turn(session, PATIENCE)) is not None:
            order.append(found[1])
            row = session.get(Build, found[1], populate_existing=True)
            row.state, row.exported_at = "made", now()
            session.flush()
    assert sorted(order) == sorted(f"{asker} {number}" for number, (asker, _) in enumerate(wanted))
    askers = {asker for asker, _ in wanted}
    for asker in askers:
        assert [key.split()[0] for key in order].index(asker) < len(askers)
