"""Sends files from the shelf to programs: kept for ever, in parts where asked, packed where that is taken."""

from flask import request, send_file
from werkzeug.wrappers import Response

from opendesign.actions.house import Work
from opendesign.core.build import SANDBOX
from opendesign.core.output import kind, media

YEAR = 365 * 24 * 3600
SHOWN = ("png", "png-large", "viewer", "overlay", "svg")  # what a browser may open in place of saving it


def sent_file(work: Work, key: str, name: str, called: str, open_to_all: bool) -> Response:
    """Returns a file from the shelf, to be kept for ever by whoever may see it. Raises NotFound."""
    # A part of a packed file is of no use: whoever asks for one gets it of the plain file.
    accepted = (
        () if "Range" in request.headers else tuple(name for name, quality in request.accept_encodings if quality)
    )
    path, packing = work.house.shelf.served(key, name, accepted)
    answer = send_file(
        path,
        mimetype=media(name),
        as_attachment=kind(name) not in SHOWN,
        download_name=called,
        etag=f"{key[:32]}-{name}{'-' if packing else ''}{packing}",
        max_age=YEAR,
        conditional=not packing,
    )
    if packing:
        answer.headers["Content-Encoding"] = packing
        answer.make_conditional(request)
    answer.headers["Cache-Control"] = f"{'public' if open_to_all else 'private'}, max-age={YEAR}, immutable"
    answer.headers["Vary"] = "Authorization, Accept-Encoding"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
