"""The reference page of the API, and the document it is rendered from."""

import hashlib
import json

from flask import render_template, request
from werkzeug.wrappers import Response

from opendesign.api.document import document
from opendesign.api.problem import WORDS
from opendesign.api.visit import public_url


def openapi() -> Response:
    """Answers the OpenAPI document."""
    body = json.dumps(document()).encode()
    answer = Response(body, content_type="application/json", headers={"Cache-Control": "no-cache"})
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    return answer.make_conditional(request)


def page() -> str:
    """Shows the reference."""
    return render_template("api/reference.html", document=document(), problems=problems(), address=public_url())


def problems() -> list[tuple[int, str]]:
    """Returns (status, word) of every kind of problem, as `type` names them."""
    return sorted(WORDS.items())
