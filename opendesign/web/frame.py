"""What stands around every page: the blueprints, the protection of forms, the headers, the words of the frame."""

import sys

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect
from htmx_flask import Htmx

from opendesign.actions.pause import need_running, paused
from opendesign.core.names import SHORTEST_PASSWORD
from opendesign.records.notice import unread_count
from opendesign.web import (
    about,
    account,
    admin,
    admin_people,
    adoptions,
    archives,
    builds,
    bundles,
    challenges,
    compare,
    credit,
    deeds,
    designs,
    editor,
    explore,
    exports,
    factor,
    family_chart,
    farewell,
    files,
    git,
    health,
    history,
    identities,
    imports,
    improvements,
    inspections,
    language,
    leaving,
    letters,
    lfs,
    lineage,
    locks,
    log,
    made,
    metrics,
    misfits,
    notices,
    pair,
    pairs,
    parts,
    people,
    presets,
    previews,
    proposals,
    pull,
    radar,
    refusals,
    releases,
    reports,
    review,
    revisions,
    search,
    settings,
    storage,
    threads,
    trials,
    verdicts,
    visits,
    wellknown,
)
from opendesign.web.building import building_off
from opendesign.web.visit import house, looking, stop_looking

PAGES = (
    git,
    lfs,
    locks,
    bundles,
    health,
    metrics,
    wellknown,
    language,
    explore,
    family_chart,
    about,
    account,
    factor,
    farewell,
    visits,
    storage,
    admin,
    admin_people,
    letters,
    identities,
    notices,
    reports,
    people,
    builds,
    designs,
    imports,
    parts,
    presets,
    history,
    exports,
    archives,
    releases,
    previews,
    files,
    editor,
    search,
    revisions,
    compare,
    trials,
    proposals,
    review,
    threads,
    misfits,
    verdicts,
    lineage,
    made,
    challenges,
    credit,
    adoptions,
    radar,
    improvements,
    inspections,
    pair,
    pairs,
    pull,
    leaving,
    settings,
    deeds,
)
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; form-action 'self'"
)
NEVER_ASKED = ("camera", "microphone", "geolocation", "payment", "usb", "serial", "browsing-topics")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{each}=()" for each in NEVER_ASKED),
}
SEALED = {"Strict-Transport-Security": "max-age=31536000"}  # a year, where the service is reached by https
KEPT = ("text/html", "application/json", "text/csv")
READS = ("GET", "HEAD", "OPTIONS")
ALWAYS = ("git", "language")
# git-lfs asks by POST what it may read, too
STILL = ("people.entered", "factor.proved", "people.leave", "account.strength", "lfs.batch")
FORM_BYTES = 8 << 20  # a source of 2 MiB (core/snapshot.py) grows up to threefold in a form
WITH_FILES = ("made.create", "made.change")  # forms that take photos, up to the setting body_bytes

LISTED_BYTES = 1 << 20  # of what git-lfs asks about; a thousand files are 120 KiB
FOR_GIT = ("git", "lfs", "locks")

SIGNED = ("letters.quieten",)  # its address is signed; mail programs post there, which have looked at no page

csrf = CSRFProtect()


def register(app: Flask) -> None:
    """Puts the pages into the application."""
    rooms = app.extensions["house"]
    app.config.update(
        MAX_CONTENT_LENGTH=rooms.settings.body_bytes,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    Htmx(app)
    csrf.init_app(app)
    language.speak(app)
    app.jinja_env.globals["asset"] = bundles.asset  # macros see globals only
    app.jinja_env.globals["shortest_password"] = SHORTEST_PASSWORD
    log.register(app)
    app.before_request(await_running)
    app.before_request(protect)
    app.after_request(guard)
    app.teardown_request(stop_looking)
    app.context_processor(frame)
    for module in PAGES:
        app.register_blueprint(module.pages)
    for pages in (reports.admin_pages, deeds.audit_pages):
        app.register_blueprint(pages)
    refusals.register(app)


def for_programs() -> bool:
    """Tells whether the request comes from git or a program, which carry their own credentials and no cookie."""
    return request.blueprint in FOR_GIT or request.path.startswith("/api/")


def await_running() -> None:
    """Refuses to write in read-only mode, but for entering, leaving and what ends it; git asks by itself."""
    if request.method in READS or request.blueprint in ALWAYS or request.endpoint in STILL:
        return
    if not request.path.startswith(("/admin/", "/api/v1/admin/")):
        need_running(house())


def protect() -> None:
    """Refuses forms that another site sent; git's pushes and the files of Git LFS have limits of their own."""
    if request.blueprint == "git" or request.endpoint == "lfs.upload":
        request.max_content_length = sys.maxsize  # None would mean the application's own limit (Flask 3.1)
    elif request.blueprint in FOR_GIT:
        request.max_content_length = LISTED_BYTES
    elif request.endpoint and not for_programs():
        request.max_content_length = house().settings.body_bytes if request.endpoint in WITH_FILES else FORM_BYTES
        if request.endpoint not in SIGNED:
            csrf.protect()


def guard(response: Response) -> Response:
    """Adds the headers that keep a page's content from doing what it should not, and private pages from being kept."""
    sealed = SEALED if house().settings.secure else {}
    for name, value in (HEADERS | sealed).items():
        response.headers.setdefault(name, value)
    if g.get("hidden") and response.mimetype in KEPT:
        response.headers["Cache-Control"] = "private, no-store"
    if request.path.startswith("/api/v1/") and (response.mimetype or "").endswith("json"):
        response.headers.setdefault("Content-Disposition", 'attachment; filename="api.json"')
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.add("Vary", "HX-Request")
    return response


def frame() -> dict[str, object]:
    """Returns what base.html and the macros of every page need."""
    person = None if g.get("broken") else looking().person
    return {
        "person": person,
        "unread": unread_count(looking().session, person) if person else 0,
        "building_off": "" if g.get("broken") else building_off(),
        "locale": language.tag(),
        "languages": language.offered(),
        "units": language.units(),
        "audit_days": house().settings.audit_days,
        "read_only": None if g.get("broken") else paused(house()),
        "operates": person is not None and person.admin,
    }
