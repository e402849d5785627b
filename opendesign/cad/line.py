"""Keeps the jobs that wait for a slot, and says whose turn it is."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Task:
    """A job as the engine sees it: whom to answer, and what it may take (s); its contents stay closed.

    Of all tasks in one lane only the newest is wanted. A trial is a job of the self-test.
    """

    reply: Any
    request: int
    lane: str = ""
    background: bool = False
    trial: bool = False
    seconds: float = 60
    patience: float = 60
    tries: int = 0
    arrived: float = field(default_factory=time.monotonic)
    started: float = 0
    killed: float = 0
    why: str | None = None

    def is_late(self, now: float) -> bool:
        """Says whether a running task has used up its time."""
        return now > self.started + self.seconds


class Line:
    """The waiting tasks: interactive ones before background ones, each kind in order of arrival."""

    def __init__(self, slots: int):
        self.slots = slots
        self.interactive: deque[Task] = deque()
        self.background: deque[Task] = deque()

    def __len__(self) -> int:
        return len(self.interactive) + len(self.background)

    def waiting(self) -> list[Task]:
        """Returns the tasks in the order in which they would start on one slot."""
        return [*self.interactive, *self.background]

    def add(self, task: Task) -> None:
        """Puts a task at the end of its kind."""
        (self.background if task.background else self.interactive).append(task)

    def put_back(self, task: Task) -> None:
        """Puts a task whose parent died before it was done in front of its kind."""
        (self.background if task.background else self.interactive).appendleft(task)

    def remove(self, task: Task) -> None:
        """Takes a task out, if it is there."""
        for kind in (self.interactive, self.background):
            if task in kind:
                kind.remove(task)

    def take(self, running: list[Task], trials_only: bool) -> Task | None:
        """Takes the next task that may start beside the running ones.

        Background tasks leave the last slot to interactive ones, unless it is the only one.
        """
        if len(running) >= self.slots:
            return None
        for task in self.waiting():
            if trials_only and not task.trial:
                continue
            in_background = sum(other.background for other in running)
            if task.background and in_background >= max(1, self.slots - 1):
                continue
            self.remove(task)
            return task
        return None
