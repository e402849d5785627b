"""Parts: the scripts of a design that show a shape, and the parameters each of them has."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from opendesign.core.errors import Invalid
from opendesign.core.evidence import Evidence, evidence
from opendesign.core.imports import Tree, closure, reached
from opendesign.core.limits import LIMITS
from opendesign.core.manifest import Named, named_parts
from opendesign.core.parameter import Parameter, check_values, read_parameters
from opendesign.core.rewriting import rewrite
from opendesign.core.scan import scan

__all__ = ["Part", "apply_values", "closure", "find_parts", "part_parameters"]

LOOKS_LIKE_CAD = re.compile(r"\b(?:cadquery|build123d)\b|\bshow_object\b|\bcq\.Workplane\b")
IMPORTS_ENGINE = re.compile(r"(?m)^[ \t]*(?:from|import)[ \t]+(cadquery|build123d)\b")
SHOWS = re.compile(r"(?m)\bshow(?:_object)?\s*\(|\bexport\w*\s*\(|^(?:result|res|r)\s*=")
NEVER = re.compile(r"(?:^|/)(?:setup|conftest|noxfile|conf)\.py$|(?:^|/)\.[^/]|(?:^|/)(?:site-packages|node_modules)/")
IN_TESTS = re.compile(r"(?:^|/)(?:tests?/|test_[^/]*\.py$|[^/]*_test\.py$)")
FIELDS = ("name", "file", "filename", "title", "author", "date", "by")  # a header's, not a title
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Part:
    """A script that shows a shape; `engine` is cadquery or build123d."""

    path: str
    title: str
    summary: str
    engine: str


def find_parts(sources: Mapping[str, str], manifest: str | None = None) -> list[Part]:
    """The parts among the Python files of a design, sorted by path.

    A part uses an engine, directly or through a module of the design, and shows or exports something, names
    a result, or makes a shape and is imported by nobody. A broken script that looks like one stays a part, so
    that its error is shown. Scripts named in `okh.toml` are parts; a manifest that is not TOML names none
    here (`manifest.named_parts` says what is wrong with it).
    """
    named = {each.path: each for each in _named(manifest)}
    candidates = _candidates(sources)
    modules = _shape_modules(candidates, sources)
    found = {path: evidence(sources[path], modules) for path in candidates}
    imported = _imported(found, sources)
    paths = {path for path, seen in found.items() if _is_part(path, sources[path], seen, path in imported)}
    # What only offers to make shapes is a part where it stands alone, and a library's module in a package.
    alone = {path for path in found if path not in imported and f"{posixpath.dirname(path)}/__init__.py" not in sources}
    paths |= {path for path in alone if (seen := found[path]) and seen.makes_shape and not seen.is_test}
    paths |= named.keys() & sources.keys()
    return [_part(path, sources[path], named.get(path), modules) for path in sorted(paths)]


def part_parameters(path: str, sources: Mapping[str, str]) -> list[Parameter]:
    """The script's own parameters, then those of the modules it imports that something it runs makes use of.

    A module's parameters without a group are grouped under the module's title. Of two with one name the
    script's own is kept, else the first met. Raises Invalid with path and line when the script itself is not
    Python.
    """
    if path not in sources:
        return []
    own = _own_parameters(path, sources[path])
    scans = reached(path, sources)
    used = {name for each in scans.values() if each for name in each.names | each.texts}
    others = [each for other in scans if other != path for each in _module_parameters(other, sources[other])]
    first: dict[str, Parameter] = {}
    for each in [*own, *(each for each in others if each.name in used)]:
        first.setdefault(each.name, each)
    return list(first.values())[: LIMITS.parameters_per_part]


def apply_values(path: str, sources: Mapping[str, str], values: Mapping[str, object]) -> dict[str, str]:
    """The sources that setting the values changes, rewritten, by path.

    Raises Invalid with `errors=[{"name", "message"}]` for values that the part's parameters do not take.
    """
    parameters = part_parameters(path, sources)
    wanted = check_values(parameters, values)
    places = {each.name: each.path for each in parameters}
    changed = {}
    for place in sorted({places[name] for name in wanted}):
        text = rewrite(sources[place], {n: value for n, value in wanted.items() if places[n] == place})
        if text != sources[place]:
            changed[place] = text
    return changed


def _named(manifest: str | None) -> list[Named]:
    try:
        return named_parts(manifest) if manifest else []
    except Invalid:
        return []  # said by named_parts to whoever shows the manifest; the parts found by evidence remain


def _candidates(sources: Mapping[str, str]) -> list[str]:
    """The scripts worth reading: those that mention an engine and those that import one of these."""
    python = [path for path in sorted(sources) if path.endswith(".py") and not NEVER.search(path)]
    direct = [path for path in python if LOOKS_LIKE_CAD.search(sources[path])]
    stems = {_stem(path) for path in direct}
    if not stems:
        return []
    words = "|".join(sorted(map(re.escape, stems), key=len, reverse=True))
    imports = re.compile(rf"(?m)^[ \t]*(?:from|import)[ \t]+[^\n]*\b(?:{words})\b")
    known = set(direct)
    return direct + [path for path in python if path not in known and imports.search(sources[path])]


def _shape_modules(candidates: list[str], sources: Mapping[str, str]) -> frozenset[str]:
    """Dotted names, by every way of importing them, of the modules that use an engine."""
    names: set[str] = set()
    for path in candidates:
        if IMPORTS_ENGINE.search(sources[path]):
            words = path.removesuffix(".py").removesuffix("/__init__").split("/")
            names.update(".".join(words[at:]) for at in range(len(words)))
    return frozenset(names)


def _imported(found: Mapping[str, Evidence | None], sources: Mapping[str, str]) -> set[str]:
    """The candidates that another candidate, tests left out, imports."""
    tree = Tree(sources)
    imported: set[str] = set()
    for path, seen in found.items():
        findings = scan(sources[path])
        if findings and not (seen and seen.is_test):
            imported.update(each for each in tree.imported(path, path, findings) if each != path)
    return imported


def _is_part(path: str, text: str, seen: Evidence | None, imported: bool) -> bool:
    if seen is None:
        return bool(IMPORTS_ENGINE.search(text)) and (not imported or bool(SHOWS.search(text)))
    if seen.is_test and (IN_TESTS.search(path) or not seen.shows):
        return False
    if not (seen.engine or LOOKS_LIKE_CAD.search(text) or seen.leaves_shape):
        return seen.shows and seen.names_result
    return seen.shows or seen.names_result or (seen.leaves_shape and not imported)


def _part(path: str, text: str, named: Named | None, modules: frozenset[str]) -> Part:
    seen = evidence(text, modules)
    title, summary = _title(path, seen.docstring if seen else "")
    if named and named.name:
        line = (seen.docstring if seen else "").partition("\n")[0].strip()
        title, summary = named.name, line
    engine = seen.engine if seen else next(iter(IMPORTS_ENGINE.findall(text)), "")
    return Part(path, title, summary[:300], engine or "cadquery")


def _title(path: str, docstring: str) -> tuple[str, str]:
    """Title and summary from the docstring's first line ("Title: summary"), else from the file's name."""
    line, _, rest = docstring.strip().partition("\n")
    line, rest = line.strip(), " ".join(rest.strip().partition("\n\n")[0].split())
    head, colon, tail = line.partition(": ")
    if colon and head.lower() not in FIELDS and len(head) <= LONGEST_TITLE:
        return head.rstrip("."), tail.strip()
    if line and not colon and len(line) <= LONGEST_TITLE:
        return line.rstrip("."), rest
    words = re.sub(r"[-_]+", " ", _stem(path)).strip() or path
    return words[:1].upper() + words[1:], line


def _stem(path: str) -> str:
    folder, base = posixpath.split(path)
    stem = base.removesuffix(".py")
    return posixpath.basename(folder) if stem in ("__init__", "__main__") and folder else stem


def _own_parameters(path: str, text: str) -> list[Parameter]:
    try:
        return read_parameters(text, path)
    except Invalid as error:
        errors = [{**each, "path": path} for each in error.errors]
        raise Invalid(f"{path}: {error.message}", errors) from error


def _module_parameters(path: str, text: str) -> Iterator[Parameter]:
    if scan(text) is None:
        return  # a broken module has no parameters; the build says what is wrong with it
    docstring = found.docstring if (found := evidence(text)) else ""
    title = _title(path, docstring)[0]
    for each in read_parameters(text, path):
        yield each if each.group else replace(each, group=title)
