"""`opendesign try FOLDER`: builds every part of a folder as the service would, without publishing anything."""

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

import click

from opendesign.cad.engine import Engine, Job
from opendesign.cli.own_engine import own_engine
from opendesign.cli.wires import Wires, example
from opendesign.core.build import blob_id
from opendesign.core.encoding import WHY_UNREAD, text_of, why_unread
from opendesign.core.errors import Unbuildable
from opendesign.core.snapshot import MANIFEST, Snapshot


@click.command("try", epilog=example("opendesign try ~/designs/laptop-case --part 'lid*'"))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--part", "pattern", default="*", help="Only parts whose path fits, such as 'case/*.py'.")
@click.option("--json", "as_json", is_flag=True, help="One object a part.")
@click.pass_obj
def trial(wires: Wires, folder: Path, pattern: str, as_json: bool) -> None:
    """Says which parts a folder has and whether each of them builds; exit code 1 if one does not."""
    contents = dict(files_of(folder))
    snapshot = snapshot_of(contents)
    paths = [part.path for part in snapshot.parts if fnmatch(part.path, pattern)]
    if not paths:
        click.echo("No parts found: a part is a script that shows a CadQuery or build123d model.", err=True)
    for path, why in snapshot.unread.items():
        click.echo(f"{path} is no part: {WHY_UNREAD[why]}.", err=True)
    options = wires.engine_options(wires.settings)
    with own_engine(options) as (engine, status), ThreadPoolExecutor(options.slots) as pool:
        if not status["open"]:
            raise Unbuildable(status["reason"])
        found = []
        for row in pool.map(lambda path: tried(engine, snapshot, contents, path), paths):
            found.append(row)
            if not as_json:
                show(row)
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        click.echo(f"{sum(row['ok'] for row in found)} of {len(found)} parts build.")
    sys.exit(0 if all(row["ok"] for row in found) else 1)


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yields the files below a folder as a push would bring them: no links, nothing of git's own."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in (".git", ".venv", "node_modules", "__pycache__"))
        for name in sorted(names):
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix(), path.read_bytes()


def snapshot_of(contents: dict[str, bytes]) -> Snapshot:
    """Returns the files as the engine sees a tree."""
    texts = {
        path: text_of(path, content) for path, content in contents.items() if path.endswith(".py") or path == MANIFEST
    }
    sources = {path: text for path, text in texts.items() if text is not None}
    manifest = sources.pop(MANIFEST, None)
    blobs = {path: blob_id(content) for path, content in contents.items()}
    unread = {path: why_unread(len(contents[path])) for path in texts if path.endswith(".py") and path not in sources}
    return Snapshot("", blobs, sources, manifest, unread=unread)


def tried(engine: Engine, snapshot: Snapshot, contents: dict[str, bytes], path: str) -> dict:
    """Builds one part and returns what became of it."""
    files = {name: contents[name] for name in snapshot.inputs(path) if name in contents}
    outcome = engine.build(Job(path, files, patience=3600))
    total = outcome.result.get("total") if outcome.ok else None
    warnings = outcome.result.get("warnings", []) if outcome.ok else []
    return {
        "part": path,
        "ok": outcome.ok,
        "seconds": round(outcome.seconds, 3),
        "error": outcome.error,
        "total": total,
        "warnings": warnings,
    }


def show(row: dict) -> None:
    """Prints what became of one part."""
    mark = click.style("builds", fg="green") if row["ok"] else click.style("fails ", fg="red")
    click.echo(f"{mark} {row['part']} ({row['seconds']:.1f} s)")
    if row["error"]:
        place = f" ({row['error']['file']}:{row['error']['line']})" if row["error"]["line"] else ""
        click.echo(f"       {row['error']['message']}{place}")
    for warning in row["warnings"]:
        click.echo(f"       {warning}")
