"""The closure of a script: every file of the design that it can read."""

import posixpath
from collections.abc import Collection, Iterator, Mapping

from opendesign.core.reading import named_sources, readable
from opendesign.core.scan import Scan, scan

# What the engine itself provides and the jail looks for first: no file of the design can stand in for it.
PROVIDED = ("cadquery", "build123d", "OCP", "ocp_vscode", "numpy")


def closure(path: str, sources: Mapping[str, str], others: Collection[str]) -> tuple[str, ...]:
    """The script, the modules it can import and the data files it can read, sorted.

    `sources` holds every Python file by path, `others` the paths of all other files. A script is shown
    nothing else in the jail, so a file that is missing here can make a build fail and never make a kept one
    wrong; where the source leaves it open, more is included.
    """
    scans = reached(path, sources)
    found = [each for each in scans.values() if each]
    folders = {posixpath.dirname(each) for each in scans}
    return tuple(sorted({*scans, *readable(found, folders, others)}))


def reached(path: str, sources: Mapping[str, str]) -> dict[str, Scan | None]:
    """The script and the modules it can import, in the order they are met, with what each says."""
    tree = Tree(sources)
    scans: dict[str, Scan | None] = {}
    waiting = [path]
    while waiting:
        current = waiting.pop(0)
        if current in scans or current not in sources:
            continue
        found = scans[current] = scan(sources[current])
        if found is None:
            continue
        waiting += tree.imported(current, path, found)
        waiting += named_sources(found, sources)
        if found.imports_computed:
            waiting += sorted(sources)
    return scans


class Tree:
    """The Python files of a design as a tree in which module names are looked up."""

    def __init__(self, sources: Collection[str]):
        self.paths = frozenset(sources)
        self.folders: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            self.folders.setdefault(posixpath.dirname(path), []).append(path)

    def imported(self, path: str, entry: str, found: Scan) -> list[str]:
        """The files that the imports of `path` can mean when the script `entry` is run."""
        roots = self.roots(path, entry, found.changes_path)
        files: dict[str, None] = {}
        for level, dotted, names in found.imports:
            if not level and dotted.partition(".")[0] in PROVIDED:
                continue
            places = _same_package(_ancestor(path, level), roots) if level else roots
            for place in places:
                files.update(dict.fromkeys(self._meant(place, dotted, names)))
        return list(files)

    def roots(self, path: str, entry: str, changes_path: bool) -> list[str]:
        """The folders on the script's path: its own, those above it, `src` in each, and the importer's."""
        if changes_path:
            return sorted({"", *self.folders})
        above = _above(posixpath.dirname(entry))
        return list(dict.fromkeys([*above, *(_join(f, "src") for f in above), posixpath.dirname(path)]))

    def _meant(self, place: str, dotted: str, names: tuple[str, ...]) -> Iterator[str]:
        words = dotted.split(".") if dotted else []
        if not words:
            yield from self._module(place)
        for end in range(1, len(words) + 1):
            yield from self._module(_join(place, *words[:end]))
        package = _join(place, *words)
        for name in names:
            if name == "*":
                yield from self.folders.get(package, ()) if words or package else ()
            else:
                yield from self._module(_join(package, name))

    def _module(self, stem: str) -> Iterator[str]:
        for path in (f"{stem}.py", _join(stem, "__init__.py")):
            if path in self.paths:
                yield path


def _above(folder: str) -> list[str]:
    """A folder and all folders above it, up to the design's root, which is the empty text."""
    folders = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        folders.append(folder)
    return folders


def _same_package(folder: str, roots: list[str]) -> list[str]:
    """A package's folder and those of the same dotted name under other roots, which Python may join to it."""
    names = [folder.removeprefix(root).lstrip("/") for root in roots if _within(folder, root)]
    return list(dict.fromkeys([folder, *(_join(root, name) for name in names for root in roots)]))


def _within(folder: str, root: str) -> bool:
    return not root or folder == root or folder.startswith(root + "/")


def _ancestor(path: str, level: int) -> str:
    folder = posixpath.dirname(path)
    for _ in range(level - 1):
        folder = posixpath.dirname(folder)
    return folder


def _join(*words: str) -> str:
    return "/".join(word for word in words if word)
