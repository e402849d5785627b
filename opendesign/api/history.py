"""History: how a part's measurements went from revision to revision, and which revision changed them."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.find_revision import find_revision
from opendesign.actions.follow_part import MOST, History, Point, follow_part, want_history
from opendesign.actions.house import Work
from opendesign.api.builds import BUILDS, Ailment
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Box, Query, Sha, Shown, example
from opendesign.api.visit import brake
from opendesign.core.history import AXES, value_of
from opendesign.records.design import Design

POINT = {
    "sha": "9fceb02d0ae598e95dc970b74767f19372d61af8",
    "at": "2024-05-01T12:00:00Z",
    "author": "Ada",
    "subject": "Thicker walls",
    "path": "lid.py",
    "key": "5e" * 32,
    "state": "made",
    "error": None,
    "volume_mm3": 9540.0,
    "area_mm2": 21200.0,
    "bbox_mm": [[0, 0, 0], [120, 80, 12]],
    "size_mm": [120.0, 80.0, 12.0],
    "print_min": 71.0,
    "seconds": 0.41,
    "href": f"/api/v1/builds/{'5e' * 32}",
}


class PointShown(Shown):
    """A revision that gave the part another build, and what that measures; null for what is not known (yet)."""

    model_config = example(POINT)
    sha: Sha
    at: datetime
    author: str
    subject: str
    path: str = Field(description="The part's path at that revision.")
    key: str = Field(description="The key of its build.")
    state: Literal["lacking", "wanted", "making", "made", "failed"] = Field(
        description="lacking: nobody has wanted this build; POST here wants it."
    )
    error: Ailment | None
    volume_mm3: float | None
    area_mm2: float | None
    bbox_mm: Box | None
    size_mm: tuple[float | None, float | None, float | None] = Field(description="Along x, y and z.")
    print_min: float | None = Field(description="How many minutes a print takes, by a rate: rough.")
    seconds: float | None = Field(description="How long the build took.")
    href: str | None


class HistoryShown(Shown):
    """A part along a branch, oldest first."""

    model_config = example(
        {"part": "lid.py", "ref": "main", "whole": True, "lacking": 0, "waiting": 0, "points": [POINT]}
    )
    part: str
    ref: str
    whole: bool = Field(description="False when older revisions are left out.")
    lacking: int = Field(description=f"How many of the newest {MOST} builds nobody has wanted; POST wants them.")
    waiting: int = Field(description="How many builds are on their way.")
    points: list[PointShown]


class Ref(Query):
    """A revision."""

    ref: str = Field("", description="A branch, tag or commit; by default the default branch.")


@operation("GET", f"{DESIGN}/parts/{{path}}/history", HistoryShown, verb="see", query=Ref)
def show(work: Work, design: Design, path: str, query: Ref) -> Answer:
    """Shows how a part's measurements went from revision to revision, as far as its builds are made.

    Only revisions that gave the part another build are named, along the first parents of the branch: a merge counts
    as one. Renames are followed. Nothing is built by looking.
    """
    place = find_revision(work, design, query.ref)
    return Answer(_shown(place.ref, follow_part(work, design, place.sha, path)))


@operation(
    "POST",
    f"{DESIGN}/parts/{{path}}/history",
    {202: HistoryShown, 200: HistoryShown},
    verb="build",
    query=Ref,
)
def want(work: Work, design: Design, path: str, query: Ref) -> Answer:
    """Wants the newest builds of a part's history that nobody has wanted, in the background.

    202 while builds are on their way, 200 when there is nothing to wait for.
    """
    brake()
    place = find_revision(work, design, query.ref)
    want_history(work, design, follow_part(work, design, place.sha, path))
    found = follow_part(work, design, place.sha, path)
    return Answer(_shown(place.ref, found), 202 if found.waiting else 200)


def _shown(ref: str, history: History) -> HistoryShown:
    return HistoryShown(
        part=history.points[-1].path,
        ref=ref,
        whole=history.whole,
        lacking=history.lacking,
        waiting=history.waiting,
        points=[point_shown(point) for point in history.points],
    )


def point_shown(point: Point) -> PointShown:
    """Returns a revision of a part's history."""
    build = point.build
    made = build if build is not None and build.state == "made" else None
    total = (made.total if made else None) or {}
    return PointShown.of(
        sha=point.commit.sha,
        at=point.commit.committer.at,
        author=point.commit.author.name,
        subject=point.commit.subject,
        path=point.path,
        key=point.key,
        state=point.state,
        error=build.error if build is not None and point.state == "failed" else None,
        volume_mm3=total.get("volume_mm3"),
        area_mm2=total.get("area_mm2"),
        bbox_mm=total.get("bbox_mm"),
        size_mm=[value_of(axis, total, None, 0) for axis in AXES],
        print_min=value_of("print", total, None, 0),
        seconds=made.seconds if made else None,
        href=f"{BUILDS}/{point.key}" if build is not None else None,
    )
