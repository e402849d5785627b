"""What people made, as pages show it: a card in a list, and a page of its own."""

from flask import render_template
from flask_babel import gettext as _

from opendesign.actions.house import Work, ground
from opendesign.actions.judge_made import Judged, judge_made, offs
from opendesign.actions.tell_made import is_maker
from opendesign.actions.vouch import may_speak
from opendesign.core.access import may_withdraw
from opendesign.core.value import plain
from opendesign.records.made import Made, vouch_by
from opendesign.web.cards import part_address
from opendesign.web.heading import heading
from opendesign.web.made_form import result_words
from opendesign.web.prose import prose

Shown = dict[str, object]
STATES = {"worked": "passed", "changed": "warning", "failed": "failed"}  # whose colours and icons a result has


def card(judged: Judged) -> Shown:
    """Returns a thing as a list shows it."""
    row = judged.made
    base = f"/{row.design.path}"
    photo = row.photos[0] if row.photos else None
    return {
        "row": row,
        "href": f"{base}/made/{row.number}",
        "photo": f"{base}/made/{row.number}/photos/{photo.digest}-small.jpg" if photo else "",
        "by": maker(row),
        "result": result_words()[row.result],
        "result_state": STATES[row.result],
        "state": judged.state,
        "settings": settings_told(row),
        "confirmed": sum(each.word == "confirmed" for each in judged.words),
        "doubted": sum(each.word == "doubted" for each in judged.words),
    }


def maker(row: Made) -> str:
    """Returns what to call whoever made a thing."""
    return row.person.shown_name if row.person else _("somebody who left")


def settings_told(row: Made) -> list[tuple[str, str]]:
    """Returns the values a part was made with, where they were not its own."""
    return [(name, plain(value)) for name, value in row.settings.items()]


def made_page(work: Work, row: Made, problem: str = "") -> str:
    """Returns the page of a thing that somebody made."""
    judged = judge_made(work, [row], [row.design_id])[0]
    counted = {each.person for each in judged.words}
    readings, building = offs(work, row)
    own = vouch_by(row, work.person) if work.person else None
    base = f"/{row.design.path}"
    return render_template(
        "made/thing.html",
        shown=card(judged),
        row=row,
        note=prose(row.note, f"{base}/files/{row.sha}") if row.note else None,
        part_href=part_address(row.design, row.part, row.sha, _values(row)) if row.part else "",
        photos=[(f"{base}/made/{row.number}/photos/{each.digest}", each) for each in row.photos],
        readings=readings,
        building=building in ("wanted", "making"),
        said=[(each, each.person_id in counted) for each in row.vouches],
        own=own,
        is_own=is_maker(work, row),
        may_speak=may_speak(work, row),
        may_withdraw=may_withdraw(work.actor, ground(row.design), row.person_id),
        problem=problem,
        **heading(work, row.design, "design"),
    )


def _values(row: Made) -> dict[str, object]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.settings.items()}
