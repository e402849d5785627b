"""A design that comes from elsewhere without a common commit finds its family: what it began with, its files, its word.

Private designs are neither looked at nor told of.
"""

from datetime import datetime

from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.starters import starter_lines
from opendesign.core.encoding import READABLE
from opendesign.core.errors import NotFound, TooLarge
from opendesign.core.lineage import kin
from opendesign.core.lineage.copy import says_something
from opendesign.core.lineage.crowd import is_common
from opendesign.core.lineage.unit import is_source
from opendesign.core.manifest import stated_origin
from opendesign.git.ancestry import beginnings, main_line
from opendesign.git.repository import EMPTY_TREE, Repository
from opendesign.records.blob import holders
from opendesign.records.design import Design, design_by_id, design_by_path, heads_of, known_refs
from opendesign.records.revision import first_seen, lacks_roots, note_root, rooted_in

BEGUN = f"{kin.BEGINNING}main"  # holds the relative's commit that a design began as, among its own


def find_kin(work: Work, design: Design, tip: str) -> Design | None:
    """Puts a design whose refs nobody has recorded yet into the family of a public one, and returns that, or None.

    What it began with is no adoption where its history begins with the same folders as the other's. Where only files or
    its manifest show it, it began with nothing: what it has of the others it has taken.
    """
    found = _by_tree(work, design, tip)
    if found is None:
        found = _join(design, kin.FILES, _by_files(work, design, tip))
    if found is None:
        found = _join(design, kin.DECLARED, _by_word(work, design, tip))
    work.session.flush()
    return found


def note_roots(work: Work, design: Design) -> None:
    """Records the folders that a design's history began with, where older records do not tell them."""
    if not lacks_roots(work.session, design.id):
        return
    with work.house.store.open(design.key) as repository:
        for tip in sorted(set(known_refs(work.session, design).values())):
            for sha, tree in beginnings(repository, tip):
                note_root(work.session, design.id, sha, tree)


def _join(design: Design, kinship: str, parent: Design | None) -> Design | None:
    if parent is not None:
        design.kinship, design.parent_id, design.family_id = kinship, parent.id, parent.root
    return parent


def _by_tree(work: Work, design: Design, tip: str) -> Design | None:
    with work.house.store.open(design.key) as repository:
        begun = [(sha, tree) for sha, tree in beginnings(repository, tip)[: kin.MOST_ROOTS] if tree != EMPTY_TREE]
        alike = [each for sha, tree in begun if (each := _rooted(work, design, tree)) and _telling(repository, sha)]
        line = main_line(repository, tip) if alike else []
    if not alike:
        return None
    parent, sha, at = alike[0]
    sha, at = _last_alike(work, parent, line) or (sha, at)
    work.house.store.bring(parent.key, design.key, sha, BEGUN)
    design.fork_sha, design.made_at = sha, at
    return _join(design, kin.TREE, parent)


def _rooted(work: Work, design: Design, tree: str) -> tuple[Design, str, datetime] | None:
    """Returns the public design that first began with a folder, with which commit and when; None for everybody's."""
    others = [each for each in rooted_in(work.session, tree) if each[0].id != design.id]
    return others[0] if others and not is_common(len({other.root for other, _, _ in others})) else None


def _last_alike(work: Work, parent: Design, line: list[tuple[str, str]]) -> tuple[str, datetime] | None:
    """Returns up to which commit the parent's main line has the same folders as another, and when that was received."""
    head = heads_of(work.session, [parent]).get(parent.id)
    if head is None:
        return None
    with work.house.store.open(parent.key) as repository:
        sha = kin.begins_alike(line, main_line(repository, head))
    seen = first_seen(work.session, [sha] if sha else [], [parent.id])
    return (sha, seen[sha][0][1]) if sha in seen else None


def _by_files(work: Work, design: Design, tip: str) -> Design | None:
    with work.house.store.open(design.key) as repository:
        files = _telling(repository, tip)
    shown = (each for each in holders(work.session, files) if each.design != design.id)
    return design_by_id(work.session, kin.nearest(files, shown))


def _by_word(work: Work, design: Design, tip: str) -> Design | None:
    return named_origin(work, design, read_tree(work, design, tip).manifest)


def named_origin(work: Work, design: Design, manifest: str | None) -> Design | None:
    """Returns the public design whose address in this service a manifest gives, or None."""
    address = f"{work.house.settings.address}/"
    said = stated_origin(manifest)
    owner, _, name = said.removeprefix(address).strip("/").removesuffix(".git").partition("/")
    if not said.startswith(address) or not name:
        return None
    try:
        found = design_by_path(work.session, owner, name)
    except NotFound:
        return None
    return found if found.visibility == "public" and found.id != design.id else None


def _telling(repository: Repository, sha: str) -> set[str]:
    """Returns the contents of a commit's source files that say something of their own; none where they are too much."""
    files = {
        each.sha: each.path
        for each in repository.files(sha)
        if each.kind == "blob" and each.size <= READABLE and is_source(each.path)
    }
    try:
        texts = repository.read_blobs(sorted(files))
    except TooLarge:
        return set()
    known = starter_lines()
    return {oid for oid, path in files.items() if says_something(path, texts[oid].decode("utf-8", "replace"), known)}
