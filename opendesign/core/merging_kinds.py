"""Which files are merged by what they say, not only by their lines, and how."""

import posixpath
from collections.abc import Mapping

from opendesign.core.merging import Merged, merge_scripts
from opendesign.core.merging_bom import merge_bom
from opendesign.core.merging_manifest import merge_manifest
from opendesign.core.merging_presets import merge_presets
from opendesign.core.preset import FILE as PRESETS
from opendesign.core.snapshot import MANIFEST

BOM = "bom.csv"


def has_keys(path: str) -> bool:
    """Says whether a file is of a kind that is merged by what it says."""
    return path.endswith(".py") or posixpath.basename(path) in (PRESETS, BOM) or path == MANIFEST


def merge_texts(path: str, texts: tuple[str, str, str], chosen: Mapping[str, object]) -> Merged | None:
    """The file of base, ours and theirs merged by its kind; None where that does not help.

    See `merge_scripts` for `chosen` and what is raised.
    """
    if path.endswith(".py"):
        return merge_scripts(texts, chosen, path)
    if posixpath.basename(path) == PRESETS:
        return merge_presets(texts, chosen)
    if posixpath.basename(path) == BOM:
        return merge_bom(texts, chosen)
    if path == MANIFEST:
        return merge_manifest(texts, chosen)
    return None
