"""What the statements of a script import, set and call, by name."""

import ast
from collections import defaultdict
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def imported_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each imported name with the dotted thing that it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module or ''}.{alias.name}"


def run_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run at top level, those inside if, for, match, with and try too, in order."""
    for statement in body:
        if isinstance(statement, NESTED):
            continue
        yield statement
        for name in ("body", "orelse", "finalbody"):
            yield from run_statements(getattr(statement, name, []))
        for branch in (*getattr(statement, "handlers", []), *getattr(statement, "cases", [])):
            yield from run_statements(branch.body)


def given(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Each name that a statement sets, or an entry of it, with what it is given, unpacked where that is written out."""
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) or node.value is None:
        return
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    waiting: list[tuple[ast.expr, ast.expr]] = [(target, node.value) for target in targets]
    while waiting:
        target, value = waiting.pop()
        if isinstance(target, ast.Name):
            yield target.id, value
        elif isinstance(target, ast.Subscript | ast.Starred):
            waiting.append((target.value, value))
        elif isinstance(target, ast.Tuple | ast.List):
            values = value.elts if isinstance(value, ast.Tuple | ast.List) else [value] * len(target.elts)
            waiting += zip(target.elts, values, strict=False)


def methods_of(tree: ast.Module) -> dict[str, list[Function]]:
    """The methods of a script's classes by their names."""
    found: dict[str, list[Function]] = defaultdict(list)
    for definition in tree.body:
        for node in definition.body if isinstance(definition, ast.ClassDef) else ():
            if isinstance(node, Function):
                found[node.name].append(node)
    return dict(found)


def words_of(node: ast.expr) -> list[str]:
    """The words of a chain such as `cq.Workplane().box(…).faces`, calls and indices left out."""
    words: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            words.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            break
    return [node.id, *reversed(words)] if isinstance(node, ast.Name) else []


def root_of(node: ast.expr) -> str:
    """The first word of a chain, empty where it begins with no name."""
    return next(iter(words_of(node)), "")
