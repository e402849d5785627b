"""Keeps the jobs that wait for a slot, and says whose turn it is."""

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

PASSED = 8  # interactive tasks that may pass waiting background ones in a row


@dataclass(eq=False)
class Task:
    """A job as the engine sees it: whom to answer, whose it is, and what it may take (s); its contents stay closed.

    Of all tasks in one lane only the newest is wanted. A trial is a job of the self-test. size: bytes of the request.
    `name` is what others ask for who want to know how far it is; `told` is what its client has heard of that.
    """

    reply: Any
    request: int
    owner: str = ""
    lane: str = ""
    name: str = ""
    background: bool = False
    trial: bool = False
    seconds: float = 60
    patience: float = 60
    size: int = 0
    tries: int = 0
    arrived: float = field(default_factory=time.monotonic)
    started: float = 0
    killed: float = 0
    why: str | None = None
    told: tuple = ()
    told_at: float = 0
    sighted: float = 0
    shown: bool = False

    def is_late(self, now: float) -> bool:
        """Says whether a running task has used up its time."""
        return now > self.started + self.seconds


class Turns:
    """Waiting tasks of one kind: owners take turns, and what one owner wants is done in order of arrival."""

    def __init__(self) -> None:
        self.tasks: dict[str, deque[Task]] = {}
        # When an owner was last served, or came: whoever comes later stands behind those who were passed over.
        self.turn: dict[str, int] = {}
        self.clock = 0

    def __len__(self) -> int:
        return sum(map(len, self.tasks.values()))

    def waiting(self) -> list[Task]:
        """Returns the tasks by arrival."""
        found = [task for tasks in self.tasks.values() for task in tasks]
        return sorted(found, key=lambda task: task.arrived)

    def add(self, task: Task) -> None:
        """Puts a task behind its owner's others."""
        self.turn.setdefault(task.owner, self.clock)
        self.tasks.setdefault(task.owner, deque()).append(task)

    def put_back(self, task: Task) -> None:
        """Puts a task before all others."""
        self.turn[task.owner] = -1
        self.tasks.setdefault(task.owner, deque()).appendleft(task)

    def remove(self, task: Task) -> None:
        """Takes a task out, if it is there."""
        tasks = self.tasks.get(task.owner, deque())
        if task in tasks:
            tasks.remove(task)
        if not tasks:
            self.tasks.pop(task.owner, None)
            self.turn.pop(task.owner, None)

    def take(self, busy: Counter[str], trials_only: bool) -> Task | None:
        """Takes a task of the owner who holds the fewest slots and, among these, has waited for a turn the longest."""
        heads = [next((t for t in tasks if t.trial or not trials_only), None) for tasks in self.tasks.values()]
        ready = [task for task in heads if task is not None]
        if not ready:
            return None
        task = min(ready, key=lambda task: (busy[task.owner], self.turn[task.owner], task.arrived))
        self.clock += 1
        self.turn[task.owner] = self.clock
        self.remove(task)
        return task


class Line:
    """The waiting tasks: interactive ones before background ones, owners in turn, each owner's in order of arrival."""

    def __init__(self, slots: int, places: tuple[int, int] = (1000, 1000), most_bytes: int = 1 << 30, express: int = 1):
        self.slots = slots
        # Places beside the slots for interactive tasks: background ones run at a lower priority and suffer little.
        self.express = express
        self.places = places
        self.most_bytes = most_bytes
        self.interactive = Turns()
        self.background = Turns()
        self.passed = 0

    def __len__(self) -> int:
        return len(self.interactive) + len(self.background)

    def waiting(self) -> list[Task]:
        """Returns the tasks, interactive ones first, by arrival."""
        return [*self.interactive.waiting(), *self.background.waiting()]

    def kind(self, task: Task) -> Turns:
        """Returns the tasks of one's kind."""
        return self.background if task.background else self.interactive

    def refusal(self, task: Task, running: list[Task]) -> str | None:
        """Returns why there is no place for a task, None if there is.

        Nobody may hold more than what is left for all others, in places as in bytes: one owner alone gets half of
        them, two get a third each, and a newcomer always finds some.
        """
        same = [*self.kind(task).waiting(), *(other for other in running if other.background == task.background)]
        own = sum(other.owner == task.owner for other in same)
        if own >= self.places[task.background] - len(same):
            return f"The CAD engine is busy: {own} of your jobs wait or run already, and others need room too."
        waiting = self.waiting()
        held = sum(other.size for other in waiting if other.owner == task.owner)
        if held + task.size > self.most_bytes - sum(other.size for other in waiting):
            return f"The CAD engine is busy: files of your jobs that wait take {held >> 20} MiB already."
        return None

    def add(self, task: Task) -> None:
        """Puts a task into its kind."""
        self.kind(task).add(task)

    def put_back(self, task: Task) -> None:
        """Puts a task whose parent died before it was done in front of its kind."""
        self.kind(task).put_back(task)

    def remove(self, task: Task) -> None:
        """Takes a task out, if it is there."""
        self.kind(task).remove(task)

    def take(self, running: list[Task], trials_only: bool) -> Task | None:
        """Takes the next task that may start beside the running ones.

        Background tasks may have every slot where there is an express place, and leave the last one free where there is
        none, unless it is the only one. When eight interactive tasks have passed them, one of theirs is next.
        """
        busy = Counter(task.owner for task in running if not task.killed)
        hurried = sum(not task.background for task in running)
        kinds = [self.interactive] if hurried < self.slots and len(running) < self.slots + self.express else []
        most = self.slots if self.express else max(1, self.slots - 1)
        if len(running) < self.slots and len(running) - hurried < most:
            kinds.insert(0 if self.passed >= PASSED else 1, self.background)
        for kind in kinds:
            task = kind.take(busy, trials_only)
            if task is not None:
                passing = self.background in kinds and len(self.background) > 0
                self.passed = 0 if task.background else self.passed + passing
                return task
        return None
