"""The waiting line of the engine: whose turn it is."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from opendesign.cad.line import PASSED, Line, Task

OWNERS = ("ada", "bia", "mallory")


def task(background: bool = False, trial: bool = False, owner: str = "", size: int = 0) -> Task:
    return Task(reply=None, request=-1, background=background, trial=trial, owner=owner, size=size)


def test_interactive_tasks_pass_background_ones() -> None:
    line = Line(slots=2)
    slow, quick = task(background=True), task()
    line.add(slow)
    line.add(quick)
    assert [line.take([], False), line.take([quick], False)] == [quick, slow]


def test_background_tasks_have_every_slot_and_interactive_ones_a_place_more() -> None:
    line = Line(slots=2)
    first, second, third, quick, next_one = *(task(background=True) for _ in range(3)), task(), task()
    for each in (first, second, third):
        line.add(each)
    assert [line.take([], False), line.take([first], False)] == [first, second]
    assert line.take([first, second], False) is None
    line.add(quick)
    line.add(next_one)
    assert line.take([first, second], False) is quick
    assert line.take([first, second, quick], False) is None
    assert line.take([second, quick], False) is next_one
    assert line.take([quick, next_one], False) is None
    assert line.take([quick], False) is third


def test_without_an_express_place_background_tasks_leave_the_last_slot_free() -> None:
    line = Line(slots=2, express=0)
    first, second, quick = task(background=True), task(background=True), task()
    line.add(first)
    line.add(second)
    assert line.take([], False) is first
    assert line.take([first], False) is None
    line.add(quick)
    assert line.take([first], False) is quick
    assert line.take([first, quick], False) is None


def test_the_only_slot_serves_background_tasks_too() -> None:
    line = Line(slots=1)
    only, quick, other = task(background=True), task(), task()
    line.add(only)
    assert line.take([], False) is only
    line.add(quick)
    line.add(other)
    assert line.take([only], False) is quick
    assert line.take([only, quick], False) is None


def test_before_the_engine_opens_only_trials_run() -> None:
    line = Line(slots=2)
    waiting, trial = task(), task(trial=True)
    line.add(waiting)
    line.add(trial)
    assert line.take([], trials_only=True) is trial
    assert line.take([], trials_only=True) is None
    assert line.take([], trials_only=False) is waiting


def test_a_task_put_back_is_next() -> None:
    line = Line(slots=1)
    first, second = task(), task()
    line.add(first)
    line.add(second)
    line.put_back(line.take([], False))
    assert line.waiting() == [first, second]
    line.remove(first)
    line.remove(first)
    assert len(line) == 1


def served(line: Line, most: int) -> list[Task]:
    """Runs tasks one after the other on every slot, the oldest ending first, and returns them as they began."""
    running: list[Task] = []
    order: list[Task] = []
    while len(order) < most:
        taken = line.take(running, False)
        if taken is None and not running:
            break
        if taken is None:
            running.pop(0)
        else:
            running.append(taken)
            order.append(taken)
    return order


def test_a_flood_of_one_owner_delays_nobody_else() -> None:
    for slots in (1, 2, 4):
        for background in (False, True):
            line = Line(slots)
            for _ in range(200):
                line.add(task(background, owner="mallory"))
            before = served(line, 10)
            line.add(task(background, owner="ada"))
            after = [taken.owner for taken in served(line, 300)]
            assert after.index("ada") <= 1, (slots, background)
            assert len(before) + len(after) == 201


def test_owners_take_turns_whoever_wants_more() -> None:
    line = Line(slots=1)
    for owner, wanted in (("mallory", 50), ("ada", 5), ("bia", 3)):
        for _ in range(wanted):
            line.add(task(owner=owner))
    first = [taken.owner for taken in served(line, 9)]
    assert first == ["mallory", "ada", "bia"] * 3


def test_newcomers_without_end_do_not_pass_whoever_waits() -> None:
    line = Line(slots=1)
    line.add(task(owner="ada"))
    line.add(task(owner="ada"))
    order = []
    for number in range(6):
        line.add(task(owner=f"sybil {number}"))
        order.append(line.take([], False).owner)
    assert order.count("ada") == 2


def test_whoever_holds_a_slot_lets_others_have_the_next() -> None:
    line = Line(slots=4)
    busy = task(owner="mallory")
    line.add(task(owner="mallory"))
    line.add(task(owner="ada"))
    assert line.take([busy], False).owner == "ada"
    dying = task(owner="mallory")
    dying.killed = 1.0
    line.add(task(owner="ada"))
    assert line.take([dying, task(owner="ada")], False).owner == "mallory"


def test_interactive_tasks_without_end_let_a_background_one_through() -> None:
    line = Line(slots=1)
    slow = task(background=True, owner="ada")
    line.add(slow)
    for _ in range(50):
        line.add(task(owner="mallory"))
    assert served(line, 50).index(slow) == PASSED


def test_one_owner_alone_gets_half_of_the_places_and_newcomers_find_room() -> None:
    line = Line(slots=2, places=(12, 1000))
    taken = Counter()
    for owner in ("mallory", "ada", "bia", "cid"):
        while line.refusal(task(owner=owner), []) is None:
            line.add(task(owner=owner))
            taken[owner] += 1
    assert taken["mallory"] == 6 and min(taken.values()) >= 1 and sum(taken.values()) <= 12
    assert "6 of your jobs" in line.refusal(task(owner="mallory"), [])
    assert line.refusal(task(True, owner="mallory"), []) is None
    running = [task(owner="eva"), task(owner="eva")]
    assert Line(slots=2, places=(4, 4)).refusal(task(owner="eva"), running) is not None


def test_large_requests_of_one_owner_leave_room_for_those_of_others() -> None:
    line = Line(slots=1, most_bytes=100)
    line.add(task(owner="mallory", size=30))
    assert "of your jobs" in line.refusal(task(owner="mallory", size=50), [])
    assert line.refusal(task(owner="ada", size=50), []) is None


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.sampled_from(OWNERS), st.booleans()),
        st.tuples(st.just("take"), st.booleans(), st.booleans()),
        st.tuples(st.just("end"), st.integers(0, 9), st.booleans()),
    ),
    max_size=120,
)


@given(st.integers(1, 5), EVENTS)
def test_every_task_starts_once_and_never_more_than_there_are_places(slots: int, events: list) -> None:
    line, running, came, began = Line(slots), [], [], []
    for what, which, background in events:
        if what == "come":
            came.append(task(background, owner=which))
            line.add(came[-1])
        elif what == "take" and (taken := line.take(running, False)):
            running.append(taken)
            began.append(taken)
        elif what == "end" and running:
            running.pop(which % len(running))
        assert len(running) <= slots + 1
        assert sum(task.background for task in running) <= slots
        assert sum(not task.background for task in running) <= slots
        assert len(line) == len(came) - len(began)
    began += served(line, len(came) + slots + 1)
    assert len(began) - len(running) <= len(came)
    for owner in OWNERS:
        for background in (False, True):
            mine = [each for each in came if (each.owner, each.background) == (owner, background)]
            assert [each for each in began if each in mine] == mine


@given(st.integers(1, 4), st.lists(st.tuples(st.sampled_from(OWNERS), st.booleans()), max_size=80), st.booleans())
def test_nobody_starves(slots: int, wanted: list, background: bool) -> None:
    line = Line(slots)
    for owner, kind in wanted:
        line.add(task(kind, owner=owner))
    mine = task(background, owner="eva")
    line.add(mine)
    order = served(line, len(wanted) + 1)
    before = order[: order.index(mine)]
    # At most one turn of each other owner, and as a background task, eight interactive ones for each of these.
    others = {each.owner for each in before}
    assert len(before) <= (len(others) + 1) * (PASSED + 1 if background else 1) + slots
