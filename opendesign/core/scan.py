"""What one source file says about others: imports, texts, names, and how it reads files."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from opendesign.core.errors import Invalid
from opendesign.core.source import read_source

IMPORTERS = ("import_module", "__import__", "run_module", "find_spec", "run_path")
LISTERS = ("glob", "iglob", "rglob", "listdir", "scandir", "iterdir", "walk", "contents", "files")
# fmt: off
OPENERS = (
    "open", "read_text", "read_bytes", "load", "loadtxt", "genfromtxt", "read_csv", "importStep",
    "importDXF", "importDxf", "importSvg", "importShape", "importBrep", "importStl", "importBin",
    "import_step", "import_stl", "import_svg", "import_brep", "import_svg_as_buildline_code", "imread",
    "readfile",
)
# fmt: on
# Any call that may read a file, by the first word of its name: importStep, read_csv, open, load, from_file …
OPENS = re.compile(r"_*(?:import|load|read|open|parse|from|glob|iglob|rglob|list|scan|iter|walk|run|exec)", re.I)
WRITES = re.compile(r"export|save|to_?(?:step|stl|svg|dxf|file)|write", re.I)
PARSERS = ("json", "yaml", "toml", "tomllib", "tomli", "pickle", "marshal")


@dataclass(frozen=True)
class Scan:
    """The findings in one file; an import is (level, dotted name, names taken from it).

    `texts` are its string constants but for docstrings and what is given to calls that write, such
    as an export's file name; `given` are keywords with what is called: `Params.width`.
    """

    imports: tuple[tuple[int, str, tuple[str, ...]], ...]
    texts: frozenset[str]
    names: frozenset[str]
    given: frozenset[str]
    imports_computed: bool
    changes_path: bool
    lists_folders: bool
    opens: bool
    opens_computed: bool


@lru_cache(maxsize=1024)
def scan(text: str) -> Scan | None:
    """The findings in a source; None when it is not Python, since it cannot import anything then."""
    try:
        tree = read_source(text).tree
    except Invalid:
        return None
    nodes = list(ast.walk(tree))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    idle = {id(part) for call in calls if WRITES.match(called_name(call)) for part in _arguments(call)}
    idle |= {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    loaded = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Store)}
    imports = [*_statements(nodes), *(each for call in calls for each in _called(call))]
    taken = {name for _, _, names in imports for name in names}
    return Scan(
        imports=tuple(dict.fromkeys(imports)),
        texts=frozenset(_texts(nodes, idle)),
        names=frozenset(loaded | attributes | taken),
        given=frozenset(f"{called_name(call)}.{each.arg}" for call in calls for each in call.keywords if each.arg),
        imports_computed=any(called_name(c) in IMPORTERS and not _constant_text(c) for c in calls),
        changes_path=any(_names_path(node) for node in nodes),
        lists_folders=any(called_name(c) in LISTERS for c in calls),
        opens=any(OPENS.match(called_name(call)) for call in calls),
        opens_computed=any(_opens_computed(call) for call in calls),
    )


def called_name(call: ast.Call) -> str:
    """The last word of what is called: `export` in `cq.exporters.export(…)`."""
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _statements(nodes: list[ast.AST]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((0, alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", tuple(alias.name for alias in node.names)


def _called(call: ast.Call) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    text = _constant_text(call) if called_name(call) in IMPORTERS else ""
    if text and not text.endswith(".py"):
        dotted = text.lstrip(".")
        yield len(text) - len(dotted), dotted, ()


def _constant_text(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _arguments(call: ast.Call) -> Iterator[ast.AST]:
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        yield from ast.walk(argument)


def _texts(nodes: list[ast.AST], idle: set[int]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in idle:
            yield node.value


def _names_path(node: ast.AST) -> bool:
    """Says whether a node is `sys.path` or `addsitedir`, with which any folder can be imported from."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "sys" and any(alias.name == "path" for alias in node.names)
    return isinstance(node, ast.Attribute) and (
        node.attr == "addsitedir" or (node.attr == "path" and getattr(node.value, "id", "") == "sys")
    )


def _opens_computed(call: ast.Call) -> bool:
    """Says whether a call reads a file whose name is not written in it; `json.load` gets an open file."""
    name = called_name(call)
    if name not in OPENERS or _constant_text(call) or _writes(call):
        return False
    base = call.func.value if isinstance(call.func, ast.Attribute) else None
    return not (name == "load" and getattr(base, "id", "") in PARSERS)


def _writes(call: ast.Call) -> bool:
    """Says whether a call of `open` names a mode that only writes."""
    modes = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    return any(isinstance(m, ast.Constant) and str(m.value)[:1] in ("w", "a", "x") for m in modes)
