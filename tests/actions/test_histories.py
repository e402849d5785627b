"""Recomputing everything gives what was found push by push, whatever the history of a family."""

import pytest
from families import ADA, BIA, CAIO, RIBS, SLIT, commit, three_cases
from histories import History
from houses import BOX, settle_in, start
from sqlalchemy import event

from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.fork import fork
from opendesign.actions.heal import reindex
from opendesign.actions.sync import sync
from opendesign.git.writing import move_branch, write_files
from opendesign.records.design import design_by_id
from opendesign.records.revision import Adoption

SEEDS = (14, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (4, 11, 15)))
LOOKS = (1, 4, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_history_gives_the_same_however_often_one_looks_and_all_anew(tmp_path, seed):
    stories = [History(tmp_path / str(look), seed, look).tell(30) for look in LOOKS]
    first = stories[0].found()
    assert stories[0].told == stories[1].told == stories[2].told
    assert first["adoptions"] and first["improvements"]
    for story in stories:
        assert story.found() == first, story.look
        reindex(story.house)
        assert story.found() == first, story.look
        story.house.database.close()


def adopted(house, target):
    with house.reading() as work:
        found = work.session.query(Adoption).filter_by(target_id=target)
        return sorted((each.kind, each.source_id, each.source_sha or "", each.sha) for each in found)


def same_anew(house, *designs):
    before = [adopted(house, each) for each in designs]
    reindex(house)
    return [adopted(house, each) for each in designs] == before


def merge(house, source, target):
    """The target takes the source's branch as it is."""
    with house.store.open(str(source)) as repository:
        tip = repository.refs()["refs/heads/main"]
    house.store.bring(str(source), str(target), tip, "refs/proposals/1/head")
    with house.store.open(str(target)) as repository:
        move_branch(repository, "main", tip, repository.refs()["refs/heads/main"])
    with house.writing() as work:
        sync(work, design_by_id(work.session, target))
    lineage_job(house, str(target))


def test_a_pick_stays_when_its_very_commit_is_merged_later(house):
    london, brazil, _ = three_cases(house)
    born = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    commit(house, london, {"NOTES.md": "two\n"}, "Notes", ADA)
    taken = commit(house, london, {"ribs.py": RIBS}, "Ribs", BIA)
    merge(house, brazil, london)
    assert ("pick", brazil, born, taken) in adopted(house, london)
    assert same_anew(house, london)


def test_what_came_with_a_merge_is_not_taken_again_when_it_is_put_back(house):
    london, brazil, other = three_cases(house)
    commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    commit(house, other, {"NOTES.md": "three\n"}, "Notes", CAIO)
    commit(house, other, {"ribs.py": RIBS}, "Ribs", BIA)
    merge(house, other, london)
    commit(house, london, {"ribs.py": None}, "No ribs", ADA)
    commit(house, london, {"stiff.py": RIBS}, "Ribs again", BIA)
    assert [kind for kind, *_ in adopted(house, london)] == ["merge"]
    assert same_anew(house, london)


def test_what_a_squash_took_stays_with_it_when_one_of_its_commits_is_picked_later(house):
    london, brazil, _ = three_cases(house)
    with house.store.open(str(brazil)) as repository:
        tip = repository.refs()["refs/heads/main"]
        first = write_files(repository, "main", {"ribs.py": RIBS.encode()}, "Ribs", BIA, tip)
        better = RIBS.replace("THICKNESS", "2 * THICKNESS, DEPTH").replace("(-4, 4)", "(-5, 0, 5)")
        second = write_files(repository, "main", {"ribs.py": better.encode()}, "Better ribs", BIA, first)
    with house.writing() as work:
        sync(work, design_by_id(work.session, brazil))
    lineage_job(house, str(brazil))
    commit(house, london, {"NOTES.md": "two\n"}, "Notes", ADA)
    squash = commit(house, london, {"stiff.py": better}, "Ribs (#1)", BIA)
    commit(house, london, {"old.py": RIBS}, "Old ribs too", BIA)
    assert adopted(house, london) == sorted([("port", brazil, first, squash), ("port", brazil, second, squash)])
    assert same_anew(house, london)


def test_ones_own_change_that_a_relative_copied_is_not_declared_to_be_the_relatives(house):
    london, brazil, _ = three_cases(house)
    commit(house, london, {"ribs.py": RIBS}, "Ribs", ADA)
    commit(house, brazil, {"NOTES.md": "two\n"}, "Notes", BIA)
    copied = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", ADA)
    commit(house, london, {"slit.py": SLIT}, f"Slit\n\nAdopted-from: bia/case@{copied[:12]}", ADA)
    assert adopted(house, london) == []
    assert same_anew(house, london, brazil)


def statements(house, forks):
    """How often the records are asked for one push to a family of so many forks that all did something."""
    (ada,) = settle_in(house, f"ada{forks}")
    root = start(house, ada, f"case{forks}", {"box.py": BOX, "NOTES.md": "one\n"})
    made = []
    for number in range(forks):
        with house.writing(ada) as work:
            made.append(fork(work, design_by_id(work.session, root), f"fork{forks}-{number}").id)
        with house.store.open(str(made[-1])) as repository:
            tip = repository.refs()["refs/heads/main"]
            own = f"own = block({number}, {number} * WIDTH, HEIGHT, {forks})\n"
            write_files(repository, "main", {f"own{number}.py": own.encode()}, "Own", BIA, tip)
        with house.writing() as work:
            sync(work, design_by_id(work.session, made[-1]))
    lineage_job(house, str(root))
    asked = []

    def note(*words):
        asked.append(words[2])

    event.listen(house.database.engine, "before_cursor_execute", note)
    commit(house, made[0], {"ribs.py": RIBS + f"# {forks}\n"}, "Ribs", BIA)
    event.remove(house.database.engine, "before_cursor_execute", note)
    return len(asked)


def test_one_push_asks_as_much_in_a_family_of_thirty_as_in_one_of_five(house):
    few, many = statements(house, 5), statements(house, 30)
    assert few > 20 and many <= few + 5
