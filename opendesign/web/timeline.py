"""What happened to a proposal, in order: commits, comments, its merge or its closing."""

from urllib.parse import quote, urlencode

from markupsafe import Markup

from opendesign.actions.judge import Given
from opendesign.actions.suggest import Readings
from opendesign.git.commits import Commit
from opendesign.records.proposal import Comment, Proposal
from opendesign.web.articles import articles
from opendesign.web.pins import at, pin_view
from opendesign.web.prose import prose


def comment_view(proposal: Proposal, comment: Comment, found: Readings) -> dict[str, object]:
    """Returns a comment as the macro `threads.comment` wants it."""
    return {
        "id": comment.id,
        "author": comment.person.name if comment.person else "",
        "moment": comment.at,
        "html": prose(comment.body),
        "reported": f"/{proposal.design.path}/proposals/{proposal.number}#comment-{comment.id}",
        "place": _place(proposal, comment, comment.id in found.pins),
        "outdated": found.is_outdated(comment) and not comment.acceptance,
        "pin": pin_view(proposal, found.pins[comment.id]) if comment.id in found.pins else None,
        "suggestion": _suggestion(proposal, comment, found),
    }


def _suggestion(proposal: Proposal, comment: Comment, found: Readings) -> dict[str, object] | None:
    """Returns how a line or value reads and should read, the commit that took it, or the address that takes it."""
    if comment.suggestion is None:
        return None
    taken = comment.acceptance.sha if comment.acceptance else None
    open_to_take = found.may_take and not taken and comment.id not in found.outdated
    base = f"/{proposal.design.path}"
    return {
        "before": comment.said or "",
        "after": comment.suggestion.split("\n") if comment.suggestion else [],
        "taken": taken,
        "taken_href": f"{base}/revisions/{taken}",
        "action": f"{base}/proposals/{proposal.number}/comments/{comment.id}/acceptance" if open_to_take else "",
    }


def _place(proposal: Proposal, comment: Comment, found: bool) -> dict[str, str] | None:
    address = f"/{proposal.design.path}/proposals/{proposal.number}"
    if not comment.path:
        return None
    if comment.point:
        href = f"{address}/geometry?{urlencode({'part': comment.path})}#comment-{comment.id}"
        return {
            "kind": "point",
            "href": href,
            "text": comment.path if found else f"{comment.path} ({at(comment.point)})",
        }
    if comment.parameter:
        href = f"{address}/geometry?{urlencode({'part': comment.path})}#comment-{comment.id}"
        return {"kind": "parameter", "href": href, "text": f"{comment.path} {comment.parameter}"}
    where = f"{comment.path}:{comment.line}" if comment.line else comment.path
    return {"kind": "line", "href": f"{address}/files#{quote(comment.path)}-new-{comment.line or 1}", "text": where}


def _words(given: Given) -> Markup | str:
    """Returns the words of a verdict as a comment; nothing without any."""
    row = given.verdict
    if not row.body:
        return ""
    author = row.person.name if row.person else ""
    view = {"id": f"review-{row.id}", "author": author, "moment": row.at, "html": prose(row.body)}
    return next(articles([view]))


def events(proposal: Proposal, commits: list[Commit], given: list[Given], found: Readings) -> list[dict[str, object]]:
    """Returns commits, comments, verdicts and the end of a proposal by time; a merge comes after what it merged."""
    happened: list[dict[str, object]] = [
        {"kind": "commit", "at": commit.committer.at, "commit": commit} for commit in commits
    ]
    said = articles(comment_view(proposal, comment, found) for comment in proposal.comments)
    happened += [
        {"kind": "comment", "at": comment.at, "article": html}
        for comment, html in zip(proposal.comments, said, strict=True)
    ]
    happened += [{"kind": "verdict", "at": each.verdict.at, "given": each, "article": _words(each)} for each in given]
    if proposal.draft and proposal.draft.ready_at:
        happened.append({"kind": "ready", "at": proposal.draft.ready_at, "end": proposal.draft})
    happened.sort(key=lambda event: event["at"])  # type: ignore[arg-type, return-value]
    if proposal.merge:
        happened.append({"kind": "merge", "at": proposal.merge.at, "end": proposal.merge})
    if proposal.closing:
        happened.append({"kind": "closing", "at": proposal.closing.at, "end": proposal.closing})
    return happened
