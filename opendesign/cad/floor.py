"""The shop floor: which task runs in which jailed child, how long, and what becomes of it."""

import contextlib
import os
import selectors
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from opendesign.cad import outcome
from opendesign.cad.hearth import Hearth
from opendesign.cad.inside.jail import board, nursery
from opendesign.cad.line import Line, Task
from opendesign.cad.options import EngineOptions
from opendesign.cad.parent import Idle, WarmParent

SILENCE_SECONDS = 5
MOST_TRIES = 2
UNDISTURBED = 1.0  # seconds for which a job that has just begun has the memory of the machine for itself
BREATH = 0.05  # seconds for which whoever gets an answer has its processors


@dataclass(eq=False)
class Run:
    """A task in a child; `done` is when the child said that all is written (s), 0 before."""

    task: Task
    parent: WarmParent
    idle: Idle
    done: float = 0


class Floor:
    """The line, the runs and the hearth of one engine.

    `on_end(task, answer, descriptors)` hears of every task's end, exactly once; `warning` goes into every log.
    """

    def __init__(
        self,
        address: Path,
        options: EngineOptions,
        selector: selectors.BaseSelector,
        on_end: Callable[[Task, dict, list[int]], None],
    ):
        self.options = options
        self.selector = selector
        self.on_end = on_end
        self.hearth = Hearth(address, options, selector, self.hear, self.rescue)
        places = (options.interactive_places, options.background_places)
        self.line = Line(options.slots, places, options.waiting, options.express)
        self.runs: list[Run] = []
        self.eased = 0.0  # since when a child may be roused
        self.trials_only = True
        self.warning = ""

    def add(self, task: Task) -> None:
        """Queues a task in place of older ones in its lane, or refuses it."""
        for older in [*self.line.waiting(), *(run.task for run in self.runs)]:
            if task.lane and (older.owner, older.lane) == (task.owner, task.lane):
                self.cancel(older)
        refusal = self.refusal(task)
        if refusal:
            self.on_end(task, refusal, [])
            return
        self.line.add(task)
        self.dispatch()

    def refusal(self, task: Task) -> dict | None:
        """Returns the answer to a task that cannot be taken."""
        if task.size > self.options.request:
            most = self.options.request >> 20
            return {"answer": "invalid", "reason": f"The files that the script may read exceed {most} MiB."}
        crowded = self.line.refusal(task, [run.task for run in self.runs])
        return {"answer": "off", "reason": crowded} if crowded else None

    def tend(self, now: float) -> None:
        """Does what time makes due."""
        self.hearth.tend(now)
        for run in list(self.runs):
            if not run.task.killed and run.task.is_late(now):
                self.kill(run, "time")
            elif run.task.killed and now > run.task.killed + SILENCE_SECONDS and run in self.runs:
                self.hearth.lose(run.parent, f"silent for {SILENCE_SECONDS} s")
        for task in self.line.waiting():
            if now > task.arrived + task.patience:
                reason = f"The CAD engine is busy: the job has waited {task.patience:.0f} s for its turn."
                self.turn_away(task, {"answer": "off", "reason": reason})
        self.dispatch()
        if self.hearth.current and now > self.eased:
            self.hearth.current.rouse()

    def is_busy(self) -> bool:
        """Says whether something will be due within moments: a task, or a child to rouse."""
        idle = self.hearth.current.idle if self.hearth.current else None
        return bool(self.runs or len(self.line) or (idle and not idle[0].roused))

    def dispatch(self) -> None:
        """Starts waiting tasks while there are slots and children for them."""
        while self.hearth.current and self.hearth.current.idle:
            task = self.line.take([run.task for run in self.runs], self.trials_only)
            if task is None:
                break
            self.begin(task, self.hearth.current)

    def begin(self, task: Task, parent: WarmParent) -> None:
        """Copies a task's request to an idle child and lets it start."""
        run = Run(task, parent, parent.idle.popleft())
        size, place = os.fstat(task.request).st_size, 0
        while place < size:
            place += os.sendfile(run.idle.request, task.request, place, size - place)
        task.started = time.monotonic()
        self.eased = task.started + UNDISTURBED
        task.tries += 1
        self.runs.append(run)
        parent.running[run.idle.number] = run
        self.selector.register(run.idle.word, selectors.EVENT_READ, lambda _: self.believe(run))
        # A parent that just died is noticed, and its runs rescued, when its socket is read.
        with contextlib.suppress(OSError):
            parent.start(run.idle, task.background)

    def kill(self, run: Run, why: str) -> None:
        """Ends a running task."""
        run.task.why = run.task.why or why
        run.task.killed = time.monotonic()
        with contextlib.suppress(OSError):
            run.parent.kill(run.idle.number)

    def cancel(self, task: Task, why: str = "cancelled") -> None:
        """Withdraws a task: nobody wants it any more ("cancelled"), or somebody has said so ("stopped")."""
        if task in self.line.waiting():
            self.turn_away(task, {"answer": why})
        for run in [run for run in self.runs if run.task is task]:
            self.kill(run, why)

    def unanswered(self) -> list[Run]:
        """Returns the runs whose clients still wait; the others only have to be cleared up after."""
        return [run for run in self.runs if not run.done]

    def called(self, name: str) -> list[Task]:
        """Returns the tasks of a name, running ones first."""
        return [
            task
            for task in [*(run.task for run in self.unanswered()), *self.line.waiting()]
            if name and task.name == name
        ]

    def progress(self, now: float) -> dict[Task, dict]:
        """Returns how far each task is: its stage, seconds since it began to run, and how many start before it."""
        found = {
            task: {"stage": "waiting", "seconds": 0.0, "before": place, "sight": ""}
            for place, task in enumerate(self.line.waiting())
        }
        for run in self.unanswered():
            stage, sight = board.read(run.idle.board)
            found[run.task] = {"stage": stage, "seconds": now - run.task.started, "before": 0, "sight": sight}
        return found

    def words_of(self, task: Task) -> str:
        """Returns the last of what a running task has printed so far."""
        for run in [run for run in self.runs if run.task is task]:
            return outcome.last_words(run.idle.log)
        return ""

    def output_of(self, task: Task) -> int | None:
        """Returns the descriptor of a running task's output, to be read with distrust."""
        return next((run.idle.output for run in self.runs if run.task is task), None)

    def hear(self, parent: WarmParent, word: dict) -> None:
        """Takes a parent's news: a child that waits, or one that has ended."""
        if word["event"] == "exit":
            run = parent.running.pop(word["child"], None)
            if run:
                self.finish(run, word)
            for idle in [idle for idle in parent.idle if idle.number == word["child"]]:
                parent.idle.remove(idle)
                idle.close()
        self.dispatch()

    def believe(self, run: Run) -> None:
        """Answers for a run whose child says that all is written, and ends the child, whatever it would do next.

        A word before its time makes what has been written the result. The slot stays taken until the child is gone.
        """
        if run not in self.runs:
            return  # its end was heard of in the same round
        self.selector.unregister(run.idle.word)
        if os.read(run.idle.word, 1) == nursery.DONE and not run.task.killed:
            run.done = time.monotonic()
            self.kill(run, "done")
            self.answer(run, {"code": 0, "why": None, "cpu": 0.0})

    def rescue(self, parent: WarmParent) -> None:
        """Queues the innocent tasks of a dead parent once more, and finishes the others."""
        for run in list(parent.running.values()):
            if run.task.why is None and run.task.tries < MOST_TRIES:
                self.forget(run)
                self.line.put_back(run.task)
            else:
                self.finish(run, {"code": -int(signal.SIGKILL), "why": None, "cpu": 0.0})
        parent.running.clear()

    def finish(self, run: Run, ending: dict) -> None:
        """Answers for a run that has ended, unless that is done already, and forgets it."""
        if not run.done:
            self.answer(run, ending)
        self.forget(run)

    def forget(self, run: Run) -> None:
        """Gives up a run's slot and descriptors."""
        self.runs.remove(run)
        if not self.runs:
            self.eased = time.monotonic() + BREATH
        if run.idle.word in self.selector.get_map():
            self.selector.unregister(run.idle.word)
        run.idle.close()

    def answer(self, run: Run, ending: dict) -> None:
        """Reports how a run ended and what it wrote."""
        task = run.task
        answer = {
            "answer": "done",
            "code": ending["code"],
            "why": ending["why"] if run.done else task.why or ending["why"],
            "cpu": ending["cpu"],
            "waited": task.started - task.arrived,
            "seconds": time.monotonic() - task.started,
            "allowed": task.seconds,
            "warning": self.warning,
            "most": self.options.output,
            "most_cpu": self.options.cpu_seconds,
            "longest_log": self.options.log,
        }
        self.on_end(task, answer, [run.idle.output, run.idle.log])

    def turn_away(self, task: Task, answer: dict) -> None:
        """Takes a task out of the line unserved."""
        self.line.remove(task)
        self.on_end(task, answer, [])

    def end(self) -> None:
        """Ends every process."""
        self.hearth.end()
        for run in self.runs:
            run.idle.close()
