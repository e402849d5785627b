"""The JSON API under /api/v1, its OpenAPI document, and the reference page at /api."""

import re

from flask import Blueprint, Flask

from opendesign.api import (
    about,
    accounts,
    admin,
    adoptions,
    archives,
    bisections,
    branches,
    builds,
    challenges,
    checks,
    comparisons,
    credit,
    designs,
    family,
    files,
    history,
    imports,
    improvements,
    inspections,
    letters,
    lineage,
    made,
    members,
    merges,
    mirrors,
    notices,
    parts,
    people,
    photos,
    pictures,
    presets,
    proposals,
    provenance,
    radar,
    reference,
    releases,
    reviews,
    revisions,
    search,
    stock,
    storage,
    takedowns,
    tokens,
    trials,
)
from opendesign.api.application import Application, pass_over_odd_ranges
from opendesign.api.document import document
from opendesign.api.operation import OPERATIONS
from opendesign.api.serving import serve

__all__ = ["document", "new_app", "register"]

# Importing a module declares its operations; this is their order in the document.
NOUNS = [
    *(
        people,
        letters,
        tokens,
        designs,
        imports,
        mirrors,
        members,
        files,
        branches,
        revisions,
        search,
        parts,
        history,
        bisections,
        presets,
        builds,
    ),
    *(archives, releases, comparisons, trials, proposals, reviews, merges, checks, inspections, pictures),
    *(lineage, family, radar, improvements, adoptions, credit, provenance, challenges, made, photos),
    *(notices, storage, admin, stock, accounts, takedowns),
    about,
]
OPERATIONS.sort(key=lambda each: [noun.__name__.rpartition(".")[2] for noun in NOUNS].index(each.tag))
NUMBER = "int(max=2147483647)"
CONVERTERS = {
    "number": NUMBER,
    "token": NUMBER,
    "comment": NUMBER,
    "challenge": NUMBER,
    "made": NUMBER,
    "adoption": NUMBER,
    "arrival": NUMBER,
    "report": NUMBER,
    "job": NUMBER,
    "path": "path",
    "range": "path",
    "branch": "path",
    "tag": "path",
    "sha": "path",
}


def new_app(**options: str | None) -> Flask:
    """Returns a Flask application whose refusals below /api are problems; `options` are Flask's own."""
    app = Application("opendesign", **options)  # type: ignore[arg-type]
    app.before_request(pass_over_odd_ranges)
    return app


def register(app: Flask) -> None:
    """Puts the API into the application."""
    api = Blueprint("api", __name__, url_prefix="/api/v1")
    for operation in OPERATIONS:
        view = serve(operation)
        api.add_url_rule(rule(operation.path), view.__name__, view, methods=[operation.method])
    api.add_url_rule("/openapi.json", "openapi", reference.openapi)
    app.register_blueprint(api)
    app.add_url_rule("/api", "reference", reference.page)


def rule(path: str) -> str:
    """Returns Flask's form of an address; a branch and a path behind it are told apart later."""
    path = path.replace("{ref}/{path}", "<path:place>")
    return re.sub(r"{(\w+)}", lambda found: f"<{CONVERTERS.get(found[1], 'string')}:{found[1]}>", path)
