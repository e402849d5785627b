"""Calls what a script offers to make, when it makes nothing by itself: functions and classes that need no arguments."""

import ast
import inspect
import types
from collections.abc import Callable, Iterator

from opendesign.cad.inside import leaf

# What people call the function that makes the thing; one of these is taken before all others.
CHIEF = ("main", "build", "make", "create", "model", "part", "assembly", "assemble", "result", "generate", "design")
METHODS = (
    "build",
    "make",
    "create",
    "model",
    "part",
    "assembly",
    "assemble",
    "generate",
    "solid",
    "shape",
    "cq_object",
)
MOST_CALLS = 50


def offered(variables: dict, source: bytes, path: str) -> Iterator[list[tuple[str, Callable]]]:
    """Yields names and makers: the chief ones, each alone, then all others that none but a chief calls."""
    makers: dict[str, Callable] = {}
    for name, value in variables.items():
        maker = maker_of(value) if not name.startswith("_") and is_own(value, path) else None
        if maker is not None:
            makers[name] = maker
    stem = path.rpartition("/")[2].removesuffix(".py")
    chiefs = [*CHIEF, stem, *(f"{word}_{stem}" for word in CHIEF)]
    leading = list(dict.fromkeys(name for name in chiefs if name in makers))
    for name in leading:
        yield [(name, makers[name])]
    inner = called_inside(source, leading)
    yield [(name, maker) for name, maker in makers.items() if name not in inner and name not in leading][:MOST_CALLS]


def is_own(value: object, path: str) -> bool:
    """Says whether a function or class was written in this script."""
    value = undecorated(value)
    if isinstance(value, types.FunctionType):
        return value.__code__.co_filename == path
    functions = (
        [each for each in vars(value).values() if isinstance(each, types.FunctionType)] if is_class(value) else []
    )
    return any(each.__code__.co_filename == path for each in functions)


def undecorated(value: object) -> object:
    """Returns the function that a decorator such as `lru_cache` has wrapped; what is wrapped in itself stays."""
    try:
        return inspect.unwrap(value) if callable(value) and not is_class(value) else value
    except ValueError:
        return value


def is_class(value: object) -> bool:
    """Says whether a value is a class."""
    return isinstance(value, type)


def maker_of(value: object) -> Callable | None:
    """Returns how to have a function or class make its shape; None if it needs arguments or makes none."""
    if not callable(value) or not needs_nothing(value):
        return None
    if not is_class(value):
        plain = undecorated(value)
        return None if inspect.iscoroutinefunction(plain) or inspect.isgeneratorfunction(plain) else value
    names = [name for name in METHODS if callable(getattr(value, name, None))]
    if not names and not hasattr(value, "wrapped"):
        return None
    return lambda: made_by(value(), names)


def made_by(thing: object, names: list[str]) -> object:
    """Returns what the first of a thing's methods that needs no arguments makes, else the thing."""
    for name in names:
        method = getattr(thing, name)
        if needs_nothing(method):
            made = method()
            return thing if made is None else made
    return thing


def needs_nothing(function: object) -> bool:
    """Says whether something can be called without arguments."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    loose = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return all(each.default is not each.empty or each.kind in loose for each in parameters)


def called_inside(source: bytes, passed: list[str]) -> set[str]:
    """Returns the names that the script's own functions and classes use, but for those in `passed`."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    definitions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    used: set[str] = set()
    for definition in definitions:
        if definition.name in passed:
            continue
        names = {node.id for node in ast.walk(definition) if isinstance(node, ast.Name)}
        used |= names - {definition.name}
    return used


def shapes_of(value: object) -> list[leaf.Leaf]:
    """Returns the leaves of what a maker has returned, nothing for what is no shape."""
    return [] if value is None or isinstance(value, str | bytes | int | float) else leaf.of(value, None)[0]
