"""Lays a design's files out and lets its modules be imported, without shadowing anything real."""

import builtins
import importlib.abc
import importlib.machinery
import io
import os
import sys
import types
from collections.abc import Mapping, Sequence

from opendesign.cad.inside.failure import Failure


class RepositoryFinder(importlib.abc.MetaPathFinder):
    """Finds modules of the design; it comes last, so a `types.py` of the design never shadows the real one."""

    def __init__(self, folders: list[str]):
        self.folders = folders

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Returns the spec of a top-level module of the design."""
        return importlib.machinery.PathFinder.find_spec(name, self.folders) if path is None else None


def lay_out(root: str, files: Mapping[str, bytes]) -> None:
    """Writes the files below a root; names that would leave it are refused."""
    made = set()
    for name, content in files.items():
        steps = name.split("/")
        if name.startswith("/") or "\0" in name or ".." in steps or "" in steps or "." in steps:
            raise Failure("output", f"The file name {name!r} cannot be laid out.")
        path = os.path.join(root, *steps)
        folder = os.path.dirname(path)
        if folder not in made:
            os.makedirs(folder, exist_ok=True)
            made.add(folder)
        with open(path, "wb") as file:
            file.write(content)


def open_to_import(root: str, part: str) -> None:
    """Lets modules beside the script, above it, at the root and in src/ be imported."""
    own = os.path.dirname(os.path.join(root, part))
    above = os.path.dirname(own) if own != root else root
    folders = list(dict.fromkeys([own, root, os.path.join(root, "src"), above]))
    sys.dont_write_bytecode = True
    sys.path[:] = [path for path in sys.path if os.path.isabs(path)]
    for folder in folders:  # the libraries' finders stay: they have read their folders already, 5 ms
        sys.path_importer_cache.pop(folder, None)
    sys.meta_path.append(RepositoryFinder(folders))


def forget_modules(root: str) -> None:
    """Unloads the design's modules, so that a second attempt starts clean."""
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(root):
            del sys.modules[name]


def let_write(root: str) -> None:
    """Lets scripts write into the design's folders that are not laid out, as nothing in them can be read."""
    real = io.open

    def opened(file: object, mode: str = "r", *more: object, **options: object) -> object:
        try:
            return real(file, mode, *more, **options)
        except FileNotFoundError:
            folder = os.path.dirname(os.path.abspath(file)) if isinstance(file, str | os.PathLike) else ""
            if not set(mode) & set("wax") or not f"{folder}/".startswith(f"{root}/"):
                raise
        os.makedirs(folder, exist_ok=True)
        return real(file, mode, *more, **options)

    builtins.open = io.open = opened
