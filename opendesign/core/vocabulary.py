"""The words a script has for values: its enumerations, `Literal` choices, and what annotations say."""

import ast
from collections.abc import Iterator

from opendesign.core.expression import dotted
from opendesign.core.literal import literal_value, scalar
from opendesign.core.uses import Uses
from opendesign.core.value import Scalar, Value

ENUMS = ("Enum", "IntEnum", "StrEnum", "ReprEnum")


class Vocabulary:
    """The enumerations of a script (member → value, None where it is no literal) and its aliases of types."""

    def __init__(self, uses: Uses):
        self.enums = {name: _members(each) for name, each in uses.classes.items() if is_enum(each)}
        named = (each for each in uses.tree.body if isinstance(each, ast.Assign) and len(each.targets) == 1)
        self.aliases = {dotted(each.targets[0]): each.value for each in named if isinstance(each.value, ast.Subscript)}

    def value(self, node: ast.expr) -> Value | None:
        """The value of a literal, or the member's name of `Size.SMALL`; None for anything else."""
        return literal_value(node) if self.members(node) is None else node.attr  # type: ignore[attr-defined]

    def members(self, node: ast.expr) -> dict[str, Scalar | None] | None:
        """The members of the enumeration of which a node names one; None when it names none."""
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return None
        members = self.enums.get(node.value.id, {})
        return members if node.attr in members else None

    def choices(self, annotation: ast.expr | None) -> tuple[Scalar, ...]:
        """The choices of `Literal["a", "b"]`, also by an alias or within `Annotated`; none for other annotations."""
        for node in self._unfolded(annotation):
            if _called(node) == "Literal":
                inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                found = [scalar(each) for each in inner]
                return tuple(each for each in found if each is not None and not isinstance(each, bool))
        return ()

    def types(self, annotation: ast.expr | None) -> frozenset[str]:
        """The names of types in an annotation: float, int, list, …"""
        nodes = ast.walk(annotation) if annotation else ()
        return frozenset(node.id for node in nodes if isinstance(node, ast.Name))

    def notes(self, annotation: ast.expr | None) -> Iterator[str]:
        """The texts that `Annotated[float, "mm"]` adds to a type."""
        for node in self._unfolded(annotation):
            if _called(node) == "Annotated" and isinstance(node.slice, ast.Tuple):
                yield from (text for each in node.slice.elts[1:] if isinstance(text := scalar(each), str))

    def _unfolded(self, annotation: ast.expr | None) -> Iterator[ast.Subscript]:
        nodes = list(ast.walk(annotation)) if annotation else []
        named = [self.aliases[name] for node in nodes if (name := dotted(node)) in self.aliases]
        nodes += [node for each in named for node in ast.walk(each)]
        yield from (node for node in nodes if isinstance(node, ast.Subscript))


def is_enum(definition: ast.ClassDef) -> bool:
    """Says whether a class is an enumeration by what it inherits from."""
    return any(dotted(base).rpartition(".")[2] in ENUMS for base in definition.bases)


def _members(definition: ast.ClassDef) -> dict[str, Scalar | None]:
    single = (each for each in definition.body if isinstance(each, ast.Assign) and len(each.targets) == 1)
    found = {dotted(each.targets[0]): scalar(each.value) for each in single}
    return {name: value for name, value in found.items() if name.isidentifier() and not name.startswith("_")}


def _called(node: ast.Subscript) -> str:
    return dotted(node.value).rpartition(".")[2]
