"""The language and the units a visitor reads in: chosen, or as the browser asks."""

from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from flask import Blueprint, Flask, g, redirect, request, session
from flask_babel import Babel, format_date, format_datetime, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.wrappers import Response

from opendesign.actions.change_person import remember_language
from opendesign.actions.pause import paused
from opendesign.core.language import CATALOGUES, NAMES, TAGS
from opendesign.web.visit import house, looking, writing

pages = Blueprint("language", __name__)
babel = Babel()
UNITS = ("mm", "inch")


@cache
def offered() -> list[tuple[str, str]]:
    """Returns (tag, own name) of the languages there is a catalogue of; English needs none."""
    catalogues = Path(CATALOGUES)
    there = [n for n in NAMES if n == "en" or (catalogues / n / "LC_MESSAGES" / "messages.mo").is_file()]
    return [(name, NAMES[name]) for name in there]


def chosen() -> str:
    """Returns the locale of this request: the visitor's choice, else the nearest the browser accepts."""
    names = [name for name, _ in offered()]
    if session.get("language") in names:
        return session["language"]
    tags = [spoken for spoken, name in TAGS.items() if name in names]
    return TAGS[request.accept_languages.best_match(tags) or "en"]


def tag() -> str:
    """Returns the locale as HTML writes it: `pt-BR`."""
    return str(get_locale() or "en").replace("_", "-")


def units() -> str:
    """Returns `mm` or `inch`, as the visitor chose."""
    return "inch" if session.get("units") == "inch" else "mm"


def speak(app: Flask) -> None:
    """Lets the application speak the visitor's language; days and times are put into words once for each locale."""
    babel.init_app(app, locale_selector=chosen, default_translation_directories=CATALOGUES)
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = _translated
    app.jinja_env.filters["dateformat"] = lambda day, style: _day(day, style, get_locale())
    app.jinja_env.filters["datetimeformat"] = lambda moment, style: _moment(moment, style, get_locale())


@pass_eval_context
def _translated(context: EvalContext, text: str, **values: object) -> str:
    """Does what Jinja's and Babel's own `gettext` do, which look for the catalogue again for each of 300 words."""
    if "words" not in g:
        g.words = get_translations()
    said = g.words.ugettext(text)
    if context.autoescape:
        said = Markup(said)
    return said % values if "%" in said else said


# Babel takes 0.3 ms for each; the page of a long conversation shows hundreds.
@lru_cache(maxsize=4096)
def _day(day: date, style: str, _locale: Locale | None) -> str:
    return format_date(day, style)


@lru_cache(maxsize=4096)
def _moment(moment: date, style: str, _locale: Locale | None) -> str:
    return format_datetime(moment, style)


def choose(language: str | None, units: str | None = None) -> None:
    """Keeps what the visitor chose; unknown words change nothing."""
    session.permanent = True
    if language in NAMES:
        session["language"] = language
    if units in UNITS:
        session["units"] = units


def local(address: str | None, otherwise: str = "/") -> str:
    """Returns an address of this site, or `otherwise` when it might lead elsewhere."""
    address = address or ""
    path = address.removeprefix(request.host_url.rstrip("/"))
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path.rstrip("?") or otherwise if safe and "\\" not in path else otherwise


@pages.post("/language")
def language() -> Response:
    """Changes the language and returns to the page."""
    choose(request.form.get("language"))
    if looking().person is not None and paused(house()) is None:
        with writing() as work:
            remember_language(work, chosen())
    return redirect(local(request.form.get("next")), 303)
