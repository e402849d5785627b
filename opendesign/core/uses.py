"""How a script uses what it defines: which calls run, what they give, which attributes and keys are taken."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from opendesign.core.expression import dotted

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
MOST_CALLS = 100  # of one function: what is called more often is a tool, and reading on would only take time
SCOPES = (*FUNCTIONS, ast.ClassDef, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Uses:
    """One reading of a script's tree; `also` are calls that run although they do not stand in it."""

    def __init__(self, tree: ast.Module, also: Sequence[ast.Call] = ()):
        self.tree, self.also = tree, also
        self.nodes = list(ast.walk(tree))
        self.times = Counter(bound_names(tree))
        own = [each for each in tree.body if self.is_own(getattr(each, "name", "_"))]
        self.functions = {each.name: each for each in own if isinstance(each, Function)}
        self.classes = {each.name: each for each in own if isinstance(each, ast.ClassDef)}

    def is_own(self, name: str) -> bool:
        """Says whether the module binds a public name exactly once."""
        return self.times[name] == 1 and not name.startswith("_")

    @cached_property
    def main(self) -> list[ast.If]:
        """The blocks that run only when the script is run itself."""
        blocks = (each for each in self.tree.body if isinstance(each, ast.If))
        return [each for each in blocks if any(dotted(node) == "__name__" for node in ast.walk(each.test))]

    def times_set(self, name: str, attributes: Iterable[str]) -> dict[str, int]:
        """How often attributes of a class or of an instance of it, or of one below it, may be set or deleted."""
        heirs = (each for each in self.classes.values() if any(dotted(base) == name for base in each.bases))
        own = Counter(each for definition in (self.classes[name], *heirs) for each in _set_in(definition, True))
        return {each: own[each] + self._set_elsewhere[each] for each in attributes}

    @cached_property
    def _set_elsewhere(self) -> Counter[str]:
        return Counter(_set_in(self.tree, False))

    @cached_property
    def instances(self) -> dict[str, str]:
        """The class of each name that is only ever given an instance of one class of the script."""
        made: dict[str, set[str]] = {}
        for node in self.nodes:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            value = getattr(node, "value", None) if isinstance(node, ast.Assign | ast.AnnAssign) else None
            name = dotted(value.func) if isinstance(value, ast.Call) else ""
            for target in targets:
                if isinstance(target, ast.Name):
                    made.setdefault(target.id, set()).add(name)
        return {name: next(iter(found)) for name, found in made.items() if len(found) == 1 and found <= {*self.classes}}

    @cached_property
    def calls(self) -> dict[str, list[ast.Call]]:
        """The calls that run when the script does, by the function, class or `Class.method` of it that they call."""
        found: dict[str, list[ast.Call]] = {}
        entered: set[str] = set()
        waiting: list[ast.AST] = [*self.tree.body, *self.also]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Function | ast.ClassDef):
                continue
            waiting += ast.iter_child_nodes(node)
            name = self._called(node) if isinstance(node, ast.Call) else ""
            if name and isinstance(node, ast.Call) and len(found.setdefault(name, [])) < MOST_CALLS:
                found[name].append(node)
            if name and name not in entered:
                entered.add(name)
                waiting += self._bodies(name)
        return found

    def methods(self, name: str) -> dict[str, Function]:
        """The methods of a class of the script."""
        return {each.name: each for each in self.classes[name].body if isinstance(each, Function)}

    @cached_property
    def taken_apart(self) -> frozenset[str]:
        """Sequences that are unpacked or of which one entry is taken by number, so that their length is fixed."""
        found = set()
        for node in self.nodes:
            spread = isinstance(node, ast.Assign) and any(isinstance(t, ast.Tuple | ast.List) for t in node.targets)
            if spread or isinstance(node, ast.Subscript | ast.Starred):
                name = dotted(node.value)  # type: ignore[attr-defined]  # all three have one
                found |= {name, name.rpartition(".")[2]}
        return frozenset(found)

    @cached_property
    def counted(self) -> frozenset[str]:
        """The last words of the names that `range(…)` is given, by themselves or in sums and products."""
        found = set()
        ranges = (node for node in self.nodes if isinstance(node, ast.Call) and dotted(node.func) == "range")
        waiting: list[ast.AST] = [argument for call in ranges for argument in call.args]
        while waiting:
            node = waiting.pop()
            found.add(dotted(node).rpartition(".")[2])
            waiting += ast.iter_child_nodes(node) if isinstance(node, ast.BinOp | ast.UnaryOp) else ()
        return frozenset(found)

    @cached_property
    def keys(self) -> dict[str, set[str]]:
        """The literal keys by which each dictionary is asked; `""` where the key is worked out."""
        found: dict[str, set[str]] = {}
        for taken, key in self._takings:
            found.setdefault(taken.id, set()).add(key)
        return found

    @cached_property
    def whole(self) -> frozenset[str]:
        """Names that are read otherwise than by a key, such as `**P`."""
        by_key = {id(taken) for taken, _ in self._takings}
        loads = (n for n in self.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
        return frozenset(node.id for node in loads if id(node) not in by_key)

    @cached_property
    def gone_through(self) -> frozenset[str]:
        """Names that are looped over or searched: tables, not settings."""
        found = set()
        for node in self.nodes:
            if isinstance(node, ast.For | ast.comprehension):
                over = node.iter.func if isinstance(node.iter, ast.Call) else node.iter
                found.add(dotted(over).partition(".")[0])
            elif isinstance(node, ast.Compare) and any(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
                found.update(dotted(each) for each in node.comparators)
        return frozenset(found)

    @cached_property
    def _takings(self) -> list[tuple[ast.Name, str]]:
        return [taken for node in self.nodes if (taken := _taking(node))]

    def _called(self, call: ast.Call) -> str:
        if isinstance(call.func, ast.Name):
            return call.func.id if call.func.id in self.functions or call.func.id in self.classes else ""
        if not isinstance(call.func, ast.Attribute):
            return ""
        receiver = call.func.value
        made = self._called(receiver) if isinstance(receiver, ast.Call) else ""
        owner = made or self.instances.get(dotted(receiver), "")
        return f"{owner}.{call.func.attr}" if owner in self.classes else ""

    def _bodies(self, name: str) -> list[ast.stmt]:
        """What runs once this has been called: a function's body, of a class those of all its methods."""
        if name in self.functions:
            return list(self.functions[name].body)
        methods = self.methods(name).values() if name in self.classes else ()
        return [statement for method in methods for statement in method.body]


def _set_in(tree: ast.AST, of_self: bool) -> Iterator[str]:
    """The attributes that are set or deleted in a tree, of `self` or of anything else."""
    for node in ast.walk(tree):
        is_set = isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        if is_set and (dotted(node.value) == "self") == of_self:  # type: ignore[attr-defined]
            yield node.attr  # type: ignore[attr-defined]


def _taking(node: ast.AST) -> tuple[ast.Name, str] | None:
    """The dictionary and the key of `P["key"]` and `P.get("key")`; the key is empty when it is no text."""
    value, key = None, None
    if isinstance(node, ast.Subscript):
        value, key = node.value, node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        value, key = node.func.value, node.args[0] if node.args else None
    if not isinstance(value, ast.Name):
        return None
    return value, key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def bound_names(tree: ast.Module) -> Iterator[str]:
    """Every name bound in the module's own scope, once per binding; `global` in functions counts."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, True)]
    while waiting:
        node, own = waiting.pop()
        if own:
            yield from _bound_by(node)
        if isinstance(node, ast.Global):
            yield from node.names
        if isinstance(node, ast.NamedExpr) and not own and isinstance(node.target, ast.Name):
            yield node.target.id  # a walrus inside a comprehension binds outside of it
        inside = own and not isinstance(node, SCOPES)
        waiting += [(child, inside) for child in ast.iter_child_nodes(node)]


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
