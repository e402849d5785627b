"""Somebody gives out a revision: a tag that stays, a title, notes, and the files of every part."""

from functools import partial

from opendesign.actions.create_design import sign
from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.sync import sync
from opendesign.actions.want_build import BACKGROUND, want_files, want_measured
from opendesign.core.errors import Conflict, Forbidden, Invalid
from opendesign.core.names import clean_line, clean_text
from opendesign.git.names import check_tag
from opendesign.git.tagging import create_tag
from opendesign.records.design import Design, known_refs
from opendesign.records.release import Release, released_tags

LONGEST_TITLE = 200
TAGS = "refs/tags/"
FORM = "new"  # the address of the form, which would hide a release so called


def publish(work: Work, design: Design, tag: str, title: str = "", notes: str = "", ref: str = "") -> Release:
    """Releases a revision under a tag, which is made where it is not there, and wants all files of its parts.

    A tag that is there is released where it stands; a new one is put on `ref`, by default the default branch. Raises
    Invalid for a bad name, NotFound for no such revision, Conflict for a tag that is released or stands elsewhere.
    """
    work.need("release", design)
    tag = clean_line(tag, LONGEST_TITLE, "tag")
    check_tag(tag)
    title, notes = _words(work, title or tag, notes)
    if tag == FORM:
        raise Invalid(f"A release cannot be called “{FORM}”.", [{"name": "tag", "message": "is taken"}])
    if tag in released_tags(work.session, design):
        message = f"“{tag}” is released already; change its notes instead"
        raise Conflict(f"{message}.", [{"name": "tag", "message": message}])
    sha = _tagged(work, design, tag, f"{title}\n\n{notes}", ref)
    made = Release(design=design, tag=tag, sha=sha, title=title, notes=notes, person=work.person)
    work.session.add(made)
    work.session.flush()
    work.house.store.bring(design.key, design.key, sha, made.held_ref)
    sync(work, design)
    _want_all(work, design, sha)
    return made


def change_release(work: Work, release: Release, title: str | None, notes: str | None) -> None:
    """Changes the words of a release, None leaves them; its tag and revision stay. Raises Invalid."""
    work.need("release", release.design)
    release.title, release.notes = _words(
        work, release.title if title is None else title or release.tag, release.notes if notes is None else notes
    )
    work.session.flush()


def recall(work: Work, release: Release) -> None:
    """Takes a release back: its tag stays, and can be moved and deleted again; the commit is held by its refs alone."""
    work.need("recall", release.design)
    store, key, sha, held = work.house.store, release.design.key, release.sha, release.held_ref
    work.session.delete(release)
    work.session.flush()
    store.let_go(key, held)
    work.undo(partial(store.bring, key, key, sha, held))


def unreleased(work: Work, design: Design) -> list[tuple[str, str]]:
    """Returns name and commit of each tag that nobody has released."""
    released = set(released_tags(work.session, design))
    refs = known_refs(work.session, design)
    tags = [(name.removeprefix(TAGS), sha) for name, sha in sorted(refs.items()) if name.startswith(TAGS)]
    return [(name, sha) for name, sha in tags if name not in released and name != FORM]


def _words(work: Work, title: str, notes: str) -> tuple[str, str]:
    return clean_line(title, LONGEST_TITLE, "title"), clean_text(notes, work.house.limits.proposal_body, "notes")


def _tagged(work: Work, design: Design, tag: str, message: str, ref: str) -> str:
    """Returns the commit of a tag, put where it is to be if it is not there."""
    if work.person is None:
        raise Forbidden("Enter first, then release.")
    refs = known_refs(work.session, design)
    if f"refs/heads/{tag}" in refs:
        message = f"there is a branch “{tag}”, so that a tag of this name would be taken for it"
        raise Conflict(f"Choose another tag: {message}.", [{"name": "tag", "message": message}])
    there = refs.get(TAGS + tag)
    if there and ref and find_revision(work, design, ref).sha != there:
        message = f"The tag “{tag}” is there already, at {there[:7]}"
        raise Conflict(f"{message}. Leave the revision out to release it where it is, or choose another tag.")
    if there:
        return there
    sha = find_revision(work, design, ref).sha
    with work.house.store.open(design.key) as repository:
        create_tag(repository, tag, sha, message, sign(work.person))
    return sha


def _want_all(work: Work, design: Design, sha: str) -> None:
    snapshot = read_tree(work, design, sha)
    for part in snapshot.parts[: work.house.limits.archive_parts]:
        want_files(work, want_measured(work, design, snapshot, part.path), BACKGROUND)
