"""The first page: designs to look at, found by words, licence and time."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, render_template
from flask_babel import gettext as _
from htmx_flask import request

from opendesign.records.design import at_the_top, licences_in_use, page_of, search_designs
from opendesign.web.cards import design_tiles
from opendesign.web.unchanged import while_unchanged
from opendesign.web.visit import house, looking

pages = Blueprint("explore", __name__)
SIZE = 24


@pages.get("/")
@while_unchanged
def explore() -> str:
    """Shows designs; forks are folded under the design they come from until somebody searches."""
    work = looking()
    asked = {name: request.args.get(name, "")[:200] for name in ("q", "licence", "sort")}
    page = page_number()
    query = search_designs(work.session, work.person, **asked)
    if not asked["q"].strip():
        query = query.where(at_the_top(work.person))
    designs, total = page_of(work.session, query, page, SIZE)
    return render_template(
        "explore/_results.html" if request.htmx and request.htmx.target == "results" else "explore/explore.html",
        asked=asked,
        designs=design_tiles(work, designs),
        total=total,
        page=page,
        pages=page_count(total, SIZE),
        href_of=paged("/", asked),
        licences=licences_in_use(work.session),
        sorts=[("moved", _("Recently changed")), ("new", _("Newest")), ("name", _("By name"))],
        demo=house().settings.demo,
    )


def page_number() -> int:
    """Returns the page asked for, from 1; anything odd means the first."""
    text = request.args.get("page", "1")
    return min(max(int(text), 1), 100_000) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def first_number() -> int:
    """Returns the number of the thing that a part of a list begins with, from 0; anything odd means the first."""
    text = request.args.get("from", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def page_count(total: int, size: int) -> int:
    """Returns how many pages so many things fill."""
    return max(1, -(-total // size))


def paged(address: str, asked: dict[str, str]) -> Callable[[int], str]:
    """Returns the function from a page's number to its address, with what was asked for kept."""
    kept = {name: value for name, value in asked.items() if value}

    def href_of(page: int) -> str:
        query = kept | ({"page": str(page)} if page > 1 else {})
        return f"{address}?{urlencode(query)}" if query else address

    return href_of
