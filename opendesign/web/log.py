"""What is told of each request: its name in the answer, a line in the log, and the metrics."""

import logging
import time

from flask import Flask, Response, g, request

from opendesign.core.log import forget, note
from opendesign.web.metrics import observe
from opendesign.web.visit import request_id

log = logging.getLogger("opendesign.access")
QUIET = ("bundles", "health")  # asked all the time, and of no interest while they answer


def register(app: Flask) -> None:
    """Tells of every request of the application."""
    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(over)


def begin() -> None:
    """Starts the clock, and names the request in every line of the log until it is over."""
    g.began = time.perf_counter()
    note(request=request_id())


def end(response: Response) -> Response:
    """Counts the request, names it in the answer, and writes its line: never its address, which may hold names."""
    response.headers["X-Request-Id"] = request_id()
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    route = request.url_rule.rule if request.url_rule else "none"
    observe(route, request.method, response.status_code, seconds)
    if request.blueprint not in QUIET or response.status_code >= 400:
        told = {"method": request.method, "route": route, "status": response.status_code}
        told |= {"ms": round(seconds * 1000, 1), "person": person_id() or ""}
        log.info("request", extra={name: value for name, value in told.items() if value != ""})
    return response


def person_id() -> int | None:
    """Returns the number of who asked, as far as anybody has found out."""
    known = g.get("api_visitor") or g.get("visitor")
    return known.person_id if known else g.get("git_person")


def over(_error: BaseException | None = None) -> None:
    """Ends naming the request: this thread takes another."""
    forget()
