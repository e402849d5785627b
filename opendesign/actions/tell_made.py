"""Somebody says what they made of a design, changes what they said, or takes it back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from hashlib import sha256

from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work, ground
from opendesign.actions.notify_about import notify_made
from opendesign.actions.read_tree import read_tree
from opendesign.actions.want_build import want_build
from opendesign.cad.photos import Drawn, draw_photos
from opendesign.core.access import may_withdraw
from opendesign.core.errors import Forbidden, Invalid, TooLarge, TooMany
from opendesign.core.made import MOST_PHOTOS, Account
from opendesign.core.parameter import check_values
from opendesign.core.snapshot import Snapshot
from opendesign.records.base import now
from opendesign.records.design import Design, known_refs
from opendesign.records.made import Made, Photo, made_since, next_made

DAY, MOST_A_DAY = timedelta(days=1), 20
LARGEST_PHOTO = 16 << 20  # bytes, as it is sent


def read_photos(sent: Sequence[bytes]) -> list[Drawn]:
    """Returns photos drawn anew, before anything is written; raises Invalid, TooLarge and Away."""
    sent = [each for each in sent if each]
    if len(sent) > MOST_PHOTOS:
        message = f"are at most {MOST_PHOTOS}"
        raise Invalid(f"Photos {message}.", [{"name": "photos", "message": message}])
    for each in sent:
        if len(each) > LARGEST_PHOTO:
            raise TooLarge(f"A photo may have {LARGEST_PHOTO >> 20} MiB; make it smaller.")
    drawn = draw_photos(sent)
    if not all(drawn):
        message = f"number {drawn.index(None) + 1} is no JPEG, PNG or WebP that can be read here"
        raise Invalid(f"Of the photos, {message}.", [{"name": "photos", "message": message}])
    return [each for each in drawn if each]


def tell_made(
    work: Work,
    design: Design,
    account: Account,
    ref: str = "",
    part: str = "",
    values: Mapping[str, object] | None = None,
    photos: Sequence[Drawn] = (),
) -> Made:
    """Keeps that the acting person made a part (empty: the whole) of a published revision, with these values.

    The model is built where it is not, so that readings stand beside its size. Raises NotFound for no such revision or
    part, Invalid for what cannot be kept, TooMany past 20 a day.
    """
    work.need("make", design)
    if work.person is None:
        raise Forbidden("Enter first, then say what you made.")
    if made_since(work.session, work.person, now() - DAY) >= MOST_A_DAY:
        raise TooMany(f"More than {MOST_A_DAY} a day; tell of the others tomorrow.", int(DAY.total_seconds()))
    sha = _published(work, design, ref)
    snapshot = read_tree(work, design, sha)
    path = snapshot.part(part).path if part else ""
    settings = _settings(snapshot, path, values or {})
    row = Made(design=design, sha=sha, part=path, settings=settings, person=work.person, at=now())
    row.account, row.number = account.cleaned(path), next_made(work.session, design)
    row.private = design.visibility != "public"
    row.build_key = want_build(work, design, snapshot, path, settings).key if path else ""
    row.told_at = row.at
    work.session.add(row)
    _add(work, row, photos)
    work.house.store.bring(design.key, design.key, sha, row.held_ref)
    notify_made(work, row, "made", snapshot.part(path).title if path else design.title)
    return row


def is_maker(work: Work, row: Made) -> bool:
    """Tells whether the acting person made a thing, and so may change what is said of it."""
    return work.person is not None and row.person_id == work.person.id


def change_made(
    work: Work, row: Made, account: Account, without: Sequence[str] = (), photos: Sequence[Drawn] = ()
) -> None:
    """Changes what the acting person said of a thing; revision, part and values stay.

    `without` names photos that go. Whoever confirmed or doubted it spoke of something else, and is asked anew. Raises
    Forbidden for another's, Invalid.
    """
    work.need("make", row.design)
    if not is_maker(work, row):
        raise Forbidden("Only whoever made it may change what is said of it.")
    for photo in [each for each in row.photos if each.digest in without]:
        row.photos.remove(photo)
    row.account, row.told_at = account.cleaned(row.part), now()
    row.private = row.design.visibility != "public"
    _add(work, row, photos)


def withdraw_made(work: Work, row: Made) -> None:
    """Takes back what was said, with its photos and whatever others said of it. Raises Forbidden."""
    if not may_withdraw(work.actor, ground(work.need("see", row.design)), row.person_id):
        raise Forbidden("Only whoever made it may take it back; report the page if something is wrong with it.")
    store, key, sha, held = work.house.store, row.design.key, row.sha, row.held_ref
    work.session.delete(row)
    work.session.flush()
    store.let_go(key, held)
    work.undo(partial(store.bring, key, key, sha, held))


def _published(work: Work, design: Design, ref: str) -> str:
    """Returns the commit of a revision that a branch or tag holds; raises Invalid for any other."""
    sha = find_revision(work, design, ref).sha
    tips = sorted(set(known_refs(work.session, design).values()))
    with work.house.store.open(design.key) as repository:
        if repository.count(sha, tips):
            message = "is on no branch and under no tag"
            raise Invalid(f"The revision {sha[:12]} {message}.", [{"name": "commit", "message": message}])
    return sha


def _settings(snapshot: Snapshot, path: str, values: Mapping[str, object]) -> dict[str, object]:
    """Returns the values that differ from the script's own, as JSON keeps them."""
    if not path:
        if values:
            raise Invalid("Values are those of one part: say which.", [{"name": "part", "message": "is missing"}])
        return {}
    parameters = snapshot.parameters(path)
    own = {each.name: each.default for each in parameters}
    return {name: value for name, value in check_values(parameters, values).items() if value != own[name]}


def _add(work: Work, row: Made, photos: Sequence[Drawn]) -> None:
    known = {each.digest for each in row.photos}
    for each in photos:
        digest = sha256(each.picture).hexdigest()[:32]
        if digest not in known:
            sides = {"width": each.width, "height": each.height}
            pictures = {"picture": each.picture, "small": each.small}
            row.photos.append(Photo(digest=digest, person_id=work.person and work.person.id, **sides, **pictures))
            known.add(digest)
    if len(row.photos) > MOST_PHOTOS:
        message = f"are at most {MOST_PHOTOS} in all"
        raise Invalid(f"Photos {message}.", [{"name": "photos", "message": message}])
    work.session.flush()
