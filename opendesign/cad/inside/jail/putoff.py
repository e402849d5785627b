"""Puts off what build123d imports for one function each: sklearn and IPython cost a warm parent 0.5 s and 50 MB.

While the kernel warms up their names stand for nothing; the first call of one brings the real library.
"""

import importlib
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

PUT_OFF = ("sklearn", "IPython")


class Later:
    """A function or class of a library that is imported when it is first called or asked for something."""

    def __init__(self, module: str, name: str):
        self._place = module, name

    def _real(self) -> object:
        module, name = self._place
        return getattr(importlib.import_module(module), name)

    def __call__(self, *given: object, **named: object) -> object:
        return self._real()(*given, **named)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._real(), name)


class Module(types.ModuleType):
    """A module whose names all come later."""

    def __getattr__(self, name: str) -> Later:
        if name.startswith("__"):
            raise AttributeError(name)
        return Later(self.__name__, name)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the libraries before anything else does."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Returns a spec for what is put off and None for all else."""
        if name.partition(".")[0] in PUT_OFF:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Returns an empty package."""
        module = Module(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Leaves the module as it is."""


@contextmanager
def put_off() -> Iterator[None]:
    """Keeps the libraries from being imported meanwhile; afterwards whoever imports them gets the real ones."""
    finder = Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] in PUT_OFF]:
            del sys.modules[name]
