"""Notices: what people are told that others did with their designs."""

from flask import Blueprint, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from opendesign.actions.notify import news_of, read_notices
from opendesign.records.notice import notices_to
from opendesign.web.prose import words
from opendesign.web.visit import entered, looking, writing

pages = Blueprint("notices", __name__)
LONGEST = 600  # characters of what somebody said that are read


@pages.get("/notices")
def notices() -> str:
    """Lists what the visitor was told, the newest first."""
    entered()
    work = looking()
    found = notices_to(work.session, work.person) if work.person else []
    told = zip(found, news_of(work, found), strict=True)
    shown = [(row, news.place, news.sentence(gettext), words(row.said[:LONGEST])) for row, news in told]
    return render_template("people/notices.html", notices=shown)


@pages.post("/notices/readings")
def read() -> Response:
    """Says that the visitor has read everything."""
    entered()
    with writing() as work:
        read_notices(work)
    return redirect("/notices", 303)
