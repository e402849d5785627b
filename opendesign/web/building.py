"""Says on every page when no part can be built, and why: the pages are served all the same."""

import time
from dataclasses import dataclass

from opendesign.web.visit import house, looking

KEPT = 5.0  # seconds that an answer of the engine is good for; asking takes 0.3 ms
STARTING = 20.0  # seconds in which an engine that does not answer may still be starting


@dataclass
class Answer:
    """What the engine said when it was asked last, and since when it has not answered (s of the monotonic clock)."""

    reason: str = ""
    asked: float = -KEPT
    silent: float | None = None


_answers: dict[str, Answer] = {}  # by the engine's address


def building_off() -> str:
    """Returns why nothing can be built now, empty while it can or the engine starts.

    All of it to who runs the service, the first sentence to others: the rest names paths of the machine.
    """
    answer = _answers.setdefault(str(house().engine.address), Answer())
    now = time.monotonic()
    if now > answer.asked + KEPT:
        ask(answer, now)
    person = looking().person
    return answer.reason if person is not None and person.admin else first_sentence(answer.reason)


def ask(answer: Answer, now: float) -> None:
    """Asks the engine."""
    status = house().engine.status()
    answer.asked = now
    if status["slots"]:
        answer.silent = None
    elif answer.silent is None:
        answer.silent = now
    silent = answer.silent is not None and now < answer.silent + STARTING
    answer.reason = status["reason"] if status["state"] == "closed" and not silent else ""


def first_sentence(text: str) -> str:
    """Returns a text up to its first full stop that ends a sentence."""
    head, stop, _ = text.partition(". ")
    return head + "." if stop else text
