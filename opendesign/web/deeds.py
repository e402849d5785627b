"""What people did, in words: the record of deeds for operators, and of one design for its owners."""

import csv
import io
import json
from collections.abc import Iterable, Mapping

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from opendesign.records.deed import Deed, add_deed, deeds
from opendesign.records.design import page_of
from opendesign.web.explore import page_count, page_number, paged
from opendesign.web.heading import heading
from opendesign.web.operators import operators_only
from opendesign.web.visit import entered, find_design, looking, writing

pages = Blueprint("deeds", __name__)
audit_pages = operators_only("audit")
SIZE = 50
MOST = 100_000  # in one file
FILTERS = ("person", "verb", "subject")
COLUMNS = ("at", "person", "address", "verb", "subject", "detail", "request")


@audit_pages.get("/admin/audit")
def audit() -> str:
    """Shows operators who did what, newest first, as far as it is asked for."""
    work, asked, page = looking(), _asked(), page_number()
    rows, total = page_of(work.session, deeds(None, **asked), page, SIZE)
    words = {"asked": asked, "verbs": sorted(verb_words().items(), key=lambda each: each[1])}
    return render_template(
        "admin/audit.html", place="audit", **_listed(rows, total, page, "/admin/audit", asked), **words
    )


@audit_pages.get("/admin/audit.csv")
def audit_file() -> Response:
    """Sends what is asked for as a table."""
    with writing() as work:
        rows = list(work.session.scalars(deeds(None, **_asked()).limit(MOST)))
        add_deed(work.session, "audit.exported", detail=_asked())
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(table(rows), content_type="text/csv; charset=utf-8", headers=headers)


@pages.get("/<owner>/<design>/settings/audit")
def of_design(owner: str, design: str) -> str:
    """Shows a design's owners who did what to it."""
    entered()
    work, page = looking(), page_number()
    row = find_design(work, owner, design, "settings")
    rows, total = page_of(work.session, deeds(row.id), page, SIZE)
    shown = _listed(rows, total, page, f"/{row.path}/settings/audit", {})
    return render_template("settings/audit.html", **shown, **heading(work, row, "settings"))


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:200] for name in FILTERS}


def _listed(rows: list[Deed], total: int, page: int, address: str, asked: dict[str, str]) -> dict[str, object]:
    shown = [(deed, _words(deed), told(deed.detail)) for deed in rows]
    pages_ = page_count(total, SIZE)
    return {"deeds": shown, "total": total, "page": page, "pages": pages_, "href_of": paged(address, asked)}


def table(rows: Iterable[Deed]) -> str:
    """Returns deeds as CSV; no cell begins with what a spreadsheet would run."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for deed in rows:
        cells = (deed.at.isoformat(), deed.person, deed.address, deed.verb, deed.subject)
        writer.writerow(
            [_harmless(cell) for cell in (*cells, json.dumps(deed.detail, ensure_ascii=False), deed.request)]
        )
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def told(detail: Mapping) -> list[tuple[str, str]]:
    """Returns the facts of a deed as (name, text); what changed as “old → new”."""
    found = []
    for name, value in detail.items():
        if name == "refs":
            found += [(ref, _from_to(*sides)) for ref, sides in value.items()]
        elif value is None:
            found.append((name, _("changed")))
        elif isinstance(value, list) and len(value) == 2 and name not in ("scopes", "checks"):
            found.append((name, _from_to(*value)))
        else:
            found.append((name, ", ".join(map(str, value)) if isinstance(value, list) else _short(value)))
    return found


def _from_to(old: object, new: object) -> str:
    return f"{_short(old)} → {_short(new)}"


def _short(value: object) -> str:
    text = "–" if value in (None, "") else str(value)
    return text[:7] if len(text) == 40 and text.isalnum() else text


def _words(deed: Deed) -> str:
    added = deed.verb == "person.made" and deed.person != deed.subject
    return _("added a person") if added else verb_words().get(deed.verb, deed.verb)


def verb_words() -> dict[str, str]:
    """Returns what each verb of a deed means."""
    return _people() | _designs() | _things() | _reviews() | _operators()


def _people() -> dict[str, str]:
    return {
        "person.made": _("has joined"),
        "person.changed": _("changed an account"),
        "person.ended": _("left for good"),
        "person.exported": _("took a copy of their record"),
        "visit.made": _("entered"),
        "visit.ended": _("went out"),
        "attempt.made": _("failed to enter"),
        "factor.made": _("set up a second factor"),
        "factor.changed": _("made new recovery codes"),
        "factor.ended": _("took a second factor away"),
        "recovery.ended": _("used a recovery code"),
        "token.made": _("made a token"),
        "token.changed": _("revoked a token"),
        "report.made": _("reported a page"),
        "archive.exported": _("took an archive"),
    }


def _designs() -> dict[str, str]:
    return {
        "design.made": _("created a design"),
        "design.changed": _("changed a design"),
        "design.ended": _("deleted a design"),
        "design.offered": _("offered a design to another of its owners"),
        "design.taken": _("took a design over"),
        "refs.changed": _("moved branches or tags"),
        "role.made": _("gave a role"),
        "role.changed": _("changed a role"),
        "role.ended": _("took a role away"),
        "rule.made": _("set a branch’s rule"),
        "rule.changed": _("changed a branch’s rule"),
        "rule.ended": _("ended a branch’s rule"),
        "import.made": _("asked for an import"),
        "import.changed": _("stopped an import"),
        "mirror.made": _("made a design follow another"),
        "mirror.changed": _("changed what a design follows"),
        "mirror.ended": _("made a design follow nothing any more"),
        "outlet.made": _("had a design pushed elsewhere"),
        "outlet.changed": _("changed where a design is pushed"),
        "outlet.ended": _("ended pushing a design elsewhere"),
        "lock.made": _("locked a file"),
        "lock.ended": _("unlocked a file"),
        "adoption.made": _("adopted commits"),
        "confirmation.made": _("confirmed an adoption"),
        "challenge.made": _("opened a challenge"),
        "challenge.changed": _("changed a challenge"),
        "entry.made": _("entered a challenge"),
        "entry.ended": _("withdrew an entry"),
        "ending.made": _("ended a challenge"),
        "dismissal.made": _("dismissed an improvement"),
        "dismissal.ended": _("recalled an improvement"),
    }


def _things() -> dict[str, str]:
    return {
        "made.made": _("said what they made"),
        "made.changed": _("changed what they said they made"),
        "made.ended": _("took back what they said they made"),
        "photo.made": _("added a photo"),
        "photo.ended": _("took a photo away"),
        "vouch.made": _("confirmed or doubted what somebody made"),
        "vouch.changed": _("said something else of what somebody made"),
        "vouch.ended": _("took back their word on what somebody made"),
    }


def _reviews() -> dict[str, str]:
    return {
        "proposal.made": _("opened a proposal"),
        "proposal.changed": _("changed a proposal"),
        "merge.made": _("merged a proposal"),
        "closing.made": _("closed a proposal"),
        "closing.ended": _("reopened a proposal"),
        "draft.made": _("marked a proposal as unfinished"),
        "draft.changed": _("called a proposal ready"),
        "draft.ended": _("called a proposal ready"),
        "review.made": _("reviewed a proposal"),
        "comment.made": _("commented"),
        "comment.changed": _("changed a comment"),
        "suggestion.made": _("took a suggestion"),
        "remark.made": _("commented on an improvement"),
        "remark.changed": _("changed a comment"),
        "remark.ended": _("deleted a comment"),
    }


def _operators() -> dict[str, str]:
    return {
        "takedown.made": _("took a design down"),
        "takedown.changed": _("put a design back"),
        "report.changed": _("closed a report"),
        "switch.made": _("turned read-only mode on"),
        "switch.changed": _("gave read-only mode another reason"),
        "switch.ended": _("turned read-only mode off"),
        "engine.off": _("turned building off"),
        "engine.on": _("turned building on"),
        "engine.tried": _("tried the jail"),
        "job.retried": _("retried a job"),
        "job.forgotten": _("let go of a failed job"),
        "audit.exported": _("exported the audit log"),
    }
