"""Builds: what names them, what states they pass, what files each leaves."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence

STATES = ("wanted", "making", "made", "failed")
# Made with every build; core/output.py knows the others.
FORMATS = ("viewer", "step", "stl", "3mf", "glb", "brep", "png")
# What a script has made is shown, never run: no script, nothing fetched, and nobody's session (for SVG above all).
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
KEY = re.compile(r"[0-9a-f]{64}")
# Raised when the meaning of a key changes, so that nothing made under the old meaning is found again.
KEY_VERSION = 1


def blob_id(content: bytes) -> str:
    """The id git gives a file of this content: sha1 over `blob`, its length in bytes and the content."""
    return hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()


def build_key(engine: str, part: str, files: Mapping[str, str]) -> str:
    """The name of a build: 64 hex digits over all that can have an influence on it.

    `engine` names the engine with its version, `part` is the entry script's path, `files` maps the path of
    every file the script can read to its blob id. Parameters are in the rewritten scripts' blob ids.
    """
    return _digest("build", engine, part, sorted(files.items()))


def source_key(engine: str, part: str, files: Mapping[str, str]) -> str:
    """As `build_key`, but equal for a script that was only renamed; for finding renames, not for builds."""
    rest = sorted((path, blob) for path, blob in files.items() if path != part)
    return _digest("source", engine, files.get(part, ""), rest)


def comparison_key(engine: str, before: str | None, after: str | None) -> str:
    """The name of the geometric difference of two builds, by their keys; None stands for no part."""
    return _digest("comparison", engine, before, after)


def inspection_key(engine: str, files: Mapping[str, str], builds: Mapping[str, str]) -> str:
    """The name of a run of `checks.py`, by the blob ids of the files it can read and the keys of the parts it gets."""
    return _digest("inspection", engine, sorted(files.items()), sorted(builds.items()))


def spot_key(engine: str, build: str, point: Sequence[float]) -> str:
    """The name of the faces near a point (mm) of a build."""
    return _digest("spot", engine, build, list(point))


def fit_key(engine: str, build: str) -> str:
    """The name of what is known of how the components of a build fit."""
    return _digest("fit", engine, build)


def overlap_key(one: str, other: str) -> str:
    """The name of how far the shapes of two builds are the same, wherever they lie; no engine changes that."""
    return _digest("overlap", *sorted((one, other)))


def is_key(text: str) -> bool:
    """Says whether a text has the form of a key."""
    return KEY.fullmatch(text) is not None


def stamped_key(key: str, facts: Mapping[str, str]) -> str:
    """The name of a build's files that say where they come from: design, revision, licence and so on."""
    return _digest("stamped", key, sorted(facts.items()))


def _digest(*words: object) -> str:
    text = json.dumps([KEY_VERSION, *words], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
