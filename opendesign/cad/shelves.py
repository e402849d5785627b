"""Which shelf there is, and which bucket for large files: the one place that chooses."""

from dataclasses import replace
from importlib import import_module
from typing import Any

from opendesign.cad.copies import Copies
from opendesign.cad.shelf import Shelf
from opendesign.core.settings import Settings

LARGE = "lfs/"  # what the names of large files begin with in the bucket of made files


def open_shelf(settings: Settings) -> Shelf:
    """Opens the shelf that the settings describe. Raises Invalid for a URL that names none."""
    address = settings.bucket
    if address is None:
        return Shelf(settings.shelf)
    # The client of such stores takes half a second to import and 38 MiB: only whoever uses one pays.
    kind = import_module("opendesign.cad.bucket_shelf").BucketShelf
    return kind(address, settings.shelf_copies, settings.shelf_cache_bytes, settings.var / "alone")


def open_bucket(settings: Settings) -> tuple[Any, Copies] | None:
    """Opens the bucket of large files (cad/bucket.py), with copies of some; None where they lie on the disk."""
    address = settings.bucket
    if address is None:
        return None
    bucket = import_module("opendesign.cad.bucket").Bucket(replace(address, prefix=address.prefix + LARGE))
    return bucket, Copies(settings.shelf_copies, settings.shelf_cache_bytes)
