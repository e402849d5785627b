"""Radar: what a family has and a design has not, in order, and which of the design's parts it is about."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

SORTS = ("new", "adopted")


@dataclass(frozen=True, slots=True)
class Blip:
    """An improvement as the radar sees it; `design` is where it was born, `paths` the files it is in."""

    sha: str
    design: int
    received_at: datetime
    subject: str
    author: str
    value: float
    paths: tuple[str, ...]


def readers(inputs: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Returns, by file, the parts that can read it, from what each part can read; parts keep their order."""
    found: dict[str, list[str]] = {}
    for part, paths in inputs.items():
        for path in paths:
            found.setdefault(path, []).append(part)
    return {path: tuple(parts) for path, parts in found.items()}


def parts_of(paths: Iterable[str], reading: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Returns the parts that files belong to: a module that several parts read belongs to each of them."""
    return tuple(dict.fromkeys(part for path in paths for part in reading.get(path, ())))


def says(blip: Blip, words: Collection[str]) -> bool:
    """Says whether all these words, in small letters, are in an improvement's subject, author or files."""
    text = " ".join((blip.subject, blip.author, blip.sha, *blip.paths)).lower()
    return all(word in text for word in words)


def in_order(blips: Iterable[Blip], sort: str, takers: Mapping[str, Collection[int]]) -> list[Blip]:
    """Returns improvements, given newest first, by a sort of SORTS: the most adopted of the newest first."""
    if sort == "adopted":
        return sorted(blips, key=lambda blip: -len(takers.get(blip.sha, ())))
    return list(blips)


def clustered(blips: Iterable[Blip], parts: Mapping[str, tuple[str, ...]]) -> list[Blip]:
    """Returns improvements with those of the same parts together, where the first of them stands.

    What belongs to no part comes last.
    """
    clusters: dict[tuple[str, ...], list[Blip]] = {}
    for blip in blips:
        clusters.setdefault(parts.get(blip.sha, ()), []).append(blip)
    apart = clusters.pop((), [])
    return [blip for cluster in clusters.values() for blip in cluster] + apart
