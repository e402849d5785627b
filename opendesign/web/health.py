"""Signs of life: /healthz says that the process answers, /readyz that it can do its work."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait

from flask import Blueprint, Response, jsonify

from opendesign.actions.house import House
from opendesign.web.building import first_sentence
from opendesign.web.visit import house

log = logging.getLogger(__name__)
pages = Blueprint("health", __name__)
LIMIT = 2.0  # seconds that each has to answer; all are asked at once

_asked: dict[tuple[str, str], Future[str]] = {}  # by house and name: what has not answered is not asked again


@pages.get("/healthz")
def healthz() -> Response:
    """Says that the process answers."""
    return jsonify(status="alive")


@pages.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Asks the database, the queue, the shelf and the jail; 503 when one of them is missing or silent."""
    rooms = house()
    answers = {name: _ask(rooms, name, question) for name, question in QUESTIONS.items()}
    wait(answers.values(), LIMIT)
    told = {name: _told(rooms, name, answer) for name, answer in answers.items()}
    ready = all(answer == "ok" for answer in told.values())
    return jsonify(status="ready" if ready else "not ready", **told), 200 if ready else 503


def _ask(rooms: House, name: str, question: Callable[[House], str]) -> Future[str]:
    """Asks in a thread of its own: a disk that hangs cannot be interrupted, only left alone."""
    place = (str(rooms.settings.root), name)
    earlier = _asked.get(place)
    if earlier is not None and not earlier.done():
        return earlier
    answer: Future[str] = Future()
    _asked[place] = answer

    def asking() -> None:
        try:
            answer.set_result(question(rooms))
        except Exception as trouble:  # its words may name machines and people: they are for the log
            log.warning("The %s is not ready: %s", name, trouble)
            answer.set_result(type(trouble).__name__)

    threading.Thread(target=asking, name=f"ready-{name}", daemon=True).start()
    return answer


def _told(rooms: House, name: str, answer: Future[str]) -> str:
    if not answer.done():
        return f"no answer within {LIMIT:g} s"
    _asked.pop((str(rooms.settings.root), name), None)
    return answer.result()


def _database(rooms: House) -> str:
    return "ok" if rooms.database.alive() else "no answer"


def _queue(rooms: House) -> str:
    rooms.queue.waiting()
    return "ok"


def _shelf(rooms: House) -> str:
    rooms.shelf.ask()
    return "ok"


def _jail(rooms: House) -> str:
    status = rooms.engine.status()
    return "ok" if status["open"] else first_sentence(str(status["reason"] or status["state"]))


QUESTIONS = {"database": _database, "queue": _queue, "shelf": _shelf, "jail": _jail}
