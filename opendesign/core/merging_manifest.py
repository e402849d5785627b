"""Merges three versions of an okh.toml by table and key."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import islice
from math import isfinite

from opendesign.core.errors import Invalid
from opendesign.core.merging import Merged, Slot, merge_slots
from opendesign.core.value import Value

HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=\s*""")
NAMING = ("source", "name", "file")  # what tells one entry of [[part]] from another, whatever its place
LONGEST_VALUE = 100  # lines; each is tried as the last one
MOST_MARKS = 50  # of remarks in one value; before each the value may end
READABLE = 64 << 10  # characters; real manifests have at most a tenth of it
Entry = tuple[str, int, int, object]  # a key, where its value stands, and the value


def merge_manifest(texts: tuple[str, str, str], chosen: Mapping[str, object]) -> Merged | None:
    """The manifest with both sides' changes; None where they exclude each other as text, or one is not TOML.

    Conflicts are named by table and key, as `license` or `part[lid.py].name`; see `merge_scripts` for the rest.
    """
    found = merge_slots(texts, chosen, manifest_slots)
    if found is None:
        return None
    merged, own = found
    text = merged.text
    for name, value in own.items():
        slot = manifest_slots(text)[name]
        text = text[: slot.start] + _literal(name, value, slot) + text[slot.end :]
    return Merged(text, merged.undecided)


def manifest_slots(text: str) -> dict[str, Slot]:
    """Where the values of a manifest are written; raises Invalid when it is not TOML."""
    try:
        tomllib.loads(text if len(text) <= READABLE else "too long")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid("okh.toml is not TOML.", [{"path": "okh.toml", "message": str(error)[:200]}]) from None
    slots: dict[str, Slot] = {}
    for table, entries in _tables(text):
        for key, start, end, value in entries:
            name = f"{table}.{key}" if table else key
            if name in slots or "\0" in name:
                raise Invalid(f"okh.toml names {name[:80]} twice.", [{"path": "okh.toml"}])
            slots[name] = Slot(start, end, text[start:end], _shown(value))
    return slots


def _tables(text: str) -> Iterator[tuple[str, list[Entry]]]:
    """Each table by its name, that of an entry of many with what tells it apart, and its keys."""
    name, is_entry, entries, counts = "", False, list[Entry](), dict[str, int]()
    lines = text.splitlines(keepends=True)
    at = number = 0
    while number < len(lines):
        taken = 1
        if header := HEADER.match(lines[number]):
            yield _called(name, is_entry, entries, counts), entries
            name, is_entry, entries = header[2], header[1] == "[[", []
        elif key := KEY.match(lines[number]):
            taken, length, value = _value("".join(lines[number : number + LONGEST_VALUE])[key.end() :])
            entries.append((key[1], at + key.end(), at + key.end() + length, value))
        at += sum(map(len, lines[number : number + taken]))
        number += taken
    yield _called(name, is_entry, entries, counts), entries


def _called(name: str, is_entry: bool, entries: list[Entry], counts: dict[str, int]) -> str:
    if not is_entry:
        return name
    counts[name] = counts.get(name, 0) + 1
    known = {key: value for key, _, _, value in entries if isinstance(value, str)}
    return f"{name}[{next((known[key] for key in NAMING if key in known), counts[name])}]"


def _value(text: str) -> tuple[int, int, object]:
    """How many lines a value takes, how long it is without the remark behind it, and what it is."""
    lines = text.splitlines(keepends=True)
    chunk = ""
    for taken, line in enumerate(lines, 1):
        chunk += line
        known = _parsed(chunk)
        if known is not None:
            for mark in (found.start() for found in islice(re.finditer("#", chunk), MOST_MARKS)):
                if _parsed(chunk[:mark]) == known:
                    return taken, len(chunk[:mark].rstrip()), known
            return taken, len(chunk.rstrip()), known
    raise Invalid("okh.toml has a value that is too long to be merged.", [{"path": "okh.toml"}])


def _parsed(text: str) -> object:
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _shown(value: object) -> Value:
    if isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value)):
        return value
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return tuple(value)
    return json.dumps(value, default=str, ensure_ascii=False)


def _literal(name: str, value: object, slot: Slot) -> str:
    """A value of one's own as TOML: a text where a text stands, else what it reads as."""
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if isinstance(slot.value, str) and slot.written[:1] in "\"'":
        written = json.dumps(value if isinstance(value, str) else written, ensure_ascii=False)
    if "\n" in written or _parsed(written) is None or ("#" in written and slot.written[:1] not in "\"'"):
        raise Invalid(f"{name[:80]} must be a value of TOML.", [{"name": name[:80], "message": "must be TOML"}])
    return written
