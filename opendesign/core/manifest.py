"""What a design's `okh.toml` says about its parts: which it names, and which files are parts or are none."""

import posixpath
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from opendesign.core.errors import Invalid

MOST_PATTERNS = 50
LONGEST_PATTERN = 200


@dataclass(frozen=True)
class Named:
    """One `[[part]]` of the manifest: its file's path, its name and its material, which may both be empty."""

    path: str
    name: str
    material: str = ""


@dataclass(frozen=True)
class Manifest:
    """The `[[part]]` entries that have a `source`, and the patterns of `[opendesign]`: `parts` and `modules`."""

    named: list[Named] = field(default_factory=list)
    parts: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()

    def word(self, path: str) -> bool | None:
        """Says whether the manifest makes a file a part; None when it says nothing about it.

        An exact path counts more than a pattern, and of two that are alike the one that says no.
        """
        if path in self.modules:
            return False
        if path in self.parts or any(each.path == path for each in self.named):
            return True
        if fits(path, self.modules):
            return False
        return True if fits(path, self.parts) else None

    def title(self, path: str) -> str:
        """The name that the manifest gives a file, empty for none."""
        return next((each.name for each in self.named if each.path == path and each.name), "")

    def material(self, path: str) -> str:
        """What the manifest says that a file's part is made of, empty for nothing."""
        return next((each.material for each in self.named if each.path == path and each.material), "")


def read_manifest(text: str) -> Manifest:
    """The manifest; raises Invalid when it is not TOML. What is of the wrong kind in it counts as not there."""
    try:
        table = tomllib.loads(text)  # a number of thousands of digits is a ValueError that is no TOMLDecodeError
    except (ValueError, RecursionError) as error:
        reason = str(error)[:200]
        raise Invalid(f"okh.toml is not TOML: {reason}.", [{"path": "okh.toml", "message": reason}]) from error
    ours = table.get("opendesign", {})
    ours = ours if isinstance(ours, dict) else {}
    return Manifest(_named(table.get("part", [])), patterns(ours.get("parts")), patterns(ours.get("modules")))


def fits(path: str, patterns: Iterable[str]) -> bool:
    """Says whether a path fits a pattern: `*` stands for a name or a piece of one, `**` for any folders."""
    steps = path.split("/")
    return any(_fits(steps, each.split("/")) for each in patterns)


def _fits(steps: list[str], words: list[str]) -> bool:
    """Step by step, so that no pattern, however strange, takes longer than its length times the path's."""
    reached = {0}
    for word in words:
        if word == "**":
            reached = set(range(min(reached), len(steps) + 1)) if reached else reached
        else:
            reached = {at + 1 for at in reached if at < len(steps) and fnmatchcase(steps[at], word)}
    return len(steps) in reached


def patterns(value: object) -> tuple[str, ...]:
    """Returns the patterns in a value of the manifest, one or several; what is of the wrong kind is left out."""
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    whole = [each for each in texts if isinstance(each, str) and 0 < len(each) <= LONGEST_PATTERN]
    return tuple(each.lstrip("/").removeprefix("./") for each in whole[:MOST_PATTERNS])


def _named(entries: object) -> list[Named]:
    entries = [entries] if isinstance(entries, dict) else entries if isinstance(entries, list) else []
    named = []
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        found = entry.get("source", [])
        name, material = (_word(entry.get(key)) for key in ("name", "material"))
        for source in found if isinstance(found, list) else [found]:
            if isinstance(source, str) and source:
                path = posixpath.normpath(source).lstrip("/")
                named.append(Named(path, name, material))
    return named


def _word(value: object) -> str:
    return " ".join(value.split())[:80] if isinstance(value, str) else ""


def stated_licence(manifest: str | None) -> str:
    """The hardware licence that a manifest states; empty where it states none, or is none."""
    return _stated(manifest, "license")[:100]


def stated_origin(manifest: str | None) -> str:
    """The address of what a manifest says the design is a fork of; empty where it says nothing, or is none."""
    return _stated(manifest, "fork-of")


def _stated(manifest: str | None, key: str) -> str:
    try:
        found = tomllib.loads(manifest or "").get(key, "")
    except (ValueError, RecursionError):
        return ""
    return found.strip() if isinstance(found, str) else ""
