"""The built style sheets, scripts, fonts and icons: names carry a hash of the content, so they are kept for ever."""

import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory
from werkzeug.exceptions import NotFound

pages = Blueprint("bundles", __name__)
FOLDER = Path(__file__).parent / "static"
YEAR = 365 * 24 * 3600


@lru_cache(maxsize=1)
def _manifest(_written: float) -> dict[str, str]:
    return json.loads((FOLDER / "manifest.json").read_text())


def asset(name: str) -> str:
    """Returns the address of a built file; raises KeyError for a name the build does not know."""
    return f"/static/{_manifest((FOLDER / 'manifest.json').stat().st_mtime)[name]}"


@pages.get("/static/<path:name>")
def bundle(name: str) -> Response:
    """Sends a built file, compressed when the browser takes that."""
    compressed = f"{name}.gz"
    if "gzip" in request.accept_encodings and (FOLDER / compressed).is_file():
        response = send_from_directory(FOLDER, compressed, mimetype=_type(name), max_age=YEAR)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_from_directory(FOLDER, name, mimetype=_type(name), max_age=YEAR)
    response.cache_control.immutable = True
    response.headers["Vary"] = "Accept-Encoding"
    return response


@pages.get("/favicon.ico")
def favicon() -> Response:
    """Sends the logo to browsers that ask for it by habit."""
    return bundle(asset("logo.svg").removeprefix("/static/"))


def _type(name: str) -> str:
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "woff2": "font/woff2"}
    types |= {"json": "application/json", "map": "application/json"}
    try:
        return types[name.rpartition(".")[2]]
    except KeyError:
        raise NotFound() from None
