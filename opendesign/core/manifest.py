"""The parts that a design's `okh.toml` names."""

import posixpath
import tomllib
from dataclasses import dataclass

from opendesign.core.errors import Invalid


@dataclass(frozen=True)
class Named:
    """One `[[part]]` of the manifest: its script's path and its name, which may be empty."""

    path: str
    name: str


def named_parts(manifest: str) -> list[Named]:
    """The `[[part]]` entries that have a `source`; raises Invalid when the manifest is not TOML."""
    try:
        entries = tomllib.loads(manifest).get("part", [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error)[:200]
        raise Invalid(f"okh.toml is not TOML: {reason}.", [{"path": "okh.toml", "message": reason}]) from error
    entries = [entries] if isinstance(entries, dict) else entries if isinstance(entries, list) else []
    named = []
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        found = entry.get("source", [])
        name = entry.get("name", "")
        for source in found if isinstance(found, list) else [found]:
            if isinstance(source, str) and source:
                path = posixpath.normpath(source).lstrip("/")
                named.append(Named(path, " ".join(name.split())[:80] if isinstance(name, str) else ""))
    return named


def stated_licence(manifest: str | None) -> str:
    """The hardware licence that a manifest states; empty where it states none, or is none."""
    try:
        found = tomllib.loads(manifest or "").get("license", "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return ""
    return found.strip()[:100] if isinstance(found, str) else ""
