"""The text a proposal changes, line by line, with what was said about its lines."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

from flask import Blueprint, render_template, request
from markupsafe import Markup

from opendesign.actions.house import Work
from opendesign.actions.merge import Review
from opendesign.actions.suggest import Readings, reading, readings
from opendesign.git.differences import FileDiff
from opendesign.records.proposal import Proposal
from opendesign.web.code import diff_files
from opendesign.web.review import address_of, frame, proposed, see
from opendesign.web.timeline import comment_view

pages = Blueprint("threads", __name__)


@pages.get("/<owner>/<design>/proposals/<int:number>/files")
def files(owner: str, design: str, number: int) -> str:
    """Shows the text that changes, with what was said about its lines; `path` and `line` open a form there."""
    work, proposal, found = see(owner, design, number)
    changes = diff_files(_text(work, proposal, found))
    here = request.args.get("path", ""), request.args.get("line", 0, int)
    known = readings(work, proposal)
    line = reading(work, proposal, *here, None) if found and here[1] else None
    return render_template(
        "proposals/files.html",
        files=[(change, *_threads(proposal, change, here, known, line)) for change in changes],
        **frame(work, proposal, found, "files", proposed(found)),
    )


def _text(work: Work, proposal: Proposal, found: Review | None) -> list[FileDiff]:
    """Returns what the proposed branch changed since it left the target."""
    if found is None:
        return []
    with work.house.store.open(proposal.design.key) as repository:
        return repository.diff(found.base, found.theirs)


def _threads(
    proposal: Proposal, file: dict, here: tuple[str, int], known: Readings, wording: str | None
) -> tuple[dict, Callable[[str, int], str], list]:
    """Returns the threads under a file's lines, the address to comment on a line, and comments without a line.

    `wording` is how the line `here` reads.
    """
    base, path = f"{address_of(proposal)}/files", str(file["path"])
    after, shown = _following(file["rows"])
    said: dict[int, list] = {}
    for comment in proposal.comments:
        if comment.path == path and comment.line:
            said.setdefault(comment.line, []).append(comment_view(proposal, comment, known))
    lines = {line for line in [*said, here[1] if here[0] == path else 0] if line in shown}
    threads = {
        ("new", line): Markup(
            render_template(
                "proposals/_thread.html",
                address=address_of(proposal),
                comments=said.get(line, []),
                form=here == (path, line),
                path=path,
                line=line,
                wording=wording,
            )
        )
        for line in lines
    }

    def comment_href(side: str, line: int) -> str:
        at = line if side == "new" else after[line]
        return f"{base}?{urlencode({'path': path, 'line': at})}#{quote(path)}-new-{at}"

    return threads, comment_href, [each for line, listed in said.items() if line not in lines for each in listed]


def _following(rows: list[dict]) -> tuple[dict[int, int], set[int]]:
    """Returns, for each line that goes, the new line nearest to it, and every new line that is shown."""
    after: dict[int, int] = {}
    waiting: list[int] = []
    last = 1
    for row in rows:
        if row.get("new"):
            last = row["new"]
            after.update(dict.fromkeys(waiting, last))
            waiting = []
        elif row.get("old"):
            waiting.append(row["old"])
    after.update(dict.fromkeys(waiting, last))
    return after, {row["new"] for row in rows if row.get("new")}
