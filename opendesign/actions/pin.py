"""Comments are pinned to points of parts: the faces there are found once, and again on each newer build."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opendesign.actions.build import PASSING
from opendesign.actions.compare import Change3D
from opendesign.actions.find_build import find_build
from opendesign.actions.house import House, Work
from opendesign.cad.engine import Job
from opendesign.cad.version import engine_version
from opendesign.core import pin
from opendesign.core.build import spot_key
from opendesign.core.errors import Invalid, NotFound, Unbuildable
from opendesign.records.base import now
from opendesign.records.build import Build, build_by_key, release
from opendesign.records.proposal import Comment
from opendesign.records.spot import Spot, spots_by_key

PATIENCE = 120  # seconds after which a spot that is still being made has lost its maker
AFTER_BUILDS = 3  # priority, as of differences


@dataclass(frozen=True)
class Pin:
    """Where a comment's point is on the newest build, and the face it was put on (None while that is not known).

    place.state: `here`, `moved` or `outdated` (core/pin.py), or `unknown` while the newest build is not looked at;
    `waiting` is true while that will be known by itself.
    """

    comment: Comment
    place: pin.Place
    face: pin.Face | None
    build: Build | None
    waiting: bool = False

    @property
    def state(self) -> str:
        """`here`, `moved`, `outdated` or `unknown`."""
        return self.place.state


def put_pin(work: Work, said: Comment, normal: Iterable[float] | None, build: Build) -> None:
    """Writes down which build a comment's point lies on, and wants the faces there."""
    assert said.point is not None
    said.point = list(pin.clean_point(said.point))
    said.normal = list(pin.clean_point(list(normal))) if normal else None
    said.sha, said.build_key = said.proposal.source_sha, build.key
    said.spot_key = _want(work, build.key, said.point).key


def pinned_build(work: Work, path: str, key: str | None, change: Change3D | None) -> Build | None:
    """Returns the build of a part that somebody saw: the one they name, else the newest; None while there is none.

    Raises Invalid for a build that is not of the part, or that they may not see.
    """
    if not key:
        return newest(change, path)
    try:
        build = find_build(work, key)
    except NotFound:
        build = None
    if build is None or build.part != path:
        raise Invalid(
            "The point lies on a build of another part.", [{"name": "build", "message": "is of another part"}]
        )
    return build


def newest(change: Change3D | None, path: str | None) -> Build | None:
    """Returns the build of a part that a comparison ends with; None where it is gone, or was never wanted."""
    return next((part.after for part in change.parts if part.pair.after == path), None) if change else None


def pins_of(work: Work, change: Change3D | None, comments: Iterable[Comment]) -> dict[int, Pin]:
    """Returns where each comment with a point is on the newest builds, by the comment's number; reads only.

    None are known while there is nothing to compare, as when a branch is gone.
    """
    placed = [each for each in comments if each.point] if change else []
    there = {part.pair.after for part in change.parts} if change else set()
    builds = {each.id: newest(change, each.path) for each in placed}
    keys = {each.id: _key(builds[each.id], each) for each in placed}
    spots = spots_by_key(work.session, [*keys.values(), *(each.spot_key for each in placed)])
    return {each.id: _found(each, builds[each.id], keys[each.id], spots, each.path in there) for each in placed}


def want_pins(work: Work, pins: Mapping[int, Pin]) -> None:
    """Wants what is lacking to say where these pins are on the newest builds."""
    for each in pins.values():
        if each.waiting and each.build and each.comment.point:
            _want(work, each.build.key, each.comment.point)


def lacks(work: Work, pins: Mapping[int, Pin]) -> bool:
    """Tells whether somebody has to want it: `want_pins` does."""
    waiting = [each for each in pins.values() if each.waiting]
    keys = {_key(each.build, each.comment) for each in waiting}
    return bool(waiting) and bool(keys - spots_by_key(work.session, keys).keys())


def make_claimed_spot(house: House, key: str) -> str:
    """Finds the faces near a spot that was claimed for it; returns its state.

    Raises Unbuildable when the engine is off: the spot stays wanted.
    """
    with house.reading() as work:
        row = work.session.get(Spot, key)
        build = work.session.get(Build, row.build_key) if row else None
        if row is None or build is None:
            return "gone"
        names = [shape["name"] for shape in build.shapes]
        of, point, asker = build.key, row.point, row.asker
    if not house.shelf.has(of, "brep"):
        return _noted(house, key, "There are no exact shapes of this build.", None)
    shapes = house.shelf.path(of, "brep").read_bytes()
    outcome = house.engine.nearby(shapes, names, point, Job("", {}, background=True, owner=asker))
    if outcome.error and outcome.kind in PASSING:
        with house.noting() as work:
            release(work.session, Spot, key)
        raise Unbuildable(outcome.error["message"])
    try:
        faces = pin.check(outcome.result.get("faces")) if outcome.ok else []
    except Invalid as refusal:
        return _noted(house, key, f"The faces could not be read: {refusal}", None)
    return _noted(house, key, outcome.error["message"] if outcome.error else "", faces)


def _noted(house: House, key: str, message: str, faces: list[dict] | None) -> str:
    with house.noting() as work:
        row = work.session.get(Spot, key)
        if row is None:
            return "gone"
        row.finished_at = now()
        if message:
            row.state, row.error = "failed", {"kind": "geometry", "message": message}
        else:
            row.state, row.result = "made", {"faces": faces}
        return row.state


def _found(comment: Comment, build: Build | None, key: str | None, spots: Mapping[str, Spot], there: bool) -> Pin:
    if not pin.is_point(comment.point or []):
        return Pin(comment, pin.Place("outdated", (0.0, 0.0, 0.0)), None, build)
    point = pin.Place("here", pin.clean_point(comment.point or []), tuple(comment.normal) if comment.normal else None)
    old, new = spots.get(comment.spot_key or ""), spots.get(key or "")
    before = pin.faces_of(old.faces) if old else []
    face = pin.pinned(before, comment.normal)
    if comment.build_key is None or (build is not None and build.key == comment.build_key):
        return Pin(comment, point._replace(normal=face.normal if face else point.normal), face, build)
    if not there:
        return Pin(comment, point._replace(state="outdated"), face, build)
    if new is None or old is None or not {old.state, new.state} <= {"made", "failed"}:
        return Pin(comment, point._replace(state="unknown"), face, build, build is None or build.state != "failed")
    return Pin(comment, pin.follow(before, pin.faces_of(new.faces), point.point, comment.normal), face, build)


def _key(build: Build | None, comment: Comment) -> str | None:
    if build is None or not comment.point or not pin.is_point(comment.point):
        return None
    return comment.spot_key if build.key == comment.build_key else spot_key(engine_version(), build.key, comment.point)


def _want(work: Work, build_key: str, point: list[float]) -> Spot:
    key = spot_key(engine_version(), build_key, point)
    row = work.session.get(Spot, key)
    if row is None:
        asker = work.asker or build_by_key(work.session, build_key).asker
        row = Spot(key=key, build_key=build_key, point=point, asker=asker, priority=AFTER_BUILDS, wanted_at=now())
        row.state = "wanted"
        work.session.add(row)
        work.session.flush()
    if row.state == "wanted":
        work.soon("spot", key, AFTER_BUILDS)
    return row
