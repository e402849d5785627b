"""Starters: small designs that somebody begins theirs from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opendesign.core.errors import NotFound
from opendesign.core.language import N_

FOLDER = Path(__file__).parent.parent / "demo" / "starters"
PLACEHOLDERS = ("title", "licence", "licensor")


@dataclass(frozen=True)
class Starter:
    """A starter by the name of its folder, with what it is called and what it holds, as pages translate them."""

    name: str
    title: str
    summary: str


STARTERS = (
    Starter("box", N_("Simple box"), N_("One part with three sliders: the shortest way to a first model.")),
    Starter(
        "enclosure",
        N_("Enclosure with a lid"),
        N_("A box around a circuit board, with a lid, feet and an opening for a cable."),
    ),
    Starter("bracket", N_("Bracket"), N_("An angle with screw holes and a gusset, to fix one thing to another.")),
    Starter(
        "assembly",
        N_("Assembly"),
        N_("Two parts and a screw put together, with the sizes they share in a file of their own."),
    ),
)


def starter_files(name: str, words: Mapping[str, str]) -> dict[str, bytes]:
    """Returns the files of a starter with {title}, {licence} and {licensor} filled in; raises NotFound."""
    if name not in {starter.name for starter in STARTERS}:
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
