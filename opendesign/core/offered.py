"""What a script offers to make when it shows nothing by itself: the calls with no arguments that are made then."""

import ast

from opendesign.core.evidence import EXPORTS, MAKERS, SHOWS, evidence, needs_nothing
from opendesign.core.scan import called_name
from opendesign.core.uses import Uses

# cad/inside/makers.py takes one of these before all others.
CHIEF = ("main", "build", "make", "create", "model", "part", "assembly", "assemble", "result", "generate", "design")


def offered(uses: Uses, text: str, path: str) -> list[ast.Call]:
    """The calls of the script's own functions and classes by which it is built, none where it shows something."""
    found = evidence(text)
    if found is None or found.shows or found.names_result or found.leaves_shape:
        return []
    makers = {
        name: ast.Call(ast.Name(name), [], [])
        for name, each in uses.functions.items()
        if needs_nothing(each, 0) and _gives(each)
    }
    for name in uses.classes:
        methods = uses.methods(name)
        maker = next((each for each in MAKERS if each in methods and needs_nothing(methods[each], 1)), "")
        if maker and ("__init__" not in methods or needs_nothing(methods["__init__"], 1)):
            makers[name] = ast.Call(ast.Attribute(ast.Call(ast.Name(name), [], []), maker), [], [])
    stem = path.rpartition("/")[2].removesuffix(".py")
    chief = next((each for each in (*CHIEF, stem, *(f"{word}_{stem}" for word in CHIEF)) if each in makers), None)
    if chief:
        return [makers[chief]]
    definitions = {**uses.functions, **uses.classes}
    inner = {name for owner, each in definitions.items() for name in _names(each) if name != owner}
    return [call for name, call in makers.items() if name not in inner]


def _gives(function: ast.AST) -> bool:
    """Says whether a function returns or shows anything."""
    return any(
        (isinstance(node, ast.Return) and node.value is not None)
        or (isinstance(node, ast.Call) and called_name(node) in (*SHOWS, *EXPORTS))
        for node in ast.walk(function)
    )


def _names(definition: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(definition) if isinstance(node, ast.Name)}
