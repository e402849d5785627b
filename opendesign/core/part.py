"""Parts: the scripts and model files of a design that show a shape, and the parameters scripts have."""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from opendesign.core.declaration import imported_parameters, read_parameters
from opendesign.core.errors import Invalid
from opendesign.core.evidence import Evidence, evidence
from opendesign.core.expression import names_in
from opendesign.core.imports import Tree, closure, reached
from opendesign.core.limits import LIMITS
from opendesign.core.manifest import Manifest, read_manifest
from opendesign.core.model import listed_models, model_engine
from opendesign.core.parameter import Parameter, check_values, worked_out
from opendesign.core.reading import inputs_named
from opendesign.core.rewriting import rewrite
from opendesign.core.scan import Scan, scan

__all__ = ["Part", "apply_values", "closure", "find_parts", "part_parameters"]

LOOKS_LIKE_CAD = re.compile(r"\b(?:cadquery|build123d)\b|\bshow_object\b|\bcq\.Workplane\b")
IMPORTS_ENGINE = re.compile(r"(?m)^[ \t]*(?:from|import)[ \t]+(cadquery|build123d)\b")
SHOWS = re.compile(r"(?m)\bshow(?:_object)?\s*\(|\bexport\w*\s*\(|^(?:result|res|r)\s*=")
NEVER = re.compile(
    r"^checks\.py$|(?:^|/)(?:setup|conftest|noxfile|conf)\.py$|(?:^|/)\.[^/]|(?:^|/)(?:site-packages|node_modules)/"
)
IN_TESTS = re.compile(r"(?:^|/)(?:tests?/|test_[^/]*\.py$|[^/]*_test\.py$)")
FIELDS = ("name", "file", "filename", "title", "author", "date", "by")  # a header's, not a title
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Part:
    """A script or model file that shows a shape.

    `engine` is cadquery or build123d, or one of `core.model.ENGINES` for a model file.
    """

    path: str
    title: str
    summary: str
    engine: str


def find_parts(sources: Mapping[str, str], manifest: str | None = None, files: Collection[str] = ()) -> list[Part]:
    """The parts of a design: scripts sorted by path, then model files among all its `files`.

    A script is a part if it uses an engine, directly or through a module of the design, and shows or exports
    something, names a result, or makes a shape and is imported by nobody. A broken script that looks like one stays
    a part, so that its error is shown. A model file is one unless a script reads it or has made it. What `okh.toml`
    says goes before all that; one that is not TOML says nothing here (`read_manifest` says what is wrong with it).
    """
    said = _said(manifest)
    candidates = _candidates(sources)
    modules = _shape_modules(candidates, sources)
    found = {path: evidence(sources[path], modules) for path in candidates}
    imported = _imported(found, sources)
    seen = {path for path, each in found.items() if _is_part(path, sources[path], each, path in imported)}
    # What only offers to make shapes is a part where it stands alone, and a library's module in a package.
    alone = {path for path in found if path not in imported and f"{posixpath.dirname(path)}/__init__.py" not in sources}
    seen |= {path for path in alone if (each := found[path]) and each.makes_shape and not each.is_test}
    scripts = sorted(_listed(seen, sources, said))
    models = _listed_models(files, candidates, sources, scripts, said)
    return [_part(path, sources[path], said, modules) for path in scripts] + [
        _model_part(path, said) for path in models
    ]


def unlisted_part(path: str, sources: Mapping[str, str], manifest: str | None = None) -> Part:
    """A file as the part it would be: somebody asks for it, whether it is listed or not."""
    said = _said(manifest)
    return _part(path, sources[path], said, frozenset()) if path in sources else _model_part(path, said)


def part_parameters(path: str, sources: Mapping[str, str]) -> list[Parameter]:
    """The script's own parameters, then those of the modules it imports that something it runs makes use of.

    Derived ones have the values that follow from the defaults of all, and are left out when they follow from none. A
    module's parameters without a group are grouped under the module's title. Of two with one name the
    script's own is kept, else the first met. Raises Invalid with path and line when the script itself is not
    Python.
    """
    if path not in sources:
        return []
    own = _own_parameters(path, sources[path])
    scans = reached(path, sources)
    used = {name for each in scans.values() if each for name in each.names | each.texts}
    others = [each for other in scans if other != path for each in _module_parameters(other, sources[other])]
    others = [each for each in others if not _is_given(each, scans)]
    first: dict[str, Parameter] = {}
    for each in [*own, *(each for each in others if used.issuperset(each.name.split(".")))]:
        first.setdefault(each.name, each)
    found = worked_out(_followed(first), {})
    return (
        sorted(found, key=lambda each: each.derived)[: LIMITS.parameters_per_part]
        if len(found) > LIMITS.parameters_per_part
        else found
    )


def _is_given(parameter: Parameter, scans: Mapping[str, Scan | None]) -> bool:
    """Says whether a script other than its own calls what the parameter belongs to with another value."""
    return any(parameter.name in each.given for path, each in scans.items() if each and path != parameter.path)


def _followed(parameters: Mapping[str, Parameter]) -> list[Parameter]:
    """The parameters without the derived ones that follow from none of the others."""
    kept = {name for name, each in parameters.items() if not each.derived}
    for name, each in parameters.items():
        kept |= {name} if names_in(each.expression) & kept else set()
    return [each for name, each in parameters.items() if name in kept]


def apply_values(path: str, sources: Mapping[str, str], values: Mapping[str, object]) -> dict[str, str]:
    """The sources that setting the values changes, rewritten, by path.

    Raises Invalid with `errors=[{"name", "message"}]` for values that the part's parameters do not take.
    """
    parameters = part_parameters(path, sources)
    wanted = check_values(parameters, values)
    places = {each.name: each.path for each in parameters}
    changed = {}
    for place in sorted({places[name] for name in wanted}):
        text = rewrite(sources[place], {n: value for n, value in wanted.items() if places[n] == place}, place)
        if text != sources[place]:
            changed[place] = text
    return changed


def _said(manifest: str | None) -> Manifest:
    try:
        return read_manifest(manifest) if manifest else Manifest()
    except Invalid:
        return Manifest()  # said by read_manifest to whoever shows the manifest; the parts found by evidence remain


def _listed(seen: Collection[str], every: Collection[str], said: Manifest) -> list[str]:
    """The paths seen to be parts, less those the manifest calls none, and those of all that it calls parts."""
    words = {path: said.word(path) for path in every}
    return [path for path in every if words[path] or (path in seen and words[path] is None)]


def _listed_models(
    files: Collection[str], candidates: list[str], sources: Mapping[str, str], scripts: list[str], said: Manifest
) -> list[str]:
    """The model files that are parts, in their own order; those the manifest adds come last."""
    models = [path for path in files if model_engine(path)]
    if not models:
        return []
    scans = {path: found for path in candidates if (found := scan(sources[path]))}
    folders = {posixpath.dirname(path) for path in scans}
    read = inputs_named(scans.values(), folders, models) if scripts else set()
    seen = listed_models(models, read, scripts)
    return _listed(seen, [*seen, *sorted(set(models) - set(seen))], said)


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


def _part(path: str, text: str, said: Manifest, modules: frozenset[str]) -> Part:
    seen = evidence(text, modules)
    title, summary = _title(path, seen.docstring if seen else "")
    if name := said.title(path):
        line = (seen.docstring if seen else "").partition("\n")[0].strip()
        title, summary = name, line
    engine = seen.engine if seen else next(iter(IMPORTS_ENGINE.findall(text)), "")
    return Part(path, title, summary[:300], engine or "cadquery")


def _model_part(path: str, said: Manifest) -> Part:
    """A model file as a part, under the name the manifest gives it or one made of the file's."""
    return Part(path, said.title(path) or _words(posixpath.splitext(path)[0]), "", model_engine(path))


def _title(path: str, docstring: str) -> tuple[str, str]:
    """Title and summary from the docstring's first line ("Title: summary"), else from the file's name."""
    line, _, rest = docstring.strip().partition("\n")
    line, rest = line.strip(), " ".join(rest.strip().partition("\n\n")[0].split())
    head, colon, tail = line.partition(": ")
    if colon and head.lower() not in FIELDS and len(head) <= LONGEST_TITLE:
        return head.rstrip("."), tail.strip()
    if line and not colon and len(line) <= LONGEST_TITLE:
        return line.rstrip("."), rest
    return _words(path), line


def _words(path: str) -> str:
    """A title made of a file's name."""
    words = re.sub(r"[-_]+", " ", _stem(path)).strip() or path
    return words[:1].upper() + words[1:]


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
    for each in imported_parameters(text, path):
        yield each if each.group else replace(each, group=title)
