"""Stands in for viewers and editors: what they would show is captured instead."""

import builtins
import colorsys
import importlib.abc
import importlib.machinery
import itertools
import sys
import types
from collections.abc import Iterable, Iterator, Sequence

import cadquery as cq

from opendesign.cad.inside import diverting, waiting
from opendesign.cad.inside.capture import Capture

VIEWERS = {
    "cq_editor", "cq_server", "cq_viewer", "cq_vscode", "cadquery.vis", "Helpers", "jupyter_cadquery",
    "ocp_tessellate", "ocp_viewer", "ocp_vscode", "yacv_server", "OCP_vscode",
}  # fmt: skip
# What `from ocp_vscode import *` and its like bring; other names answer when asked for.
STARRED = (
    "show", "show_object", "show_all", "show_clear", "push_object", "show_objects", "reset_show", "set_port",
    "set_defaults", "set_viewer_config", "get_port", "status", "debug", "log", "Camera", "Collapse", "Render",
    "Animation", "ColorMap", "workspace_config", "save_screenshot", "cadquery_viewer", "open_viewer",
)  # fmt: skip
BARS = "tqdm"
GOLDEN = 0.618033988749895


class Anything:
    """A harmless object: called, asked, entered or gone through, it stays itself and does nothing."""

    def __init__(self, capture: Capture):
        self._capture = capture

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return shown_by(self._capture, name)

    def __call__(self, *_: object, **__: object) -> "Anything":
        return self

    def __enter__(self) -> "Anything":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __iter__(self):
        return iter(())

    def __getitem__(self, _: object) -> "Anything":
        return self


class Stage(types.ModuleType):
    """A viewer's module."""

    capture: Capture

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return shown_by(self.capture, name)


class Bar(Anything):
    """A bar of progress: it goes through what it is given, and shows nothing."""

    write = staticmethod(print)

    def __init__(self, things: Iterable | None = None, *_: object, **__: object):
        super().__init__(Capture("", ""))
        self._things = things if things is not None else ()

    def __iter__(self) -> Iterator:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)


class Bars(types.ModuleType):
    """The module `tqdm`, and each of its modules."""

    __all__ = ["tqdm", "trange"]
    tqdm = tqdm_notebook = Bar
    trange = tnrange = staticmethod(lambda *numbers, **_: Bar(range(*numbers)))


class ViewerFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds viewers that are neither installed nor part of the design."""

    def __init__(self, capture: Capture):
        self.capture = capture

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Returns a spec for viewers, bars of progress and what is inside them, None for all else."""
        if name.split(".")[0] in (*VIEWERS, BARS):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Returns a module in which every name exists."""
        if spec.name.split(".")[0] == BARS:
            return Bars(spec.name)
        return stage(spec.name, self.capture)

    def exec_module(self, module: types.ModuleType) -> None:
        """Does nothing: the module is complete."""


def stage(name: str, capture: Capture) -> Stage:
    """Returns a viewer's module that captures."""
    module = Stage(name)
    module.capture = capture
    module.__path__ = []
    module.__all__ = list(STARRED)
    return module


def shown_by(capture: Capture, name: str) -> object:
    """Returns what a name in a viewer's module stands for."""
    if name in ("show", "push_object", "show_objects", "display", "showcad"):
        return capture.view
    if name in ("show_object", "debug"):
        return getattr(capture, name)
    # `show_all` shows the variables, which are looked at when nothing else is shown.
    return Anything(capture)


def install(capture: Capture) -> None:
    """Puts the stand-ins in place: built-in names, viewers' modules and exporters."""
    hues = itertools.count()

    def rand_color(alpha: float = 1.0, cfloat: bool = False) -> tuple:
        """Returns a colour that differs from the last ones, the same in every run."""
        rgb = colorsys.hsv_to_rgb(next(hues) * GOLDEN % 1, 0.5, 0.8)
        return (*rgb, alpha) if cfloat else (*(round(part * 255) for part in rgb), alpha)

    builtins.cq = cq  # CQ-editor gives it, and some designs never import it
    builtins.show_object = capture.show_object
    builtins.debug = capture.debug
    builtins.log = print
    builtins.exit = builtins.quit = sys.exit  # the interpreter's own are made by `site`, which the jail leaves out
    builtins.rand_color = rand_color
    builtins.describe_parameter = lambda *_, **__: None
    sys.modules["cadquery.vis"] = cq.vis = stage("cadquery.vis", capture)
    sys.modules["cadquery.exporters"] = cq.exporters
    sys.modules["cadquery.importers"] = cq.importers
    sys.meta_path.append(ViewerFinder(capture))
    diverting.divert_exporters(capture)
    waiting.install()
