"""Comments as HTML: the page of a long conversation writes only what it has not written before."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from opendesign.web.bundles import asset
from opendesign.web.language import tag

LONGEST = 2_000  # characters of what is kept: at most a few MB for all
Facts = tuple[tuple[str, object], ...]


def articles(views: Iterable[Mapping[str, object]]) -> Iterator[Markup]:
    """Returns comments as the macro `threads.comment` writes them.

    Each is kept for each language, unless it is long, holds a form (whose token is the visitor's own) or a pin, which
    moves.
    """
    language, icons = tag(), asset("icons.svg")
    for view in views:
        if view.get("suggestion") or view.get("pin") or len(str(view["html"])) > LONGEST:
            yield _written(view)
        else:
            place = view.get("place")
            facts = {**view, "place": tuple(place.items())} if isinstance(place, dict) else view
            yield _kept(language, icons, tuple(facts.items()))


@lru_cache(maxsize=4096)
def _kept(_language: str, _icons: str, facts: Facts) -> Markup:
    return _written({name: dict(fact) if isinstance(fact, tuple) else fact for name, fact in facts})


def _written(view: Mapping[str, object]) -> Markup:
    return current_app.jinja_env.get_template("_macros/threads.html").module.comment(view)  # type: ignore[attr-defined]
