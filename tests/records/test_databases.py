"""The same actions on both databases: SQLite in a file, PostgreSQL in a server started here."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from houses import BOX, settle_in, start
from sqlalchemy import text

from opendesign.actions.edit import add_branch, edit_files, set_parameters
from opendesign.actions.end_challenge import withdraw_challenge
from opendesign.actions.enter_challenge import enter_challenge
from opendesign.actions.fork import fork
from opendesign.actions.house import Work
from opendesign.actions.judge import judge, standing_of, verdicts
from opendesign.actions.look import look
from opendesign.actions.measure_family import measure_family
from opendesign.actions.merge import merge, review
from opendesign.actions.open_challenge import open_challenge
from opendesign.actions.propose import comment, decline, propose
from opendesign.actions.pull import pull
from opendesign.actions.ready import hold_back, make_ready
from opendesign.actions.revert import revert
from opendesign.actions.set_rule import set_rule
from opendesign.actions.suggest import take_suggestion
from opendesign.actions.trace import trace
from opendesign.core.errors import Conflict, Invalid, NotFound, Unbuildable
from opendesign.records.base import Record, now
from opendesign.records.build import Build, Comparison, claim
from opendesign.records.challenge import challenge_of
from opendesign.records.database import Database
from opendesign.records.design import Design, design_by_id, design_by_path, page_of, search_designs
from opendesign.records.family import pieces_of
from opendesign.records.inspection import Inspection
from opendesign.records.look import looks_at
from opendesign.records.proposal import Proposal, comment_of, proposal_by_id
from opendesign.records.spot import Spot
from opendesign.records.turn import take_turn


def test_a_family_grows_talks_and_merges(house):
    ada, bia = settle_in(house, "ada", "bia")
    case = start(house, ada, "case", {"box.py": BOX, "README.md": "# Case\n"}, summary="A small box")
    with house.writing(bia) as work:
        made = fork(work, design_by_id(work.session, case))
        key = made.id
    with house.writing(bia) as work:
        set_parameters(work, design_by_id(work.session, key), "main", "box.py", {"WIDTH": 12})
    with house.writing(bia) as work:
        designs = design_by_id(work.session, case), design_by_id(work.session, key)
        proposal = propose(work, *designs, "main", title="Wider").id
        comment(work, proposal_by_id(work.session, proposal), "Fits the larger board — é, ☃.", "box.py", 3, [1.0, 2, 3])
    with house.writing(ada) as work:
        row = proposal_by_id(work.session, proposal)
        found = review(work, row)
        assert found.mergeable == "clean"
        (part,) = found.change.parts
        assert [(c.name, c.before, c.after) for c in part.parameters] == [("WIDTH", 10.0, 12)]
        with pytest.raises(Unbuildable, match="still being rebuilt"):
            merge(work, row)  # nobody has built it: the gate holds
    with house.writing(ada) as work:
        decline(work, proposal_by_id(work.session, proposal), "Not now.")
    with house.writing(ada) as work:
        pull(work, design_by_id(work.session, case), "main", design_by_id(work.session, key), "main")
    with house.reading(ada) as work:
        lineage = trace(work, design_by_id(work.session, case))
        assert [(kin.design.path, kin.depth) for kin in lineage.kin] == [("ada/case", 0), ("bia/case", 1)]
        assert [(a.source_id, a.target_id, a.commits) for a in lineage.adoptions] == [(key, case, 1)]
        row = work.session.query(Build).filter_by(key=pieces_of(work.session, [case])[0].build).one()
        row.state, row.result = "made", {"total": {"volume_mm3": 320.0, "valid": True}}
        work.session.flush()
        facts = measure_family(work, design_by_id(work.session, case), list(lineage.by_id.values()))
        assert [facts[each].value("volume", "PLA") for each in (case, key)] == [320.0, 320.0]
        assert proposal_by_id(work.session, proposal).state == "declined"


def test_a_proposal_is_judged_and_made_ready(house):
    ada, bia = settle_in(house, "ada", "bia")
    case = start(house, ada, "case", {"README.md": "# Case\n"})
    with house.writing(bia) as work:
        key = fork(work, design_by_id(work.session, case)).id
    with house.writing(bia) as work:
        edit_files(work, design_by_id(work.session, key), "main", {"README.md": b"# Wide case\n"}, "Say so")
    with house.writing(bia) as work:
        row = propose(work, design_by_id(work.session, case), design_by_id(work.session, key), "main")
        hold_back(work, row)
        number = row.id
    with house.writing(ada) as work:
        row = proposal_by_id(work.session, number)
        set_rule(work, row.design, "main", 1)
        judge(work, row, "approve", "Good — é, ☃.")
        with pytest.raises(Conflict, match="is a draft"):
            merge(work, row)
        make_ready(work, row)
        said = comment(work, row, "", "README.md", 1, suggestion="# Wider case").id
        look(work, row), look(work, row)
        assert standing_of(work, row).enough and [each.current for each in verdicts(work, row)] == [True]
    with house.writing(bia) as work:
        row = proposal_by_id(work.session, number)
        taken = take_suggestion(work, comment_of(work.session, row, said)).sha
        assert row.source_sha == taken and [each.sha == taken for each in looks_at(work.session, row)] == [False]
    with house.writing(ada) as work:
        row = proposal_by_id(work.session, number)
        judge(work, row, "approve")
        assert merge(work, row).strategy == "merge"
    with house.writing(ada) as work:
        assert revert(work, proposal_by_id(work.session, number)).number == 2


def test_the_schema_goes_back_and_forward_again_with_what_is_in_it(house):
    ada, bia = settle_in(house, "ada", "bia")
    case = start(house, ada, "case", {"box.py": BOX, "README.md": "# Case\n"})
    with house.writing(bia) as work:
        key = fork(work, design_by_id(work.session, case)).id
    with house.writing(bia) as work:
        edit_files(work, design_by_id(work.session, key), "main", {"README.md": b"# Wide case\n"}, "Say so")
    with house.writing(ada) as work:
        row = propose(work, design_by_id(work.session, case), design_by_id(work.session, key), "main")
        comment(work, row, "Hm.", "README.md", 1, suggestion="# Wider case")
        pull(work, row.design, "main", row.source, "main")
        set_rule(work, row.design, "main", 1, ["light"], owners_exempt=True)
    tables = ("person", "design", "proposal", "merge", "comment", "build", "revision")

    def counted() -> list[int]:
        with house.database.engine.connect() as connection:
            return [connection.execute(text(f"select count(*) from {name}")).scalar() for name in tables]

    before = counted()
    assert min(before) > 0
    command.downgrade(house.database._alembic(), "0001")
    assert counted() == before, "going back loses what the older schema cannot say, and no rows"
    house.database.migrate()
    assert counted() == before
    with house.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Record.metadata) == []
    command.downgrade(house.database._alembic(), "base")
    house.database.migrate()
    assert settle_in(house, "ada")


def test_search_finds_words_in_titles_parts_and_owners(house):
    ada, bia = settle_in(house, "ada", "bia")
    start(house, ada, "clamp", {"jaw.py": BOX}, summary="Holds 100% of tubes")
    start(house, bia, "secret", {"jaw.py": BOX}, visibility="private")
    with house.reading(ada) as work:
        for words, found in (
            ("jaw", ["clamp"]),
            ("ADA clamp", ["clamp"]),
            ("100%", ["clamp"]),
            ("10_%", []),
            ("zzz", []),
        ):
            rows, total = page_of(work.session, search_designs(work.session, work.person, words), 1, 10)
            assert ([row.name for row in rows], total) == (found, len(found)), words
    with house.reading(bia) as work:
        rows, _ = page_of(work.session, search_designs(work.session, work.person, "jaw"), 1, 10)
        assert {row.name for row in rows} == {"clamp", "secret"}


def test_one_of_many_claims_a_build(house):
    (ada,) = settle_in(house, "ada")
    start(house, ada, "case", {"box.py": BOX})
    with house.reading() as work:
        key = work.session.query(Build.key).scalar()
    taken = []

    def take():
        with house.writing() as work:
            taken.append(claim(work.session, Build, key, 60))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 7 + [True]


def test_of_many_who_take_a_turn_one_gets_the_build(house):
    (ada,) = settle_in(house, "ada")
    start(house, ada, "case", {"box.py": BOX})
    taken = []

    def take():
        with house.writing() as work:
            taken.append(take_turn(work.session, {Build: 60, Comparison: 60, Inspection: 60, Spot: 60}))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [turn[0] for turn in taken if turn] == [Build]
    assert len(taken) == 8


CHECKS = '[[part]]\nsource = "box.py"\n\n[checks.light]\npart = "box.py"\nmass_max_g = 100\n'


def at_once(house, who, act: Callable[[Work], object]) -> list[str]:
    """Four do the same at the same moment; returns what came of each, or how it was refused, in order."""
    start = threading.Barrier(4)

    def done(_turn: int) -> str:
        start.wait()
        try:
            with house.writing(who) as work:
                return str(act(work))
        except Conflict as refusal:
            return refusal.message

    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(done, range(4)))


def test_those_who_ask_enter_and_end_at_once_wait_for_each_other(house):
    ada, bia = settle_in(house, "ada", "bia")
    case = start(house, ada, "case", {"box.py": BOX, "okh.toml": CHECKS})
    with house.writing(bia) as work:
        key = fork(work, design_by_id(work.session, case)).id
    with house.writing(bia) as work:
        set_parameters(work, design_by_id(work.session, key), "main", "box.py", {"WIDTH": 12})
    goal = ("Lightest box", "", "box.py", "mass", "least", now() + timedelta(days=1))
    numbers = at_once(house, ada, lambda work: open_challenge(work, design_by_id(work.session, case), *goal).number)
    assert numbers == ["1", "2", "3", "4"]

    def challenge(work):
        return challenge_of(work.session, design_by_id(work.session, case), 1)

    took = at_once(house, bia, lambda work: enter_challenge(work, challenge(work), design_by_id(work.session, key)).ref)
    assert took == ["bia/case has entered this commit already."] * 3 + ["main"]
    ended = at_once(house, ada, lambda work: withdraw_challenge(work, challenge(work)).how)
    assert ended == ["Challenge 1 has ended already."] * 3 + ["withdrawn"]


def test_a_failed_transaction_leaves_nothing(house):
    (ada,) = settle_in(house, "ada")
    case = start(house, ada, "case", {"box.py": BOX})
    with pytest.raises(Conflict), house.writing(ada) as work:
        design = design_by_id(work.session, case)
        design.title = "Changed"
        edit_files(work, design, "main", {"a.md": b"x"}, "Late", expected="0" * 40)
    with house.reading() as work:
        assert design_by_id(work.session, case).title == "Case"
    assert house.queue.waiting() == 2  # the build of box.py and the lineage, nothing of what failed


def test_what_many_do_at_once_they_do_one_after_another(house):
    people = settle_in(house, *(f"person-{number}" for number in range(6)))
    notes = start(house, people[0], "notes", {"NOTES.md": "one\n"})

    def builds(number: int) -> None:
        start(house, people[number], "box", {"box.py": BOX})

    def moves(number: int) -> None:
        with house.writing(people[0]) as work:
            add_branch(work, design_by_id(work.session, notes), f"side-{number}", "main")
        with house.writing(people[0]) as work:
            files = {f"{number}.py": BOX.encode()}
            edit_files(work, design_by_id(work.session, notes), f"side-{number}", files, "Add a part")
        with house.writing(people[0]) as work:
            design = design_by_id(work.session, notes)
            propose(work, design, design, f"side-{number}", "main")

    def forks(number: int) -> None:
        with house.writing(people[0]) as work:
            fork(work, design_by_id(work.session, notes))

    for act in (builds, moves, forks):
        with ThreadPoolExecutor(len(people)) as pool:
            list(pool.map(act, range(len(people))))  # raises what any of them has met
    with house.reading() as work:
        numbers = {row.number for row in work.session.query(Proposal)}
        assert numbers == set(range(1, 7)) and work.session.query(Design).count() == 13


def test_the_version_is_another_one_once_somebody_has_committed(house):
    settle_in(house, "ada")
    other = Database(house.database.engine.url.render_as_string(hide_password=False))
    seen = [house.database.version()]
    for number, database in enumerate((house.database, other, house.database)):
        with database.writing() as session:
            session.execute(text("UPDATE person SET full_name = :name"), {"name": f"Ada {number}"})
        seen.append(house.database.version())
    with other.writing() as session:
        session.execute(text("UPDATE person SET full_name = 'Nobody'"))
        before = house.database.version()
    assert before != house.database.version(), "it is told apart at the moment that others see it"
    other.close()
    assert len(set(seen)) == len(seen), seen


def test_a_text_that_only_one_of_them_can_keep_is_nobodys_and_no_fault_of_ours(house):
    with house.reading() as work, pytest.raises((NotFound, Invalid)):
        design_by_path(work.session, "ada\0", "box")
