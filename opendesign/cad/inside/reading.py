"""Reads what a script does with its own names: which it gives a value, and of which it makes something further."""

import ast
from collections.abc import Collection, Iterator

from opendesign.cad.inside.script import MAGIC

# Calls that look at a shape without making anything of it.
LOOKS = {
    "print", "pprint", "log", "len", "type", "repr", "str", "format", "isinstance", "hasattr", "debug", "dir", "vars",
    "id", "hash", "bool", "int", "float", "display",
}  # fmt: skip
LOGS = {"debug", "info", "warning", "error", "critical", "exception", "log", "echo"}  # methods of loggers
WRITES = {"add_shape", "save", "format"}
# What a shape answers that is no shape; core/evidence.py knows most of them too.
MEASURES = {
    "Volume", "Area", "Length", "Center", "CenterOfBoundBox", "BoundingBox", "bounding_box", "volume", "area", "length",
    "center", "distance", "distance_to", "isValid", "is_valid", "is_manifold", "Closed", "IsClosed", "ShapeType",
    "geomType", "geom_type", "isSame", "is_same", "hashCode", "size", "toTuple", "location", "position", "position_at",
    "matrixOfInertia", "matrix_of_inertia", "joints", "label", "color",
}  # fmt: skip
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
LOOPS = (ast.For, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


class Reading:
    """One reading of a script; nothing is known of one that is no Python."""

    def __init__(self, source: bytes):
        self.tree = parsed(source)
        self.given: dict[str, ast.stmt] = {}  # the last statement that gives a name its value, in order
        self.onto: dict[int, ast.stmt] = {}  # the statement that gives to a name what a node is part of
        for statement in statements(self.tree.body):
            names = targets(statement)
            for name in names:
                self.given.pop(name, None)
                self.given[name] = statement
            if names and not isinstance(statement, ast.With):
                self.onto.update((id(node), statement) for node in ast.walk(statement))
        self.reads: dict[str, list[ast.Name]] = {}
        looked = looked_at(self.tree)
        for node in loads(self.tree):
            if id(node) not in looked:
                self.reads.setdefault(node.id, []).append(node)

    def is_used(self, name: str, idle: Collection[str] = (), seen: tuple[str, ...] = ()) -> bool:
        """Says whether anything is made of a name's last value.

        What is made of it and given to `idle` names alone counts only when something is made of these in turn.
        """
        giver = self.given.get(name)
        if giver is None:
            return False
        own = {id(node) for node in ast.walk(giver)}
        for node in self.reads.get(name, []):
            if id(node) in own or (node.lineno, node.col_offset) < (giver.lineno, giver.col_offset):
                continue
            onto = self.receivers(node)
            if not onto or not all(each in idle for each in onto):
                return True
            if any(self.is_used(each, idle, (*seen, name)) for each in onto if each not in (*seen, name)):
                return True
        return False

    def receivers(self, node: ast.Name) -> list[str]:
        """Returns the names whose last value is made of what is read there, nothing if it goes elsewhere too."""
        statement = self.onto.get(id(node))
        names = targets(statement) if statement else []
        return names if all(self.given[name] is statement for name in names) else []

    def pass_over(self, plain: Collection[str]) -> None:
        """Forgets what is read for the names in `plain` alone: numbers and words hold no shape."""
        for name, nodes in self.reads.items():
            onto = [(node, self.receivers(node)) for node in nodes]
            self.reads[name] = [node for node, names in onto if not names or not all(each in plain for each in names)]

    def built_in(self, builders: Collection[str]) -> set[str]:
        """Returns the names given a value within build123d's builders of those names: the builders hold it all."""
        found: set[str] = set()
        for statement in statements(self.tree.body):
            if isinstance(statement, ast.With) and any(name in builders for name in targets(statement)):
                found.update(name for inner in statements(statement.body) for name in targets(inner))
        return found

    def brought(self) -> set[str]:
        """Returns the names that the script's imports bring, `*` for all of a module."""
        return {
            (alias.asname or alias.name).partition(".")[0]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
            if not (isinstance(node, ast.ImportFrom) and node.module in ("build123d", "cadquery"))
        }


def parsed(source: bytes) -> ast.Module:
    """Returns the tree of a script, without its lines of IPython magic; an empty one if it has none."""
    for text in (source, MAGIC.sub(rb"\1pass", source)):
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
    return ast.Module([], [])


def statements(body: list[ast.stmt]) -> list[ast.stmt]:
    """Returns statements and those within their branches, but not within functions and classes."""
    found: list[ast.stmt] = []
    for statement in body:
        found.append(statement)
        if isinstance(statement, SCOPES):
            continue
        for branch in ("body", "handlers", "orelse", "finalbody", "cases"):
            for part in getattr(statement, branch, []):
                found += statements([part] if isinstance(part, ast.stmt) else part.body)
    return found


def targets(statement: ast.stmt) -> list[str]:
    """Returns the names a statement gives a value."""
    if isinstance(statement, ast.With):
        places = [item.optional_vars for item in statement.items if item.optional_vars]
    elif isinstance(statement, ast.Assign):
        places = statement.targets
    else:
        places = [statement.target] if isinstance(statement, ast.AnnAssign | ast.AugAssign) else []
    return [node.id for place in places for node in ast.walk(place) if isinstance(node, ast.Name)]


def loads(*trees: ast.AST) -> Iterator[ast.Name]:
    """Yields the places where names are read."""
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                yield node


def looked_at(tree: ast.Module) -> set[int]:
    """Returns the ids of the names that are read for a look only: measured, printed, logged, checked, called by."""
    looked: set[int] = set()
    nodes = list(ast.walk(tree))
    for node in nodes:
        if is_look(node):
            looked.update(id(name) for name in loads(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            looked.add(id(root(node.value)))
    for node in reversed(nodes):  # the innermost first
        if isinstance(node, LOOPS):
            looked.update(id(name) for name in gone_through(node, looked))
    return looked


def is_look(node: ast.AST) -> bool:
    """Says whether code makes no shape of the shapes it reads."""
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return True  # a label, a colour, one more in a table
    if isinstance(node, ast.Attribute):
        return node.attr in MEASURES - {"center"}
    if isinstance(node, ast.Compare):
        return all(isinstance(each, ast.Is | ast.IsNot) for each in node.ops)
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Assert | ast.JoinedStr | ast.Raise)
    if isinstance(node.func, ast.Name):
        return node.func.id in LOOKS or node.func.id.startswith("export")
    if not isinstance(node.func, ast.Attribute):
        return False
    name = node.func.attr
    if name == "center":  # a workplane's, with two lengths, moves it
        return len(node.args) + len(node.keywords) < 2
    return name in MEASURES | LOGS | WRITES or name.startswith("export")


def root(node: ast.AST) -> ast.AST:
    """Returns what a chain of attributes, calls and items starts from."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node


def gone_through(loop: ast.AST, looked: set[int]) -> Iterator[ast.Name]:
    """Yields the names read for what a loop goes through, if it only looks at each."""
    if isinstance(loop, ast.For):
        rounds, inner = [loop], list(loop.body)
    else:
        rounds = loop.generators
        inner = [loop.key, loop.value] if isinstance(loop, ast.DictComp) else [loop.elt]
        inner += [test for each in rounds for test in each.ifs]
    for each in rounds:
        names = {node.id for node in ast.walk(each.target) if isinstance(node, ast.Name)}
        others = [other.iter for other in rounds if other is not each]
        if not any(node.id in names and id(node) not in looked for node in loads(*inner, *others)):
            yield from loads(each.iter)
