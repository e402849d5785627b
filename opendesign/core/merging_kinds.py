"""Which files are merged by what they say, not only by their lines, and how."""

from collections.abc import Mapping

from opendesign.core.merging import Merged, merge_scripts


def has_keys(path: str) -> bool:
    """Says whether a file is of a kind that is merged by what it says."""
    return path.endswith(".py")


def merge_texts(path: str, texts: tuple[str, str, str], chosen: Mapping[str, object]) -> Merged | None:
    """The file of base, ours and theirs merged by its kind; None where that does not help.

    See `merge_scripts` for `chosen` and what is raised.
    """
    if has_keys(path):
        return merge_scripts(texts, chosen, path)
    return None
