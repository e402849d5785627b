"""Repositories elsewhere: a second house behind a real web server, whose designs git fetches over HTTP."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Thread
from wsgiref.types import WSGIApplication

from flask import Flask, Response
from houses import new_house
from werkzeug.serving import make_server

from opendesign.actions.house import House, Visitor
from opendesign.actions.pause import pause, resume
from opendesign.app import create_app

FIRST = Visitor(1)  # who came first is the operator


@contextmanager
def served(app) -> Iterator[str]:
    """The address of an application that answers on this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def house_elsewhere(folder: Path) -> Iterator[tuple[House, str]]:
    """A house of its own, and its address."""
    house = new_house(folder)
    with served(create_app(house)) as address:
        yield house, address
    house.database.close()


@contextmanager
def read_only(house: House, operator: Visitor = FIRST) -> Iterator[None]:
    """A house is read-only for a while."""
    make_read_only(house, operator)
    try:
        yield
    finally:
        with house.writing(operator) as work:
            resume(work)


def make_read_only(house: House, operator: Visitor = FIRST) -> None:
    """An operator makes a house read-only."""
    with house.writing(operator) as work:
        pause(work, "A larger disk.")


def meanwhile(there: House, act: Callable[[], None]) -> WSGIApplication:
    """An application that has all of a house, and acts once while a pack is asked for: it asks for refs twice first."""
    app, asked = create_app(there), count(1)

    def answer(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST" and next(asked) == 3:
            act()
        return app(environ, start_response)

    return answer


def redirecting(target: str) -> Flask:
    """An application that sends every request on to the same place below another address."""
    app = Flask("elsewhere")

    @app.route("/<path:place>")
    def away(place: str) -> Response:
        return Response(status=302, headers={"Location": f"{target}/{place}"})

    return app
