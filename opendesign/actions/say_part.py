"""Somebody says in `okh.toml` what a file is: a part or none, and what it is called."""

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from opendesign.actions.edit import edit_files
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.core.errors import Invalid
from opendesign.core.manifest import read_manifest
from opendesign.core.snapshot import MANIFEST, Snapshot
from opendesign.core.text import clean_text
from opendesign.records.design import Design

LONGEST_TITLE = 80
OURS, PARTS, MODULES = "opendesign", "part", "modules"


def say_part(
    work: Work,
    design: Design,
    branch: str,
    path: str,
    listed: bool | None,
    title: str | None,
    message: str = "",
    expected: str | None = None,
) -> str:
    """Commits to `okh.toml` whether a file is a part, and its title; None leaves either as it is. Returns the commit.

    Raises NotFound for no such script or model file, Invalid for a manifest that is not TOML and when nothing would
    change, Conflict when the branch has moved.
    """
    with work.house.store.open(design.key) as repository:
        tip = repository.resolve(branch)
    snapshot = read_tree(work, design, tip)
    path = snapshot.part(path).path
    title = clean_text(title, LONGEST_TITLE, "title") if title is not None else ""
    text = rewritten(snapshot, path, listed, title)
    if text == (snapshot.manifest or ""):
        raise Invalid(f"{path} is that already; okh.toml would not change.", [{"name": "listed"}])
    message = message or subject(path, listed, title)
    return edit_files(work, design, branch, {MANIFEST: text.encode()}, message, expected or tip)


def rewritten(snapshot: Snapshot, path: str, listed: bool | None, title: str) -> str:
    """Returns the manifest that says so, everything else in it as it was: comments, order, spaces."""
    before = snapshot.manifest or ""
    read_manifest(before)  # raises Invalid for what is not TOML
    try:
        document = tomlkit.parse(before)
        if title and title != snapshot.part(path).title:
            call(document, path, title)
        if listed is not None and listed != is_listed(snapshot, path, document):
            (take_out if listed else put_in)(document, path)
        if listed and not is_listed(snapshot, path, document):
            call(document, path, title or snapshot.part(path).title)
        after = tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError, ValueError) as trouble:
        raise Invalid(f"okh.toml cannot be changed here ({trouble}); edit it as a text.") from trouble
    read_manifest(after)
    return after


def is_listed(snapshot: Snapshot, path: str, document: tomlkit.TOMLDocument) -> bool:
    """Says whether a file would be among the parts with this manifest."""
    changed = snapshot.changed({MANIFEST: tomlkit.dumps(document)})
    return any(part.path == path for part in changed.parts)


def call(document: tomlkit.TOMLDocument, path: str, title: str) -> None:
    """Gives the `[[part]]` of a file a name; one is added where there is none."""
    parts = document.get(PARTS)
    entries = parts if isinstance(parts, list) else [parts] if isinstance(parts, dict) else []
    for entry in entries:
        if entry.get("source") == path:
            entry["name"] = title
            return
    entry = tomlkit.table() if parts is None or isinstance(parts, AoT) else tomlkit.inline_table()
    entry.update({"name": title, "source": path})
    if parts is None:
        document[PARTS] = tomlkit.aot()
    elif isinstance(parts, Table):
        raise Invalid("okh.toml has a single [part]; write it as [[part]] first, then there may be more.")
    document[PARTS].append(entry)


def put_in(document: tomlkit.TOMLDocument, path: str) -> None:
    """Names a file among those that are no parts."""
    ours = document.setdefault(OURS, tomlkit.table())
    modules = ours.get(MODULES, [])
    if isinstance(modules, str):
        ours[MODULES] = [modules]
    elif MODULES not in ours:
        ours[MODULES] = tomlkit.array()
    ours[MODULES].append(path)


def take_out(document: tomlkit.TOMLDocument, path: str) -> None:
    """Takes a file's name off those that are no parts; a pattern stays, as other files fit it too."""
    modules = document.get(OURS, {}).get(MODULES, [])
    if modules == path:
        del document[OURS][MODULES]
    elif isinstance(modules, list) and path in modules:
        modules.remove(path)


def subject(path: str, listed: bool | None, title: str) -> str:
    """Returns what a commit says when nobody has said it."""
    if listed is not None:
        return f"Show {path} among the parts" if listed else f"Leave {path} out of the parts"
    return f"Call {path} “{title}”"
