"""Starters: small designs that somebody begins theirs from."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opendesign.core.errors import NotFound

FOLDER = Path(__file__).parent.parent / "demo" / "starters"
PLACEHOLDERS = ("title", "licence", "licensor")


@dataclass(frozen=True)
class Starter:
    """A starter by the name of its folder, with what it is called and what it holds."""

    name: str
    title: str
    summary: str


@cache
def starters() -> tuple[Starter, ...]:
    """Returns the starters that come with the service, in the order of their list."""
    table = tomllib.loads((FOLDER / "starters.toml").read_text())
    listed = table.get("starter") or [{"name": name} | facts for name, facts in table.items()]
    return tuple(Starter(each["name"], each["title"], each["summary"]) for each in listed)


def starter_files(name: str, words: Mapping[str, str]) -> dict[str, bytes]:
    """Returns the files of a starter with {title}, {licence} and {licensor} filled in; raises NotFound."""
    if name not in {starter.name for starter in starters()}:
        raise NotFound(f"There is no starter “{name[:80]}”.")
    folder = FOLDER / name
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc"]
    return {path.relative_to(folder).as_posix(): _filled(path, words) for path in paths}


@cache
def starter_lines() -> frozenset[str]:
    """Returns the lines that the files of starters have, whatever is filled in."""
    texts = (path.read_bytes() for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return frozenset(line.strip() for text in texts for line in text.decode("utf-8", "replace").splitlines())


def _filled(path: Path, words: Mapping[str, str]) -> bytes:
    content = path.read_bytes()
    for word in PLACEHOLDERS:
        value = words.get(word, "")
        if path.suffix == ".toml":  # stands in a basic string there, whose escapes are those of JSON
            value = json.dumps(value, ensure_ascii=False)[1:-1]
        content = content.replace(b"{%b}" % word.encode(), value.encode())
    return content
