"""Merges three versions of a presets.json by script, preset and parameter."""

import json
import re
from collections.abc import Mapping
from json.decoder import JSONDecoder
from math import isfinite

from opendesign.core.errors import Invalid
from opendesign.core.merging import SIDES, Merged, Rivals, refuse_strange
from opendesign.core.preset import INDENT, refuse_word
from opendesign.core.threeway import join_keys
from opendesign.core.value import Value

BLANK = re.compile(r"[ \t\r\n]*")
DEEPEST = 20
DECODER = JSONDecoder(parse_constant=refuse_word)
Node = dict[str, "Node"] | str  # an object, or any other value as it is written; "" for what is not there


def merge_presets(texts: tuple[str, str, str], chosen: Mapping[str, object]) -> Merged | None:
    """The file with both sides' presets; None where one is no object of JSON or is laid out in a way of its own.

    Conflicts are named by script, preset and parameter, as `lid.py/Wide/WALL`; see `merge_scripts` for the rest.
    """
    try:
        sides = [_read(text) if text else {} for text in texts]
    except (ValueError, RecursionError):
        return None
    indent = next((found[1] for text in texts if (found := INDENT.match(text))), "  ")
    if any(text and _file(side, indent) != text for text, side in zip(texts, sides, strict=True)):
        return None
    join = _Join(chosen)
    joined = join.of(sides[0], sides[1], sides[2], "")
    refuse_strange(chosen, join.rivals)
    undecided = [each for each in join.rivals.values() if each.name not in chosen]
    return Merged(_file(joined, indent), undecided)


class _Join:
    def __init__(self, chosen: Mapping[str, object]):
        self.chosen = chosen
        self.rivals: dict[str, Rivals] = {}

    def of(self, base: Node, ours: Node, theirs: Node, name: str) -> Node:
        """What both sides made of a value; rivals are remembered, and are ours unless they are decided."""
        if _text(ours) == _text(theirs) or _text(theirs) == _text(base):
            return ours
        if _text(ours) == _text(base):
            return theirs
        if not isinstance(ours, dict) or not isinstance(theirs, dict):
            return self._decided(name, base, ours, theirs)
        old = base if isinstance(base, dict) else {}
        keys = [*join_keys(list(old), list(ours), list(theirs))]
        keys += [key for key in old if key not in keys]  # dropped by one; the other may have changed it
        inner = {
            key: self.of(old.get(key, ""), ours.get(key, ""), theirs.get(key, ""), f"{name}/{key}" if name else key)
            for key in keys
        }
        return {key: value for key, value in inner.items() if value != ""}

    def _decided(self, name: str, *three: Node) -> Node:
        base, ours, theirs = map(_value, three)
        self.rivals[name] = Rivals(name, base, ours, theirs)
        word = self.chosen.get(name, "ours")
        if isinstance(word, str) and word in SIDES:
            return three[SIDES.index(word)]
        return _own(name, word)


def _own(name: str, value: object) -> str:
    """A value of one's own as JSON; a form sends it as text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            pass  # a plain word
    if not isinstance(value, bool | int | float | str | list):
        raise Invalid(f"{name[:80]} must be a value.", [{"name": name[:80], "message": "must be a value"}])
    return json.dumps(value, ensure_ascii=False)


def _value(node: Node) -> Value | None:
    """A value as conflicts show it: what is no number, text or truth value is shown as JSON."""
    if node == "":
        return None
    value = json.loads(_text(node))
    if isinstance(value, str):
        return value if _is_clean(value) else _text(node)
    is_plain = isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value))
    return value if is_plain else _text(node)


def _is_clean(text: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in text)


def _text(node: Node) -> str:
    if isinstance(node, str):
        return node
    return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {_text(each)}" for key, each in node.items()) + "}"


def _file(node: Node, indent: str) -> str:
    return _laid_out(node, indent, "\n") + "\n"


def _laid_out(node: Node, indent: str, line: str) -> str:
    if isinstance(node, str):
        return node
    inner = line + indent
    entries = [f"{json.dumps(k, ensure_ascii=False)}: {_laid_out(v, indent, inner)}" for k, v in node.items()]
    return "{" + inner + f",{inner}".join(entries) + line + "}" if entries else "{}"


def _read(text: str) -> Node:
    """The outermost object of a JSON text; raises ValueError for what is none, or names a key twice."""
    node, end = _node(text, _skip(text, 0), 0)
    if not isinstance(node, dict) or _skip(text, end) != len(text):
        raise ValueError("not one object")
    return node


def _node(text: str, at: int, depth: int) -> tuple[Node, int]:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if not text.startswith("{", at):
        _, end = DECODER.raw_decode(text, at)
        return text[at:end], end
    node: dict[str, Node] = {}
    at = _skip(text, at + 1)
    while not text.startswith("}", at):
        key, at = DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if not isinstance(key, str) or not _is_clean(key) or key in node or not text.startswith(":", at):
            raise ValueError("no key, or one that comes twice")
        node[key], at = _node(text, _skip(text, at + 1), depth + 1)
        at = _skip(text, at)
        if text.startswith(",", at):
            at = _skip(text, at + 1)
        elif not text.startswith("}", at):
            raise ValueError("no comma")
    return node, at + 1


def _skip(text: str, at: int) -> int:
    found = BLANK.match(text, at)
    return found.end() if found else at
