"""What was found out about things that never change is remembered for a while, for all threads of a process."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Name = TypeVar("Name", bound=Hashable)
Found = TypeVar("Found")


class Remembered(Generic[Name, Found]):
    """Answers by name, anything but None: when there are more than `most`, those asked for least lately go.

    `weigh` says for how many an answer counts; one that is heavier than all may be is not kept.
    """

    def __init__(self, most: int, weigh: Callable[[Found], int] = lambda _found: 1):
        self._most = most
        self._weigh = weigh
        self._weight = 0
        self._found: OrderedDict[Name, Found] = OrderedDict()
        self._lock = Lock()

    def get(self, name: Name) -> Found | None:
        """Returns an answer, None where there is none any more, or yet."""
        with self._lock:
            if name in self._found:
                self._found.move_to_end(name)
            return self._found.get(name)

    def keep(self, name: Name, found: Found) -> Found:
        """Remembers an answer, and returns it."""
        with self._lock:
            self._drop(name)
            self._found[name] = found
            self._weight += self._weigh(found)
            while self._weight > self._most:
                self._drop(next(iter(self._found)))
        return found

    def find(self, name: Name, find: Callable[[], Found]) -> Found:
        """Returns an answer, found out now where it is not remembered; others may find out the same meanwhile."""
        found = self.get(name)
        return self.keep(name, find()) if found is None else found

    def forget(self, which: Callable[[Name], bool] = lambda _name: True) -> None:
        """Forgets the answers whose names are of this kind, by default all."""
        with self._lock:
            for name in [each for each in self._found if which(each)]:
                self._drop(name)

    def _drop(self, name: Name) -> None:
        if name in self._found:
            self._weight -= self._weigh(self._found.pop(name))
