"""Sends files from the shelf: kept for ever by whoever got them, in parts where asked, packed where that is taken."""

from flask import Response, request, send_file

from opendesign.core.build import SANDBOX
from opendesign.core.output import media
from opendesign.web.visit import house

YEAR = 365 * 24 * 3600


def sent(key: str, name: str, called: str = "", public: bool = False, lasting: bool = True) -> Response:
    """Returns a file from the shelf; one that is `called` something is saved under that name rather than shown.

    public: caches on the way may keep it; lasting: its address never means anything else. Raises NotFound.
    """
    # A part of a packed file is of no use: whoever asks for one gets it of the plain file.
    accepted = (
        () if "Range" in request.headers else tuple(name for name, quality in request.accept_encodings if quality)
    )
    path, packing = house().shelf.served(key, name, accepted)
    response = send_file(
        path,
        mimetype=media(name),
        as_attachment=bool(called),
        download_name=called or name,
        etag=f"{key[:32]}-{name}{'-' if packing else ''}{packing}",
        max_age=YEAR if lasting else None,
        conditional=not packing,
    )
    if packing:
        response.headers["Content-Encoding"] = packing
        response.make_conditional(request)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.cache_control.public = public
    response.cache_control.private = None if public else True
    response.cache_control.immutable = lasting
    if not lasting:
        response.cache_control.no_cache = True
    return response
