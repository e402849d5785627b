"""The waiting line of the engine: whose turn it is."""

from opendesign.cad.line import Line, Task


def task(background: bool = False, trial: bool = False) -> Task:
    return Task(reply=None, request=-1, background=background, trial=trial)


def test_interactive_tasks_pass_background_ones() -> None:
    line = Line(slots=2)
    slow, quick = task(background=True), task()
    line.add(slow)
    line.add(quick)
    assert [line.take([], False), line.take([quick], False)] == [quick, slow]


def test_background_tasks_leave_the_last_slot_free() -> None:
    line = Line(slots=2)
    first, second, quick = task(background=True), task(background=True), task()
    line.add(first)
    line.add(second)
    assert line.take([], False) is first
    assert line.take([first], False) is None
    line.add(quick)
    assert line.take([first], False) is quick
    assert line.take([first, quick], False) is None
    assert line.take([quick], False) is second


def test_the_only_slot_serves_background_tasks_too() -> None:
    line = Line(slots=1)
    only = task(background=True)
    line.add(only)
    assert line.take([], False) is only


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
