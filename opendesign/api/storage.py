"""Storage: what your designs take, and for operators what everybody's do."""

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.measure_storage import quota_of
from opendesign.actions.show_storage import show_storage
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import DesignPath, Name, Shown, example
from opendesign.records.storage import storage_by_owner


class DesignStorage(Shown):
    """What a design takes, in bytes; a file of Git LFS counts in each design it was sent to."""

    design: DesignPath
    git_bytes: int
    large_bytes: int
    made_bytes: int


class StorageShown(Shown):
    """What you keep, in bytes, as measured last; a file of Git LFS counts once."""

    model_config = example(
        {
            "git_bytes": 1_200_000,
            "git_quota": 100_000_000,
            "large_bytes": 50_000_000,
            "large_quota": 53_687_091_200,
            "made_bytes": 7_000_000,
            "designs": [
                {"design": "ada/box", "git_bytes": 1_200_000, "large_bytes": 50_000_000, "made_bytes": 7_000_000}
            ],
        }
    )
    git_bytes: int
    git_quota: int | None = Field(description="Null: no limit.")
    large_bytes: int
    large_quota: int
    made_bytes: int = Field(description="Previews and files of parts: no quota, since they are made again when needed.")
    designs: list[DesignStorage] = Field(description="The largest first.")


class OwnerStorage(Shown):
    """What a person's designs take, in bytes."""

    model_config = example(
        {
            "owner": "ada",
            "designs": 3,
            "git_bytes": 1_200_000,
            "git_quota": None,
            "large_bytes": 0,
            "made_bytes": 7_000_000,
        }
    )
    owner: Name
    designs: int
    git_bytes: int
    git_quota: int | None = Field(description="Null: no limit.")
    large_bytes: int
    made_bytes: int


@operation("GET", "/storage", StorageShown, scope="read")
def show(work: Work) -> Answer:
    """Shows what your designs take, and of what quota."""
    kept = show_storage(work)
    listed = [
        DesignStorage(design=each.design.path, git_bytes=each.git, large_bytes=each.large, made_bytes=each.shelf)
        for each in kept.designs
    ]
    sums = {"git_bytes": kept.git, "large_bytes": kept.large, "made_bytes": kept.made}
    quotas = {"git_quota": kept.git_quota or None, "large_quota": kept.large_quota}
    return Answer(StorageShown.of(**sums, **quotas, designs=listed))


@operation("GET", "/admin/storage", list[OwnerStorage], operator=True)
def by_owner(work: Work) -> Answer:
    """Lists what people's designs take, the largest first, 200 at most."""
    rows = []
    for each in storage_by_owner(work.session):
        quota = quota_of(work, each.owner) or None
        sums = {"git_bytes": each.git, "large_bytes": each.large, "made_bytes": each.shelf}
        rows.append(OwnerStorage(owner=each.owner.name, designs=each.designs, git_quota=quota, **sums))
    return Answer(rows)
