"""Which data files a script can read, judged by the texts that stand in it."""

import posixpath
import re
from collections.abc import Collection, Iterable

from opendesign.core.scan import Scan

BETWEEN = re.compile(r"[\\/\s'\"<>|,;()=]+")
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%[-+# 0-9.]*[sdifgxr]|\*+|\?|\[[^\]]*\]")
# Kinds of file that a bare name ("board" for board.step) may mean.
MODELS = {"step", "stp", "stl", "dxf", "svg", "brep", "brp", "iges", "igs", "3mf", "obj", "ply", "xbf", "glb"}
TABLES = {"json", "yaml", "yml", "toml", "csv", "tsv", "ini", "cfg", "txt", "xml", "dat"}
FONTS = {"ttf", "otf", "ttc", "npy", "npz", "pickle", "pkl"}
MOST_PATTERNS = 50  # more name patterns than any real script has; beyond it everything is included


def readable(scans: Iterable[Scan], folders: Collection[str], others: Collection[str]) -> set[str]:
    """The data files that the scanned sources, which lie in these folders, can read.

    A file counts when a text in the sources names it, the end of its name (".step" from a name put together)
    or a pattern that fits it; its bare name and a folder above it count if the sources open anything.
    Everything below the sources' folders counts when they list folders, or open a computed name that no
    text, or only a table of names, explains.
    """
    scans = list(scans)
    words = _words(scans)
    opens = any(each.opens for each in scans)
    hinted = {path for path in others if opens and words.above(path)}
    return _found(scans, words, folders, others, hinted)


def inputs_named(scans: Iterable[Scan], folders: Collection[str], others: Collection[str]) -> set[str]:
    """The data files that the sources seem to read: as `readable`, but a folder's name does not mean all in it."""
    scans = list(scans)
    return _found(scans, _words(scans), folders, others, set())


def _found(
    scans: list[Scan], words: "Words", folders: Collection[str], others: Collection[str], hinted: set[str]
) -> set[str]:
    opens = any(each.opens for each in scans)
    found = hinted | {path for path in others if words.ends(_base(path)) or (opens and words.hint(path))}
    explained = bool(found) and not any(_ending(path) in TABLES for path in found)
    computed = any(each.opens_computed for each in scans) and not explained
    if computed or words.everything or any(each.lists_folders for each in scans):
        found |= {path for path in others if _below(path, folders) and not path.startswith(".")}
    return found


def _words(scans: Iterable[Scan]) -> "Words":
    return Words({text for each in scans for text in each.texts})


def named_sources(found: Scan, sources: Collection[str]) -> list[str]:
    """The Python files whose names stand in a source's texts, as for exec(open("x.py").read())."""
    texts = {text for text in found.texts if ".py" in text}
    if not texts:
        return []
    words = Words(texts)
    return sorted(path for path in sources if words.ends(_base(path)))


class Words:
    """The words in a set of texts, ready to be compared with many paths."""

    def __init__(self, texts: Iterable[str]):
        self.words: set[str] = set()
        self.patterns: list[re.Pattern[str]] = []
        self.everything = False
        self.dot_at_end = False
        for text in texts:
            text = text.lower()
            self.dot_at_end |= text.endswith(".") and not text[:-1].count(" ")
            self.words.update(word for word in BETWEEN.split(text) if word not in ("", ".", ".."))
        patterned = {word for word in self.words if PLACEHOLDER.search(word)}
        self.patterns = [pattern for word in sorted(patterned)[:1000] if (pattern := _pattern(word))]
        if len(self.patterns) > MOST_PATTERNS:
            self.patterns, self.everything = [], True

    def hint(self, path: str) -> bool:
        """Says whether the words hold the bare name or the ending of a file."""
        base = _base(path)
        stem, ending = posixpath.splitext(base)[0], _ending(base)
        bare = ending in MODELS or ending in TABLES or ending in FONTS
        return (bare and stem in self.words) or (self.dot_at_end and ending in self.words)

    def above(self, path: str) -> bool:
        """Says whether the words hold the name of a folder above a file."""
        return any(folder in self.words for folder in path.lower().split("/")[:-1])

    def ends(self, base: str) -> bool:
        """Says whether a lower-case file name is a word, ends with one that has a dot, or fits a pattern."""
        last_dot = base.rfind(".")
        if base in self.words or any(base[at:] in self.words for at in range(1, last_dot + 1)):
            return True
        return any(pattern.fullmatch(base) for pattern in self.patterns)


def _pattern(word: str) -> re.Pattern[str] | None:
    """A pattern for names such as `plate_{}.dxf`; None if too little of it is fixed to mean a file."""
    fixed = PLACEHOLDER.split(word)
    if sum(map(str.isalnum, "".join(fixed))) < 2 or len(word) > 200 or len(fixed) > 6:
        return None
    return re.compile("[^/]*" + "[^/]*".join(map(re.escape, fixed)))


def _base(path: str) -> str:
    return posixpath.basename(path).lower()


def _ending(path: str) -> str:
    return posixpath.splitext(path)[1].lower().removeprefix(".")


def _below(path: str, folders: Collection[str]) -> bool:
    return any(not folder or path.startswith(folder + "/") for folder in folders)
