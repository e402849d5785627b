"""Repositories elsewhere: a second house behind a real web server, whose designs git fetches over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from flask import Flask, Response
from houses import new_house
from werkzeug.serving import make_server

from opendesign.actions.house import House
from opendesign.app import create_app


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


def redirecting(target: str) -> Flask:
    """An application that sends every request on to the same place below another address."""
    app = Flask("elsewhere")

    @app.route("/<path:place>")
    def away(place: str) -> Response:
        return Response(status=302, headers={"Location": f"{target}/{place}"})

    return app
