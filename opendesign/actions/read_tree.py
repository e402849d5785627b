"""Reads a tree of a design as the engine sees it; trees never change, so each is read once per process."""

import posixpath

from opendesign.actions.house import Work
from opendesign.core.bom import FILE as BILL
from opendesign.core.encoding import READABLE, text_of, why_unread
from opendesign.core.lfs import may_be_pointer, read_pointer
from opendesign.core.preset import FILE as PRESETS
from opendesign.core.remembered import Remembered
from opendesign.core.snapshot import MANIFEST, Snapshot
from opendesign.git.repository import Repository
from opendesign.records.design import Design
from opendesign.records.lfs import large_files, open_files

KEPT = 200  # trees; a snapshot is about as large as its Python sources
_snapshots = Remembered[tuple[str, str], Snapshot](KEPT)


def read_tree(work: Work, design: Design, sha: str) -> Snapshot:
    """Returns the snapshot of a commit or tree of a design; raises NotFound when there is no such tree."""
    known = _snapshots.get((design.key, sha))
    if known is None:
        with work.house.store.open(design.key) as repository:
            known = _snapshots.keep((design.key, sha), read_snapshot(repository, sha))
    return with_large_files(work, design, known)


def with_large_files(work: Work, design: Design, snapshot: Snapshot) -> Snapshot:
    """Returns a snapshot with those of its files in Git LFS that the design has, or that its family shows everybody.

    Never asked of whoever looks: what a design's builds are made of must not depend on who wants them.
    """
    if not snapshot.pointers:
        return snapshot
    oids = {each.oid for each in snapshot.pointers.values()}
    sizes = large_files(work.session, design.id, oids)
    if lacking := oids - sizes.keys():
        sizes |= open_files(work.session, design.root, lacking)
    return snapshot.having(sizes)


def read_snapshot(repository: Repository, sha: str) -> Snapshot:
    """Returns the snapshot of a commit or tree from an open repository; which large files are here it cannot know."""
    entries = [entry for entry in repository.files(sha) if entry.kind == "blob"]
    texts = [e for e in entries if _is_text(e.path) and (e.size or 0) <= READABLE]
    tokens = [entry for entry in entries if may_be_pointer(entry.size) and not _is_text(entry.path)]
    contents = repository.read_blobs([entry.sha for entry in (*texts, *tokens)])
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
    named = {entry.path: read_pointer(contents[entry.sha]) for entry in tokens}
    pointers = {path: pointer for path, pointer in named.items() if pointer}
    return Snapshot(sha, blobs, sources, manifest, presets_files=presets, unread=unread, bill=bill, pointers=pointers)


def _is_text(path: str) -> bool:
    return path.endswith(".py") or path in (MANIFEST, BILL) or posixpath.basename(path) == PRESETS
