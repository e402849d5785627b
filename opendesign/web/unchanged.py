"""Pages that strangers look at are made once and shown again while nothing changes.

Whatever a page shows comes from the records, or from git as the records know it; the few things that do not (whether
the engine builds, whether the service is read-only) are asked each time. A deadline may pass meanwhile, so that no page
is kept for long. A view whose page shows more than that returns a response instead of a text, which is not kept.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import session
from flask_wtf.csrf import generate_csrf
from htmx_flask import request

from opendesign.actions.pause import paused
from opendesign.core.remembered import Remembered
from opendesign.web.building import building_off
from opendesign.web.language import tag, units
from opendesign.web.visit import SECRET, house

Places = ParamSpec("Places")
Page = TypeVar("Page")
MOST = 32 << 20  # bytes of text that a process keeps; a page has 16,000
KEPT = 30.0  # seconds
TOKEN = "\0token\0"  # stands where each visitor's own token goes
FLASHES = "_flashes"  # where Flask keeps what is said once

_pages = Remembered[tuple, tuple[float, str]](MOST, lambda kept: len(kept[1]))


def while_unchanged(view: Callable[Places, Page]) -> Callable[Places, Page | str]:
    """Has a page of a GET made once for all strangers who ask for the same in the same language and units."""

    @wraps(view)
    def shown(*args: Places.args, **places: Places.kwargs) -> Page | str:
        if session.get(SECRET) or FLASHES in session or request.htmx:
            return view(*args, **places)
        standing = (house().database.version(), building_off(), paused(house()))
        name = (request.url, tag(), units(), *standing)
        made, text = _pages.get(name) or (0.0, "")
        if made and time.monotonic() < made + KEPT:
            return text.replace(TOKEN, generate_csrf())
        page = view(*args, **places)
        if isinstance(page, str):
            _pages.keep(name, (time.monotonic(), page.replace(generate_csrf(), TOKEN)))
        return page

    return shown
