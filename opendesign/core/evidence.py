"""Whether running a script would show a shape: calls that show or export, results, shapes left over."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from opendesign.core.errors import Invalid
from opendesign.core.scan import called_name
from opendesign.core.source import read_source
from opendesign.core.statements import (
    NESTED,
    Function,
    given,
    imported_names,
    methods_of,
    root_of,
    run_statements,
    words_of,
)

ENGINES = ("cadquery", "build123d")
VIEWERS = ("ocp_vscode", "cq_server", "jupyter_cadquery", "cadquery", "yacv_server", "Helpers", "cq_studio")
SHOWS = ("show_object", "show_objects", "show_all", "push_object")
# fmt: off
EXPORTS = (
    "export", "save", "exportStl", "exportStep", "exportBrep", "exportSvg", "exportSVG", "exportDxf", "exportDXF",
    "exportDXFProjection",
    "exportShape", "export_step", "export_stl", "export_gltf", "export_brep", "export_3mf",
    "export_svg", "export_dxf", "toSTEP",
)
# fmt: on
RESULTS = ("result", "results", "res", "r")
FILLS = ("append", "extend")  # how a list of shapes comes to hold them
# Methods that make a class's shape; cad/inside/makers.py calls them.
MAKERS = ("build", "make", "create", "model", "part", "assembly", "assemble", "generate", "solid", "shape", "cq_object")
# Modules of which everything may be imported, and what they make shapes with that no capital letter tells.
STARRED = (*ENGINES, "cadquery.func", "cadquery.occ_impl.shapes")
# fmt: off
FREE = (
    "box", "cap", "chamfer", "circle", "compound", "cone", "cut", "cylinder", "draft", "ellipse", "extrude", "face",
    "fill", "fillet", "fuse", "hollow", "import_brep", "import_step", "import_stl", "import_svg", "intersect", "loft",
    "make_face", "make_hull", "mirror", "offset", "plane", "polygon", "polyline", "prism", "rect", "revolve",
    "segment", "shell", "solid", "sphere", "spline", "sweep", "text", "thicken", "torus", "wire",
)
# fmt: on
# What the engines offer that is no shape, and what a shape answers that is none.
# fmt: off
NO_SHAPES = (
    "Vector", "Color", "Location", "Plane", "Matrix", "Axis", "Pos", "Rot", "Rotation", "Align", "Mode",
    "Keep", "Kind", "Until", "GeomType", "SortBy", "Unit", "exporters", "cqgi", "units", "BoundBox",
    "Locations", "GridLocations", "PolarLocations", "HexLocations", "MM", "CM", "IN", "Text",
)
MEASURES = (
    "Volume", "Area", "Center", "BoundingBox", "bounding_box", "Length", "distance", "isValid",
    "is_valid", "size", "toPending", "toTuple", "location", "position_at", "distance_to", "center",
)
# fmt: on


@dataclass(frozen=True)
class Evidence:
    """What one script does: the engine it imports, and how it would show something."""

    engine: str
    docstring: str
    shows: bool
    names_result: bool
    leaves_shape: bool
    makes_shape: bool
    is_test: bool


@lru_cache(maxsize=1024)
def evidence(text: str, shape_modules: frozenset[str] = frozenset()) -> Evidence | None:
    """What the script does; None when it is not Python or too deeply nested to be judged.

    `shape_modules` are dotted names of modules of the design that use an engine, so that what is called from
    them may be a shape.
    """
    try:
        return Reading(read_source(text).tree, shape_modules).evidence()
    except (Invalid, RecursionError):
        return None


class Reading:
    """One reading of a script's tree, following only what runs when the script runs."""

    def __init__(self, tree: ast.Module, shape_modules: frozenset[str]):
        self.tree = tree
        self.origins = dict(imported_names(tree))
        self.stars = {
            n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.names[0].name == "*" and n.module
        }
        self.shape_modules = shape_modules
        self.starred = bool(self.stars & {*STARRED})
        self.definitions = {node.name: node for node in tree.body if isinstance(node, NESTED[:3])}
        self.methods = methods_of(tree)
        self.shapes: dict[str, ast.stmt] = {}
        self.loose = False

    def evidence(self) -> Evidence:
        """What was read, in one record."""
        executed = list(self._executed())
        self._follow_shapes(executed)
        # Whoever runs the scripts of others by CQGI exports what these made, and has made nothing.
        runs_others = any(origin.startswith("cadquery.cqgi") for origin in self.origins.values())
        through_methods = executed if runs_others else self._executed(methods=True)
        calls = [node for node in through_methods if isinstance(node, ast.Call)]
        functions = [node for node in self.tree.body if isinstance(node, ast.FunctionDef)]
        modules = {origin.partition(".")[0] for origin in self.origins.values()} | self.stars
        return Evidence(
            engine=self._engine(),
            docstring=ast.get_docstring(self.tree) or "",
            shows=any(self._shows(call) for call in calls),
            names_result=any(name in self.shapes for name in RESULTS) or self._assigns_result(executed),
            leaves_shape=bool(set(self.shapes) - self._used_names() or self.loose),
            makes_shape=bool(self.shapes) or any(self._offers(definition) for definition in self.definitions.values()),
            is_test="pytest" in modules or "unittest" in modules or any(f.name.startswith("test_") for f in functions),
        )

    def _engine(self) -> str:
        modules = {origin.partition(".")[0] for origin in self.origins.values()} | {
            star.partition(".")[0] for star in self.stars
        }
        return "build123d" if "build123d" in modules else "cadquery" if "cadquery" in modules else ""

    def _executed(self, methods: bool = False) -> Iterator[ast.AST]:
        """Every node that runs at the top level or in a local function, or method, that is called from there."""
        waiting: list[ast.AST] = list(self.tree.body)
        entered: set[str] = set()
        while waiting:
            node = waiting.pop()
            if isinstance(node, NESTED):
                continue
            yield node
            waiting += ast.iter_child_nodes(node)
            name = self._called(node.func) if isinstance(node, ast.Call) else ""
            if name not in entered:
                entered.add(name)
                waiting += self._run_by(name, methods)

    def _called(self, called: ast.expr) -> str:
        """The name that a call may run local functions by; a method's begins with a dot, whatever it belongs to."""
        if isinstance(called, ast.Name):
            return called.id
        if not isinstance(called, ast.Attribute) or root_of(called) in self.origins:
            return ""
        return f".{called.attr}"

    def _run_by(self, name: str, methods: bool) -> list[ast.stmt]:
        """What runs when a name is called: the function's body, of a class that of its `__init__`."""
        definition = self.definitions.get(name)
        if isinstance(definition, Function):
            return definition.body
        found = self.methods.get(name[1:], []) if name.startswith(".") else []
        if isinstance(definition, ast.ClassDef):
            found = [each for each in definition.body if isinstance(each, Function) and each.name == "__init__"]
        return [statement for each in found for statement in each.body] if methods else []

    def _shows(self, call: ast.Call) -> bool:
        name = called_name(call)
        root = root_of(call.func)
        origin = self.origins.get(root, "").partition(".")[0]
        if name in SHOWS:
            return True
        if name == "debug":
            return isinstance(call.func, ast.Name) and name not in self.definitions
        if name in ("show", "display"):
            starred = isinstance(call.func, ast.Name) and any(s.partition(".")[0] in VIEWERS for s in self.stars)
            return origin in VIEWERS or starred
        return name in EXPORTS and root not in self.definitions

    def _assigns_result(self, executed: list[ast.AST]) -> bool:
        """Says whether `result` is given something that may be a shape: a call, a name or a combination."""
        assigned = [node for node in executed if isinstance(node, ast.Assign)]
        values = [n.value for n in assigned if any(getattr(t, "id", "") == "result" for t in n.targets)]
        return any(isinstance(v, ast.Call | ast.Name | ast.BinOp | ast.Attribute | ast.List) for v in values)

    def _offers(self, definition: ast.AST) -> bool:
        """Says whether a function makes a shape without arguments, or a class has a method that does."""
        if isinstance(definition, ast.ClassDef):
            methods = {node.name: node for node in definition.body if isinstance(node, ast.FunctionDef)}
            start = methods.get("__init__")
            makers = [method for name, method in methods.items() if name in MAKERS and needs_nothing(method, 1)]
            return (start is None or needs_nothing(start, 1)) and any(map(self._returns_shape, makers))
        if not isinstance(definition, ast.FunctionDef) or definition.name.startswith("_"):
            return False
        return needs_nothing(definition, 0) and self._returns_shape(definition)

    def _follow_shapes(self, executed: list[ast.AST]) -> None:
        for node in run_statements(self.tree.body):
            self.shapes |= dict.fromkeys(self._given_shapes(node), node)
            if isinstance(node, ast.With):
                for item in node.items:
                    if isinstance(item.optional_vars, ast.Name) and self._is_shape(item.context_expr):
                        self.shapes[item.optional_vars.id] = node
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                root = root_of(node.value.func)
                if called_name(node.value) in FILLS and any(map(self._holds_shape, node.value.args)):
                    self.shapes[root] = node
                self.loose |= root not in self.shapes and self._is_shape(node.value)
        shared = {name for node in executed if isinstance(node, ast.Global) for name in node.names}
        for statement in [node for node in executed if isinstance(node, ast.stmt)] if shared else ():
            for name in self._given_shapes(statement) & shared:
                self.shapes.setdefault(name, statement)

    def _given_shapes(self, node: ast.stmt) -> set[str]:
        """The names to which a statement gives a shape, or an entry that is one."""
        pairs = list(given(node))
        values = {id(value): value for _, value in pairs}
        shapes = {each for each, value in values.items() if self._holds_shape(value)}
        return {name for name, value in pairs if id(value) in shapes}

    def _used_names(self) -> set[str]:
        """Shapes that are read again after they were last set, or inside a function or class."""
        used: set[str] = set()
        for statement in self.tree.body:
            loads = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
            if isinstance(statement, NESTED):
                used |= loads
            used |= {name for name in loads if name in self.shapes and statement.lineno > self.shapes[name].lineno}
        return used

    def _holds_shape(self, node: ast.expr) -> bool:
        """Says whether something is a shape, or a list or table of such."""
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return any(map(self._holds_shape, node.elts))
        if isinstance(node, ast.Dict):
            return any(map(self._holds_shape, node.values))
        if isinstance(node, ast.ListComp | ast.DictComp):
            return self._holds_shape(node.elt if isinstance(node, ast.ListComp) else node.value)
        return self._is_shape(node)

    def _is_shape(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.shapes
        if isinstance(node, ast.BinOp):
            return self._is_shape(node.left) or self._is_shape(node.right)
        if isinstance(node, ast.IfExp):
            return self._is_shape(node.body) or self._is_shape(node.orelse)
        if isinstance(node, ast.Attribute):
            return node.attr in ("part", "sketch", "line") and self._is_shape(node.value)
        if not isinstance(node, ast.Call) or called_name(node) in MEASURES:
            return False
        words = words_of(node.func)
        return bool(words) and self._makes_shape(words)

    def _makes_shape(self, words: list[str]) -> bool:
        root = words[0]
        if root in self.shapes:
            return True
        definition = self.definitions.get(root)
        if definition is None:
            return self._of_engine(words)
        bases = definition.bases if isinstance(definition, ast.ClassDef) else []
        return self._returns_shape(definition) or any(self._of_engine(words_of(base)) for base in bases)

    def _of_engine(self, words: list[str]) -> bool:
        """Says whether a chain begins with what an engine, or a module of the design that uses one, makes shapes by."""
        root = next(iter(words), "")
        origin = self.origins.get(root, "")
        if not origin and self.starred:
            return (root[:1].isupper() and root not in NO_SHAPES) or root in FREE
        module, _, thing = origin.partition(".")
        if module in ENGINES:
            first = thing.rpartition(".")[2] or (words[1] if len(words) > 1 else "")
            return first not in NO_SHAPES and not first.endswith("Selector")
        return any(origin == each or origin.startswith(each + ".") for each in self.shape_modules)

    def _returns_shape(self, definition: ast.AST) -> bool:
        nodes = list(ast.walk(definition))
        uses_engine = any(
            isinstance(n, ast.Name) and self.origins.get(n.id, "").partition(".")[0] in ENGINES for n in nodes
        )
        returns = any(isinstance(n, ast.Return) and n.value is not None for n in nodes)
        return (uses_engine or self.starred) and returns


def needs_nothing(function: ast.FunctionDef | ast.AsyncFunctionDef, bound: int) -> bool:
    """Says whether a function can be called without arguments beyond the bound ones (`self`)."""
    takes = function.args
    needed = len(takes.posonlyargs) + len(takes.args) - len(takes.defaults) - bound
    return needed <= 0 and all(default is not None for default in takes.kw_defaults)
