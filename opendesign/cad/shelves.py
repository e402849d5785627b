"""Which shelf there is: the one place that chooses."""

from importlib import import_module

from opendesign.cad.shelf import Shelf
from opendesign.core.settings import Settings


def open_shelf(settings: Settings) -> Shelf:
    """Opens the shelf that the settings describe. Raises Invalid for a URL that names none."""
    address = settings.bucket
    if address is None:
        return Shelf(settings.shelf)
    # The client of such stores takes half a second to import and 38 MiB: only whoever uses one pays.
    kind = import_module("opendesign.cad.bucket_shelf").BucketShelf
    return kind(address, settings.shelf_copies, settings.shelf_cache_bytes, settings.var / "alone")
