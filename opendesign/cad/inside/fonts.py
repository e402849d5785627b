"""Gives every machine the same fonts: what `text()` draws must not depend on what an operator has installed.

DejaVu Sans, Sans Mono and Serif come with matplotlib, which CadQuery brings along; fonts in the design's own files are
read from there. The kernel has names such as Arial and Times stand for the nearest of these.
"""

import glob
import importlib.util
import os

from OCP.Font import Font_FontMgr

SHIPPED = ("mpl-data", "fonts", "ttf", "DejaVu*.ttf")


def settle() -> None:
    """Forgets the fonts of this machine and learns those that come with the engine. Raises FileNotFoundError."""
    manager = Font_FontMgr.GetInstance_s()
    manager.ClearFontDataBase()
    paths = shipped()
    if not paths:
        raise FileNotFoundError("the DejaVu fonts that come with matplotlib are missing")
    for path in paths:
        manager.RegisterFont(manager.CheckFont(path), True)


def shipped() -> list[str]:
    """Returns the paths of the fonts that come with the engine, without importing what brings them."""
    spec = importlib.util.find_spec("matplotlib")
    folder = os.path.dirname(spec.origin) if spec and spec.origin else ""
    return sorted(glob.glob(os.path.join(folder, *SHIPPED)))
