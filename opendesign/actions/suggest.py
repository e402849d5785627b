"""Somebody suggests how a line or a value should read, and whoever may change the source takes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from opendesign.actions.compare import Change3D
from opendesign.actions.create_design import sign
from opendesign.actions.edit import edit_files, set_parameters
from opendesign.actions.house import Work
from opendesign.actions.pin import Pin, pins_of
from opendesign.actions.read_tree import read_tree
from opendesign.core.encoding import bytes_of, decode
from opendesign.core.errors import Conflict, Invalid, NotFound
from opendesign.core.suggestion import find_line, line_at, replaced
from opendesign.core.value import plain
from opendesign.records.base import now
from opendesign.records.design import Design
from opendesign.records.proposal import Acceptance, Comment, Proposal


@dataclass(frozen=True)
class Readings:
    """Which comments (by number) are about what no longer reads so, and whether the acting person may take them.

    pins: where those on points of parts are now; empty while nobody has looked.
    """

    outdated: frozenset[int] = frozenset()
    may_take: bool = False
    pins: Mapping[int, Pin] = field(default_factory=dict)

    def is_outdated(self, comment: Comment) -> bool:
        """Tells whether what a comment is about reads otherwise now, or its face is gone."""
        found = self.pins.get(comment.id)
        return comment.id in self.outdated or (found is not None and found.state == "outdated")


def reading(work: Work, proposal: Proposal, path: str, line: int | None, parameter: str | None) -> str | None:
    """Returns how a line or a parameter of the proposed commit reads; None when it is not there."""
    if parameter:
        return _value(work, proposal.design, proposal.source_sha, path, parameter)
    texts = _texts(work, proposal.design, proposal.source_sha, [path])
    return line_at(texts[path], line) if line and path in texts else None


def readings(
    work: Work, proposal: Proposal, comments: Iterable[Comment] | None = None, change: Change3D | None = None
) -> Readings:
    """Returns what has become of the places that comments are about, for one reading of each file.

    `change` is what is proposed now: points of parts are looked for on its builds.
    """
    comments = list(proposal.comments if comments is None else comments)
    placed = [each for each in comments if each.said is not None]
    design, sha = proposal.design, proposal.source_sha
    try:
        texts = _texts(work, design, sha, {each.path for each in placed if each.path and each.line})
        outdated = frozenset(each.id for each in placed if not _holds(work, design, sha, each, texts))
    except NotFound:  # the commit is gone with its source
        outdated = frozenset(each.id for each in placed)
    source = proposal.source
    may_take = proposal.state == "open" and source is not None and work.may_move(proposal.source_branch, source)
    return Readings(outdated, may_take, pins_of(work, change, comments) if change else {})


def take_suggestion(work: Work, comment: Comment) -> Acceptance:
    """Commits a suggestion to the source branch, with whoever made it as co-author, and records it.

    Raises Conflict when the proposal has ended, the suggestion was taken, or what it is about reads otherwise now.
    """
    proposal = comment.proposal
    if proposal.state != "open" or proposal.source is None:
        raise Conflict(f"Proposal {proposal.number} takes no commits any more.")
    if comment.suggestion is None or comment.path is None or comment.said is None:
        raise Invalid("That comment suggests nothing.")
    if comment.acceptance:
        raise Conflict("That suggestion was taken already.")
    source, branch = work.need("edit", proposal.source), proposal.source_branch
    with work.house.store.open(source.key) as repository:
        tip = repository.resolve(f"refs/heads/{branch}")
    message = f"Take a suggestion for {comment.path}\n{_co_author(work, comment)}"
    if comment.parameter:
        if _value(work, source, tip, comment.path, comment.parameter) != comment.said:
            raise Conflict(f"{comment.parameter} is not {comment.said} any more; the suggestion is outdated.")
        values = {comment.parameter: comment.suggestion}
        sha = set_parameters(work, source, branch, comment.path, values, message, tip)
    else:
        sha = edit_files(work, source, branch, {comment.path: _taken(work, source, tip, comment)}, message, tip)
    row = Acceptance(comment=comment, person=work.person, sha=sha, at=now())
    work.session.add(row)
    work.session.flush()
    return row


def _taken(work: Work, source: Design, tip: str, comment: Comment) -> bytes:
    text = _texts(work, source, tip, [comment.path or ""]).get(comment.path or "", "")
    line = find_line(text, comment.line or 0, comment.said or "")
    if line is None:
        raise Conflict(f"Line {comment.line} of {comment.path} reads otherwise now; the suggestion is outdated.")
    return bytes_of(comment.path or "", replaced(text, line, comment.suggestion or ""))


def _co_author(work: Work, comment: Comment) -> str:
    """Returns the trailer that credits the one who suggested; nobody is their own co-author."""
    if comment.person is None or (work.person and work.person.id == comment.person.id):
        return ""
    who = sign(comment.person)
    return f"\nCo-authored-by: {who.name} <{who.email}>\n"


def _holds(work: Work, design: Design, sha: str, comment: Comment, texts: Mapping[str, str]) -> bool:
    path, said = comment.path or "", comment.said or ""
    if comment.parameter:
        return _value(work, design, sha, path, comment.parameter) == said
    return path in texts and find_line(texts[path], comment.line or 0, said) is not None


def _texts(work: Work, design: Design, sha: str, paths: Iterable[str]) -> dict[str, str]:
    """Returns the files of a commit that are text: scripts from the kept tree, the others by one call of git."""
    tree = read_tree(work, design, sha)
    found = {path: tree.sources[path] for path in paths if path in tree.sources}
    others = {path: tree.blobs[path] for path in paths if path in tree.blobs and path not in found}
    if others:
        with work.house.store.open(design.key) as repository:
            read = repository.read_blobs(list(others.values()))
        texts = {path: decode(read.get(blob, b"")) for path, blob in others.items()}
        found |= {path: text for path, text in texts.items() if text is not None}
    return found


def _value(work: Work, design: Design, sha: str, path: str, name: str) -> str | None:
    tree = read_tree(work, design, sha)
    try:
        parameters = tree.parameters(tree.part(path).path)
    except (NotFound, Invalid):
        return None
    return next((plain(each.default) for each in parameters if each.name == name and not each.derived), None)
