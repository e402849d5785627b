"""Opens the repositories that the settings describe, with their large files on the disk or in a bucket."""

from dataclasses import fields

from opendesign.cad.shelves import open_bucket
from opendesign.core.settings import Settings
from opendesign.git.large_bucket import BucketFiles
from opendesign.git.lfs import LargeFiles
from opendesign.git.limits import GitLimits
from opendesign.git.store import Store


def open_store(settings: Settings) -> Store:
    """Returns the repositories and large files; files of Git LFS lie where made files do. Raises Invalid."""
    limits = GitLimits(**{each.name: getattr(settings, each.name) for each in fields(GitLimits)})
    root = settings.repos.resolve() / "lfs"
    bucket = open_bucket(settings)
    return Store(settings.repos, limits, BucketFiles(root, *bucket) if bucket else LargeFiles(root))
