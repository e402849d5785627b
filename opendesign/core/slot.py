"""Settings that belong to something: arguments of functions, fields of classes, entries of dictionaries."""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from opendesign.core.constant import Constant, Place, assignments
from opendesign.core.expression import dotted
from opendesign.core.uses import Function, Uses
from opendesign.core.vocabulary import Vocabulary, is_enum

RECORDS = ("dataclass", "define", "frozen", "mutable", "attrs", "s", "NamedTuple", "BaseModel")
FACTORIES = ("default", "default_factory", "factory")
MAPPINGS = ("dict", "SimpleNamespace")
NOT_SETTINGS = ("Exception", "Error", "Warning", "TypedDict", "Protocol", "TestCase")


@dataclass(frozen=True)
class Slot:
    """A name that something is given a value by: its default, if it has one, where it stands and its annotation."""

    name: str
    default: ast.expr | None
    place: Place
    annotation: ast.expr | None


def belonging(uses: Uses, words: Vocabulary) -> Iterator[Constant]:
    """Literals that count where the script runs, by names such as `Params.width`, `make_box.width`, `P.width`.

    A field counts with its default where one of the calls that run leaves it out; where the only call gives a literal,
    with that. So does an argument, but only of what is called once, or could be called with nothing and is never given
    it: other functions are tools, and their defaults are no sizes of the design.
    """
    fill = Filling(uses, words)
    for name, function in uses.functions.items():
        found = fill.arguments(name, _arguments(function), uses.calls.get(name, []))
        yield from (replace(each, only_run=True) for each in found)
    for name, definition in uses.classes.items():
        if not is_enum(definition) and not _marks(definition) & {*NOT_SETTINGS}:
            yield from fill.of_class(name, definition)
    yield from fill.of_mappings()


class Filling:
    """What fills the slots of one script."""

    def __init__(self, uses: Uses, words: Vocabulary):
        self.uses, self.words = uses, words

    def of_class(self, name: str, definition: ast.ClassDef) -> Iterator[Constant]:
        """The literals in the fields of a class, in what its `__init__` sets, and in the arguments of its methods."""
        calls = self.uses.calls.get(name, [])
        fields = _fields(definition)
        times = self.uses.times_set(name, [each.name for each in fields])
        fields = [each for each in fields if not times[each.name]]
        if _marks(definition) & {*RECORDS}:
            inherited = [each for base in definition.bases for each in _inherited(self.uses, dotted(base))]
            yield from self.given(name, [*inherited, *(each for each in fields if each.annotation)], calls)
            return
        yield from self.given(name, fields, [])
        methods = self.uses.methods(name)
        if "__init__" in methods:
            first = methods["__init__"]
            yield from self.arguments(name, _arguments(first)[1:], calls)
            given = _set_in(first)
            times = self.uses.times_set(name, [each.name for each in given])
            yield from self.given(name, [each for each in given if times[each.name] == 1], [])
        for method, function in methods.items():
            calls = self.uses.calls.get(f"{name}.{method}", [])
            if not method.startswith("_") and not function.decorator_list:
                yield from self.arguments(f"{name}.{method}", _arguments(function)[1:], calls)

    def of_mappings(self) -> Iterator[Constant]:
        """The entries of `P = {"width": 80}` and `P = dict(width=80)`, unless P is a table to be looked up."""
        for owner, node, _, _ in assignments(self.uses):
            keys = self.uses.keys.get(owner, set())
            if owner in self.uses.gone_through or "" in keys:
                continue
            every = owner in self.uses.whole or not keys
            slots = [slot for slot in _entries(node) if every or slot.name in keys]
            yield from self.given(owner, slots, [])

    def arguments(self, owner: str, slots: Sequence[Slot], calls: Sequence[ast.Call]) -> Iterator[Constant]:
        """The literals that count as arguments of a function or method."""
        if len(calls) == 1:
            yield from self.given(owner, slots, calls)
        elif calls and all(slot.default is not None for slot in slots):
            given = [[_argument(call, at, slot.name) for call in calls] for at, slot in enumerate(slots)]
            left_out = [not any(each) for each in given]
            kept = [slot if out else replace(slot, name="_") for slot, out in zip(slots, left_out, strict=True)]
            yield from self.given(owner, kept, calls)

    def given(self, owner: str, slots: Sequence[Slot], calls: Sequence[ast.Call]) -> Iterator[Constant]:
        """The literals by which slots are filled, given the calls that run."""
        for at, slot in enumerate(slots):
            given = [_argument(call, at, slot.name) for call in calls]
            if slot.name.startswith("_") or any(isinstance(each, ast.Starred) for each in given):
                continue
            if not given or None in given:
                yield from self._constant(owner, slot, slot.default, slot.place)
            elif len(given) == 1 and (slot.default is not None or slot.annotation is not None):
                keyword = next((each for each in calls[0].keywords if each.value is given[0]), given[0])
                place = Place(calls[0], keyword.lineno, given[0])  # type: ignore[union-attr, arg-type]
                yield from self._constant(owner, slot, given[0], place, slot.place)

    def _constant(self, owner: str, slot: Slot, node: ast.expr | None, *places: Place) -> Iterator[Constant]:
        value = self.words.value(node) if node is not None else None
        if node is not None and value is not None:
            resizable = isinstance(node, ast.List) and slot.name not in self.uses.taken_apart
            yield Constant(f"{owner}.{slot.name}", value, node, places, slot.annotation, owner, resizable)


def _inherited(uses: Uses, base: str) -> list[Slot]:
    """Slots that only take up the places of a base's fields in a call: those belong to the base."""
    fields = _fields(uses.classes[base]) if base in uses.classes else []
    return [replace(each, name="_") for each in fields if each.annotation]


def _argument(call: ast.Call, at: int, name: str) -> ast.expr | None:
    """What a call gives a slot: its expression, None for nothing, a starred one when that cannot be known."""
    starred = [each for each in call.args if isinstance(each, ast.Starred)]
    if starred or any(keyword.arg is None for keyword in call.keywords):
        unknown = next(iter(starred), None) or ast.Starred(value=call.func, ctx=ast.Load())
        return unknown
    if at < len(call.args):
        return call.args[at]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _arguments(function: Function) -> list[Slot]:
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
    defaults += [*args.defaults, *args.kw_defaults]
    return [
        Slot(each.arg, default, Place(function, each.lineno, default or each), each.annotation)  # type: ignore[arg-type]
        for each, default in zip([*positional, *args.kwonlyargs], defaults, strict=True)
    ]


def _fields(definition: ast.ClassDef) -> list[Slot]:
    """The names a class body sets once, in order; a default in `field(default=…)` counts as the field's."""
    slots: dict[str, list[Slot]] = {}
    for statement in definition.body:
        place = Place(definition, statement.lineno, statement)
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            slot = Slot(statement.target.id, _unwrapped(statement.value), place, statement.annotation)
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            slot = Slot(statement.targets[0].id, statement.value, place, None)
        else:
            continue
        slots.setdefault(slot.name, []).append(slot)
    return [found[0] for found in slots.values() if len(found) == 1]


def _unwrapped(value: ast.expr | None) -> ast.expr | None:
    """The literal in `field(default=80)` and `field(default_factory=lambda: [1, 2])`."""
    if not isinstance(value, ast.Call) or not dotted(value.func).lower().endswith(("field", "attrib", "ib")):
        return value
    found = next((each.value for each in value.keywords if each.arg in FACTORIES), None)
    found = found or next(iter(value.args), None)
    return found.body if isinstance(found, ast.Lambda) else found


def _set_in(function: Function) -> list[Slot]:
    """What `__init__` sets once and unconditionally: `self.width = 80`."""
    body = ast.copy_location(ast.If(test=ast.Constant(True), body=function.body, orelse=[]), function)
    slots = []
    for statement in function.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Attribute):
            annotation = statement.annotation if isinstance(statement, ast.AnnAssign) else None
            if dotted(target) == f"self.{target.attr}":
                place = Place(body, statement.lineno, statement)
                slots.append(Slot(target.attr, statement.value, place, annotation))
    return slots


def _marks(definition: ast.ClassDef) -> set[str]:
    """The last words of a class's bases and decorators."""
    marks = [each.func if isinstance(each, ast.Call) else each for each in definition.decorator_list]
    return {dotted(each).rpartition(".")[2] for each in (*definition.bases, *marks)}


def _entries(node: ast.expr) -> Iterator[Slot]:
    pairs: list[tuple[object, int, ast.expr]] = []
    if isinstance(node, ast.Dict):
        texts = [(key, each) for key, each in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant)]
        pairs = [(key.value, key.lineno, value) for key, value in texts]
    elif isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in MAPPINGS and not node.args:
        pairs = [(keyword.arg, keyword.lineno, keyword.value) for keyword in node.keywords]
    times = Counter(name for name, _, _ in pairs)
    for name, line, value in pairs:
        is_entry = isinstance(name, str) and name.isidentifier() and times[name] == 1
        if is_entry and isinstance(node, ast.Dict | ast.Call):
            yield Slot(str(name), value, Place(node, line, value), None)
