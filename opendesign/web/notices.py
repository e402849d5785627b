"""Notices: what people are told that others did with their designs."""

from flask import Blueprint, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from opendesign.actions.mail_notices import notice_facts
from opendesign.actions.notify import read_notices
from opendesign.core.digest import sentence
from opendesign.records.notice import notices_to
from opendesign.records.proposal import numbers_of
from opendesign.web.visit import entered, looking, writing

pages = Blueprint("notices", __name__)


@pages.get("/notices")
def notices() -> str:
    """Lists what the visitor was told, the newest first."""
    entered()
    work = looking()
    found = notices_to(work.session, work.person) if work.person else []
    numbers = numbers_of(work.session, {each.proposal_id for each in found})
    sentences = {each.id: sentence(each.kind, notice_facts(each, numbers), gettext) for each in found}
    return render_template("people/notices.html", notices=found, numbers=numbers, sentences=sentences)


@pages.post("/notices/readings")
def read() -> Response:
    """Says that the visitor has read everything."""
    entered()
    with writing() as work:
        read_notices(work)
    return redirect("/notices", 303)
