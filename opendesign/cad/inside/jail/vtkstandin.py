"""Stands in for the VTK modules that CadQuery imports but building and exporting never call.

Importing the real ones takes 4 s and 200 MB of every warm parent.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence

STOOD_IN = ("vtkmodules", "vtk", "OCP.IVtkOCC", "OCP.IVtkVTK", "OCP.IVtk", "OCP.IVtkTools")


class Named(type):
    """A class whose attributes are further stand-ins, so that module-level lookups succeed."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return stand_in(f"{cls.__name__}.{name}")


def stand_in(name: str) -> type:
    """Returns a class that can be named but not called."""

    def refuse(cls: type, *_: object, **__: object) -> object:
        raise RuntimeError(f"{name} needs VTK, which is not available to models: it only draws on screens")

    return Named(name, (), {"__new__": refuse, "__module__": __name__})


class Module(types.ModuleType):
    """A module in which every name exists."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        made = stand_in(f"{self.__name__}.{name}")
        setattr(self, name, made)
        return made


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the stood-in modules before anything else does; each becomes an empty package of the given kind."""

    def __init__(self, names: Sequence[str], kind: type[types.ModuleType]):
        self.names = names
        self.kind = kind

    def stands_for(self, name: str) -> bool:
        """Says whether a module is stood in, by its own name or as part of a package."""
        return any(name == prefix or name.startswith(f"{prefix}.") for prefix in self.names)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Returns a spec for the stood-in modules and None for all others."""
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if self.stands_for(name) else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Returns an empty package."""
        module = self.kind(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Leaves the module as it is."""


def install() -> None:
    """Puts the stand-ins in front of the real modules, if there are any."""
    sys.meta_path.insert(0, Finder(STOOD_IN, Module))
