"""The choices between rival values of a proposal, as fields of a form: mine, theirs, the old one, or one's own."""

import json
from collections.abc import Iterable, Mapping, Sequence

from htmx_flask import request
from werkzeug.datastructures import MultiDict

from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.show_halfway import show_halfway
from opendesign.actions.show_outlooks import Outlook, show_outlooks
from opendesign.actions.undecided import Undecided
from opendesign.core.errors import Invalid
from opendesign.core.merging import SIDES, Rivals
from opendesign.core.parameter import Parameter
from opendesign.core.snapshot import Snapshot
from opendesign.core.value import written
from opendesign.git.settling import CONTENT
from opendesign.web.cards import still
from opendesign.web.parameters import fields

SIDE, OWN, TEXT = "side:", "own:", "text:"
ENDS = {"lf": "\n", "crlf": "\r\n"}  # how lines end in a file; in a form they always end in CR LF
SHOWN = ("ours", "theirs", "base", "own")


def outlooks_of(work: Work, found: Undecided | None) -> tuple[list[Outlook], str]:
    """Returns what each way of deciding would give, one's own among them, and what is wrong with one's own."""
    if found is None or found.mergeable != "conflict":
        return [], ""
    try:
        return show_outlooks(work, found, decisions_of(request.values)), ""
    except Invalid as refusal:
        return show_outlooks(work, found, {}), refusal.message


def decisions_of(given: MultiDict[str, str]) -> dict[str, dict[str, object]]:
    """Returns what a form or an address decides, by path and name; raises Invalid for a field that is not ours."""
    decisions: dict[str, dict[str, object]] = {}
    for field in [name for name in given if name.startswith(SIDE)]:
        path, name = _named(field.removeprefix(SIDE))
        word = given[field]
        if word not in SHOWN:
            raise Invalid("A choice is “ours”, “theirs”, “base” or “own”.", [{"name": field[:80]}])
        decisions.setdefault(path, {})[name] = word if word in SIDES else given.get(field.replace(SIDE, OWN, 1), "")
    for field in [name for name in given if name.startswith(TEXT)]:
        path, ends = _named(field.removeprefix(TEXT))
        if ends not in ENDS:
            raise Invalid("A text's lines end as “lf” or “crlf”.", [{"name": field[:80]}])
        decisions[path] = {CONTENT: given[field].replace("\r\n", "\n").replace("\n", ENDS[ends])}
    return decisions


def halfway_files(work: Work, found: Undecided, given: MultiDict[str, str]) -> list[dict[str, object]]:
    """Returns each file that is to be finished by hand, with the name of its field and what stands in it."""
    files: list[dict[str, object]] = []
    for each in show_halfway(work, found):
        name = TEXT + json.dumps([each.path, "crlf" if "\r\n" in each.text else "lf"])
        text = given.get(name, each.text).replace("\r\n", "\n")
        files.append({"path": each.path, "field": name, "text": text, "lines": min(40, text.count("\n") + 2)})
    return files


def _named(text: str) -> tuple[str, str]:
    try:
        path, name = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        path, name = None, None
    if not isinstance(path, str) or not isinstance(name, str):
        raise Invalid("That is not the name of a parameter in conflict.", [{"name": text[:80]}])
    return path, name


def choice_files(
    work: Work, found: Undecided, outlooks: Sequence[Outlook], given: MultiDict[str, str]
) -> list[dict[str, object]]:
    """Returns each file whose parameters are in conflict, with its outlooks and a row for each parameter."""
    ours = read_tree(work, found.design, found.ours)
    files: list[dict[str, object]] = []
    for conflict in [each for each in found.trial.conflicts if each.rivals]:
        known = {each["name"]: each for each in fields(_parameters(ours, conflict.path), {})}
        shown = [each for each in outlooks if each.path == conflict.path]
        files.append(
            {
                "path": conflict.path,
                "part": shown[0].part if shown else "",
                "outlooks": [_outlook(each) for each in sorted(shown, key=lambda one: SHOWN.index(one.word))],
                "rows": [_row(conflict.path, each, known.get(each.name, {}), given) for each in conflict.rivals],
            }
        )
    return files


def _parameters(snapshot: Snapshot, path: str) -> list[Parameter]:
    return snapshot.parameters(path) if path in snapshot.sources else []


def is_waiting(outlooks: Iterable[Outlook]) -> bool:
    """Says whether a part of some outlook is still to be made."""
    return any(each.build is not None and each.build.waiting for each in outlooks)


def _outlook(each: Outlook) -> dict[str, object]:
    build = each.build
    return {
        "word": each.word,
        "picture": still(build),
        "state": build.state if build else None,
        "href": f"/builds/{build.key}" if build else None,
    }


def _row(path: str, rivals: Rivals, field: Mapping[str, object], given: MultiDict[str, str]) -> dict[str, object]:
    name = json.dumps([path, rivals.name])
    return {
        "name": rivals.name,
        "unit": rivals.unit,
        "side": SIDE + name,
        "own": OWN + name,
        "values": {"ours": rivals.ours, "theirs": rivals.theirs, "base": rivals.base},
        "chosen": given.get(SIDE + name, ""),
        "given": given.get(OWN + name) or written(rivals.ours),
        "field": field,
    }
