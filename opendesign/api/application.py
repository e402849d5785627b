"""The Flask application, with two rules of its own: refusals below /api are problems, odd ranges are not refused."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import RoutingException

from opendesign.api.problem import problem
from opendesign.core.byterange import is_one_stretch


class Application(Flask):
    """The web application.

    Pages keep Flask's way of telling errors. Below /api everything is a problem, also an address that leads nowhere,
    which no blueprint gets to see.
    """

    def tell(self, error: Exception) -> ResponseReturnValue:
        """Answers whatever was raised while a request was served."""
        if request.path.startswith("/api/") and not isinstance(error, RoutingException):
            return problem(error)
        return super().handle_user_exception(error)

    handle_user_exception = tell  # type: ignore[assignment]  # Flask's name for it


def pass_over_odd_ranges() -> None:
    """Takes a Range header off a request unless it asks for one stretch of bytes: Werkzeug would answer 416."""
    if not is_one_stretch(request.headers.get("Range", "")):
        request.environ.pop("HTTP_RANGE", None)
