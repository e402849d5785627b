"""Constants that follow from others: found in a script, and worked out from the values of its parameters."""

import ast
from collections.abc import Iterator, Mapping

from opendesign.core.constant import Constant, assignments
from opendesign.core.expression import LONGEST, dotted, is_arithmetic, names_in
from opendesign.core.uses import Uses


def following(uses: Uses, found: Mapping[str, Constant]) -> Iterator[Constant]:
    """Public names set once to an arithmetic expression over constants found, other such names, or what is imported.

    The value is None; the expression names each constant as it is found: `P.width` for `P["width"]`, `Params.width` for
    `params.width`, `WALL` for `sizes.WALL` of an imported module.
    """
    modules, imported = _imports(uses.tree)
    known = {*found, *imported}
    for name, node, place, annotation in assignments(uses):
        if name in found or isinstance(node, ast.Constant | ast.Tuple | ast.List) or not is_arithmetic(node):
            continue
        text = ast.unparse(Plain(uses.instances, modules).visit(_copy(node)))
        read = names_in(text)
        if len(text) <= LONGEST and any(each in known or each.partition(".")[0] in imported for each in read):
            known.add(name)
            yield Constant(name, None, node, (place,), annotation, expression=text)


class Plain(ast.NodeTransformer):
    """Writes what a name reads as the name of the constant."""

    def __init__(self, instances: Mapping[str, str], modules: frozenset[str]):
        self.instances, self.modules = instances, modules

    def visit(self, node: ast.AST) -> ast.AST:
        """Returns the node with names in place of attributes and keys."""
        name = dotted(node)
        first, _, rest = name.partition(".")
        if not rest:
            return node if name else super().generic_visit(node)
        if first in self.modules and first != "math":
            name = rest
        return _named(f"{self.instances[first]}.{rest}" if first in self.instances else name)


def _named(name: str) -> ast.expr:
    node: ast.expr = ast.Name(name.partition(".")[0], ast.Load())
    for word in name.split(".")[1:]:
        node = ast.Attribute(node, word, ast.Load())
    return node


def _copy(node: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(node), mode="eval").body


def _imports(tree: ast.Module) -> tuple[frozenset[str], frozenset[str]]:
    """The names of modules imported, and the names taken from them."""
    modules, names = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {each.asname or each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module != "math":
            names |= {each.asname or each.name for each in node.names}
    return frozenset(modules), frozenset(names)
