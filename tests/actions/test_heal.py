"""What a killed process or a power cut left behind is wanted again."""

import shutil
from datetime import timedelta

import pytest
from click.testing import CliRunner
from houses import BOX, settle_in, start

from opendesign.actions.change_design import delete_design, forget_job
from opendesign.actions.heal import heal, reindex
from opendesign.cad.shelf import MAKING
from opendesign.cli.commands import Wires, main
from opendesign.records.base import now
from opendesign.records.build import Build
from opendesign.records.design import all_designs, design_by_id


def test_files_that_a_power_cut_has_cut_are_made_again(house):
    (ada,) = settle_in(house, "ada")
    start(house, ada, "case", {"box.py": BOX, "lid.py": BOX + "# a lid\n"})
    with house.noting() as work:
        rows = work.session.query(Build).all()
        for row in rows:
            house.shelf.put(row.key, {"viewer": b"glTF" * 1000})
            row.state, row.files, row.finished_at, row.exported_at = "made", house.shelf.names(row.key), now(), now()
        whole, cut = (row.key for row in rows)
    assert heal(house) == 0
    path = house.shelf.path(cut, "viewer")
    path.write_bytes(path.read_bytes()[:1024])
    assert heal(house) == 1
    with house.reading() as work:
        assert work.session.get(Build, whole).state == "made"
        assert (work.session.get(Build, cut).state, work.session.get(Build, cut).exported_at) == ("wanted", None)


def test_what_a_killed_creation_left_is_in_nobodys_way(house):
    (ada,) = settle_in(house, "ada")
    first = start(house, ada, "case", {"box.py": BOX})
    house.store.create(str(first + 1))  # killed before its row was committed
    assert start(house, ada, "lid", {"lid.py": BOX}) == first + 1


def test_a_deletion_that_dies_has_not_happened(house):
    (ada,) = settle_in(house, "ada")
    case = start(house, ada, "case", {"box.py": BOX})
    with pytest.raises(KeyboardInterrupt), house.writing(ada) as work:
        delete_design(work, design_by_id(work.session, case), "ada/case")
        raise KeyboardInterrupt
    assert house.store.path(str(case)).is_dir()
    house.store.set_aside(str(case))  # killed before the row was gone
    heal(house)
    with house.reading() as work, house.store.open(str(case)) as repository:
        assert all_designs(work.session) == [case] and repository.refs()
    with house.writing(ada) as work:
        delete_design(work, design_by_id(work.session, case), "ada/case")
    forget_job(house, str(case))
    assert list(house.store.root.glob("*.git")) == list(house.store.root.glob(".*.gone")) == []


def test_a_lost_repository_holds_up_no_other(house, caplog):
    (ada,) = settle_in(house, "ada")
    lost, whole = start(house, ada, "lost", {"box.py": BOX}), start(house, ada, "whole", {"lid.py": BOX})
    shutil.rmtree(house.store.path(str(lost)))
    found = reindex(house)
    assert (found.done, found.skipped) == (1, ["ada/lost"]) and f"design {lost} cannot" in caplog.text
    with house.store.open(str(whole)) as repository:
        assert repository.refs()


def test_what_a_killed_maker_had_begun_is_wanted_again(house):
    (ada,) = settle_in(house, "ada")
    start(house, ada, "case", {"box.py": BOX, "lid.py": BOX + "# a lid\n", "pin.py": BOX + "# a pin\n"})
    with house.noting() as work:
        dead, alive, files = work.session.query(Build).all()
        for row in (dead, alive):
            row.state, row.started_at = "making", now() - timedelta(seconds=5)
        files.state, files.priority = "made", None  # a preview, whose files somebody has begun
        files.started_at, files.finished_at = now() - timedelta(seconds=5), now() - timedelta(seconds=9)
        keys = [row.key for row in (dead, alive, files)]
    with house.shelf.alone(keys[1], MAKING):
        assert heal(house) == 3
    with house.reading() as work:
        states = [(work.session.get(Build, key).state, work.session.get(Build, key).priority) for key in keys]
    assert states == [("wanted", 0), ("making", 0), ("made", 0)]
    with house.noting() as work:
        work.session.get(Build, keys[0]).state = "making"
        work.session.get(Build, keys[0]).started_at = now()
    heal(house)
    with house.reading() as work:
        assert work.session.get(Build, keys[0]).state == "making", "its maker may be about to begin"


@pytest.mark.parametrize("command", ["reindex", "gc"])
def test_upkeep_that_skips_a_design_names_it_and_says_so_by_its_exit_code(house, command):
    (ada,) = settle_in(house, "ada")
    damaged, _ = start(house, ada, "damaged", {"box.py": BOX}), start(house, ada, "whole", {"lid.py": BOX})
    wires = Wires(lambda: (house.settings, {}), lambda settings: house, *[lambda *words: None] * 3)
    done = CliRunner().invoke(main, [command], obj=wires)
    assert done.exit_code == 0 and done.stdout.startswith("2 ") and not done.stderr
    shutil.rmtree(house.store.path(str(damaged)) / "refs")
    done = CliRunner().invoke(main, [command], obj=wires)
    assert done.exit_code == 1 and done.stdout.startswith("1 "), done.output
    assert done.stderr == "Skipped, see the log: ada/damaged.\n"
