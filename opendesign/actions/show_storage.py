"""Somebody looks at what their designs take, and at how much they may keep."""

from dataclasses import dataclass

from opendesign.actions.house import Work
from opendesign.actions.measure_storage import quota_of
from opendesign.core.errors import Forbidden
from opendesign.records.lfs import spent_by
from opendesign.records.storage import Taken, storage_by_design


@dataclass(frozen=True)
class Kept:
    """What a person keeps, in bytes: of git and Git LFS with the quota, 0 for none; made files count for none.

    A file of Git LFS counts once, in however many designs it is.
    """

    git: int
    git_quota: int
    large: int
    large_quota: int
    made: int
    designs: list[Taken]


def show_storage(work: Work) -> Kept:
    """Returns what the acting person keeps, as measured last; raises Forbidden for a stranger."""
    if work.person is None:
        raise Forbidden("This needs to know who asks.")
    designs = storage_by_design(work.session, work.person)
    return Kept(
        git=sum(each.git for each in designs),
        git_quota=quota_of(work, work.person),
        large=spent_by(work.session, work.person),
        large_quota=work.house.settings.lfs_owner_bytes,
        made=sum(each.shelf for each in designs),
        designs=designs,
    )
