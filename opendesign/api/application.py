"""The Flask application, with one rule of its own: what is refused below /api is told as a problem."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import RoutingException

from opendesign.api.problem import problem


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
