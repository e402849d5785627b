"""Reads a tree of a design as the engine sees it; trees never change, so each is read once per process."""

import posixpath

from opendesign.actions.house import Work
from opendesign.core.bom import FILE as BILL
from opendesign.core.encoding import READABLE, text_of, why_unread
from opendesign.core.preset import FILE as PRESETS
from opendesign.core.remembered import Remembered
from opendesign.core.snapshot import MANIFEST, Snapshot
from opendesign.git.repository import Repository
from opendesign.records.design import Design

KEPT = 200  # trees; a snapshot is about as large as its Python sources
_snapshots = Remembered[tuple[str, str], Snapshot](KEPT)


def read_tree(work: Work, design: Design, sha: str) -> Snapshot:
    """Returns the snapshot of a commit or tree of a design; raises NotFound when there is no such tree."""
    known = _snapshots.get((design.key, sha))
    if known is None:
        with work.house.store.open(design.key) as repository:
            known = _snapshots.keep((design.key, sha), read_snapshot(repository, sha))
    return known


def read_snapshot(repository: Repository, sha: str) -> Snapshot:
    """Returns the snapshot of a commit or tree from an open repository."""
    entries = [entry for entry in repository.files(sha) if entry.kind == "blob"]
    texts = [e for e in entries if _is_text(e.path) and (e.size or 0) <= READABLE]
    contents = repository.read_blobs([entry.sha for entry in texts])
    read = {entry.path: text_of(entry.path, contents[entry.sha]) for entry in texts if entry.sha in contents}
    sources = {path: text for path, text in read.items() if text is not None}
    manifest = sources.pop(MANIFEST, None)
    bill = sources.pop(BILL, None)
    presets = {path: sources.pop(path) for path in list(sources) if not path.endswith(".py")}
    blobs = {entry.path: entry.sha for entry in entries}
    unread = {
        entry.path: why_unread(entry.size or 0)
        for entry in entries
        if entry.path.endswith(".py") and entry.path not in sources
    }
    return Snapshot(sha, blobs, sources, manifest, presets_files=presets, unread=unread, bill=bill)


def _is_text(path: str) -> bool:
    return path.endswith(".py") or path in (MANIFEST, BILL) or posixpath.basename(path) == PRESETS
