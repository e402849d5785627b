"""Puts off what build123d imports for one function each: sklearn and IPython cost a warm parent 0.5 s and 50 MB.

While the kernel warms up their names stand for nothing; the first call of one brings the real library.
"""

import importlib
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager

from opendesign.cad.inside.jail.vtkstandin import Finder

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


@contextmanager
def put_off() -> Iterator[None]:
    """Keeps the libraries from being imported meanwhile; afterwards whoever imports them gets the real ones."""
    finder = Finder(PUT_OFF, Module)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if finder.stands_for(name)]:
            del sys.modules[name]
