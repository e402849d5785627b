"""Signs of life: /healthz says that the process answers, /readyz that it can do its work."""

import os
from collections.abc import Callable

from flask import Blueprint, Response, jsonify

from opendesign.actions.house import House
from opendesign.web.visit import house

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> Response:
    """Says that the process answers."""
    return jsonify(status="alive")


@pages.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Asks the database, the queue, the shelf and the jail; 503 when one of them is missing."""
    told = {name: _ask(question) for name, question in QUESTIONS.items()}
    ready = all(answer == "ok" for answer in told.values())
    return jsonify(status="ready" if ready else "not ready", **told), 200 if ready else 503


def _ask(question: Callable[[House], str]) -> str:
    try:
        return question(house())
    except Exception as trouble:  # whatever the driver raises is the answer
        return f"{type(trouble).__name__}: {trouble}"[:300]


def _database(house: House) -> str:
    return "ok" if house.database.alive() else "no answer"


def _queue(house: House) -> str:
    house.queue.waiting()
    return "ok"


def _shelf(house: House) -> str:
    folder = house.settings.var
    return "ok" if os.access(folder, os.W_OK) else f"{folder} cannot be written to"


def _jail(house: House) -> str:
    status = house.engine.status()
    return "ok" if status["open"] else str(status["reason"] or status["state"])


QUESTIONS = {"database": _database, "queue": _queue, "shelf": _shelf, "jail": _jail}
