"""The Flask application, with one rule of its own: what is refused below /api is told as a problem."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import RoutingException

from opendesign.api.problem import problem


class Application(Flask):
    """The web application. Pages keep Flask's way of telling errors; routing errors below /api take ours too,

    which a blueprint cannot have.
    """

    def handle_user_exception(self, e: Exception) -> ResponseReturnValue:
        """Answers whatever was raised while a request was served."""
        if request.path.startswith("/api/") and not isinstance(e, RoutingException):
            return problem(e)
        return super().handle_user_exception(e)
