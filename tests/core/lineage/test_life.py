"""What lives: as often put in as not taken back, and a line of it stands."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.life import Life, Step, end
from opendesign.core.lineage.unit import line_names, unit

START = datetime(2026, 3, 1, tzinfo=UTC)
LINES = [f"plate = plate.union(rib({number}, HEIGHT, THICKNESS))" for number in range(4)]


def step(day, minus, plus):
    return Step(START + timedelta(days=day), [unit("box.py", minus, plus)])


def life(*steps, files=""):
    return Life(steps, line_names("box.py", files))


ADDED = unit("box.py", [], LINES[:1])


def test_a_revert_ends_it_and_a_revert_of_that_brings_it_back():
    there, gone = step(1, [], LINES[:1]), step(2, LINES[:1], [])
    again = step(3, [], LINES[:1])
    assert life(there, files=LINES[0]).lives(ADDED)
    ended = life(there, gone)
    assert ended.lives(gone.units[0]), "nobody has put back what it took"
    assert not ended.lives(ADDED) and ended.ended([ADDED]) and ended.taker([ADDED]) == gone.at
    back = life(there, gone, again, files=LINES[0])
    assert back.lives(ADDED) and not back.lives(gone.units[0])


def test_a_line_that_was_written_over_is_gone_and_who_wrote_it_took_it():
    over = step(5, LINES[:1], LINES[1:2])
    found = life(step(1, [], LINES[:1]), over, files=LINES[1])
    assert not found.lives(ADDED) and found.taker([ADDED]) == over.at and found.lives(over.units[0])


def test_one_line_of_many_is_enough_but_not_one_that_stands_everywhere():
    long = unit("box.py", [], [*LINES[:2], "else:"])
    history = Step(START, [long])
    assert life(history, files=LINES[1]).lives(long)
    assert not life(history, files="else:").lives(long)


def test_white_space_and_a_move_to_another_file_take_nothing_away():
    assert life(step(1, [], LINES[:1]), files="    " + LINES[0].replace(" = ", "=")).lives(ADDED)


def test_what_only_takes_away_lives_until_it_is_put_back():
    cut = unit("box.py", LINES[:1], [])
    assert life(step(1, LINES[:1], [])).lives(cut)
    assert not life(step(1, LINES[:1], []), step(2, [], LINES[:1]), files=LINES[0]).lives(cut)


def test_of_files_too_large_to_read_nothing_is_said_to_be_gone():
    assert Life([step(1, [], LINES[:1])], None).lives(ADDED)


def test_what_is_worth_nothing_cannot_end():
    slip = unit("box.py", [], ["x"])
    assert not life(Step(START, [slip])).ended([slip]) and not life().ended([])


def test_an_adoption_ends_with_the_last_of_its_changes():
    lapses = {"a": START, "b": START + timedelta(days=1)}
    assert end(["a", "b", "c"], lapses, {"a", "b"}) == lapses["b"]
    assert end(["a", "b"], {"a": START}, {"a", "b"}) is None
    assert end(["c"], lapses, {"a"}) is None


@given(st.lists(st.integers(0, 3), max_size=12), st.randoms(use_true_random=False))
def test_what_lives_is_what_stands_however_often_it_came_and_went(toggles, random):
    standing, steps = set(), []
    for day, number in enumerate(toggles):
        line = LINES[number : number + 1]
        steps.append(step(day, line, []) if number in standing else step(day, [], line))
        standing ^= {number}
    random.shuffle(steps)
    found = life(*steps, files="\n".join(LINES[number] for number in standing))
    for number, line in enumerate(LINES):
        added = unit("box.py", [], [line])
        assert found.lives(added) == (number in standing)
        last = max((day for day, each in enumerate(toggles) if each == number), default=None)
        if last is not None and number not in standing:
            assert found.taker([added]) == START + timedelta(days=last)
