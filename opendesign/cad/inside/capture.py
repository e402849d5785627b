"""Remembers what a script shows and exports, as it was at that moment."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import PurePath
from types import FrameType

from opendesign.cad.inside import colour, leaf

DRAWINGS = {".svg", ".dxf", ".png", ".jpg", ".html", ".json", ".txt"}
MOST_CAPTURED = 20_000


@dataclass
class Shown:
    """One thing a script has put forward, taken apart into leaves with shapes."""

    name: str | None
    leaves: list[leaf.Leaf]
    origin: object


@dataclass
class Capture:
    """Everything a script has put forward, by the way it did so; `entry` is the script's absolute path."""

    entry: str
    root: str
    shown: list[Shown] = field(default_factory=list)
    exported: list[Shown] = field(default_factory=list)
    drawn: list[Shown] = field(default_factory=list)
    viewed: list[Shown] = field(default_factory=list)
    debugged: list[Shown] = field(default_factory=list)
    by_modules: list[Shown] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    written: dict[str, list[leaf.Leaf]] = field(default_factory=dict)

    def show_object(self, obj: object, name: object = None, options: object = None, **more: object) -> None:
        """Takes what CQ-editor and CQGI would show."""
        options = {**options, **more} if isinstance(options, dict) else more
        shade = colour.read(options.get("color") or options.get("rgba"), options.get("alpha"))
        self.take(self.shown, obj, name or options.get("name"), shade)

    def debug(self, obj: object, name: object = None, *_: object, **__: object) -> None:
        """Takes what CQ-editor would show as an aid; it counts only when nothing else is shown."""
        self.take(self.debugged, obj, name, None)

    def view(self, *things: object, names: object = None, colors: object = None, **_: object) -> None:
        """Takes what a viewer's `show` would show."""
        names = list(names) if isinstance(names, list | tuple) else []
        shades = list(colors) if isinstance(colors, list | tuple) else []
        if len(things) == 2 and isinstance(things[1], str):
            things, names = things[:1], [things[1]]
        for place, thing in enumerate(things):
            shade = colour.read(shades[place]) if place < len(shades) else None
            self.take(self.viewed, thing, names[place] if place < len(names) else None, shade)

    def export(self, thing: object, path: object) -> None:
        """Takes what would be written to a file, under the file's stem, and leave an empty file in its place."""
        name, suffix = None, ""
        if isinstance(path, str | os.PathLike):
            pure = PurePath(os.fspath(path))
            name, suffix = pure.stem, pure.suffix.lower()
            self.leave(os.fspath(path))
            if suffix in (".step", ".stp") and len(self.written) < MOST_CAPTURED:
                self.written[os.path.abspath(os.fspath(path))] = leaf.of(thing, None)[0]
        self.take(self.drawn if suffix in DRAWINGS else self.exported, thing, name, None)

    def leave(self, path: str) -> None:
        """Leaves an empty file, as scripts may move or list what they have written; anywhere else is no matter."""
        try:
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with open(path, "ab"):
                return
        except OSError:
            return

    def take(self, group: list[Shown], thing: object, name: object, shade: colour.Colour | None) -> None:
        """Takes a thing apart and remembers it."""
        if len(group) >= MOST_CAPTURED:
            return
        if group is not self.shown and any(kept.origin is thing for kept in group):
            return
        found, warnings = leaf.of(thing, shade)
        title = str(name) if name else None
        self.warnings += [f"{title or 'A result'}: {warning}" for warning in warnings]
        if found:
            inner = group is not self.debugged and self.importing(sys._getframe(2))
            (self.by_modules if inner else group).append(Shown(title, found, thing))

    def importing(self, frame: FrameType | None) -> bool:
        """Says whether the call comes from a module of the design while it is imported."""
        while frame is not None:
            code = frame.f_code
            if code.co_name == "<module>" and code.co_filename.startswith(self.root):
                return code.co_filename != self.entry
            frame = frame.f_back
        return False
