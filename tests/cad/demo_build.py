"""Builds the scripts named as arguments in this process and prints one JSON line for each.

It runs outside pytest: once OpenCASCADE's threads have worked, a process must not fork for the jail's tests.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.dont_write_bytecode = True

import cadquery as cq  # noqa: E402
from OCP.BRepCheck import BRepCheck_Analyzer  # noqa: E402
from OCP.OSD import OSD_ThreadPool  # noqa: E402
from OCP.TopLoc import TopLoc_Location  # noqa: E402


def shapes(shown: list[Any]) -> list[cq.Shape]:
    """Returns everything that was shown; what an assembly holds comes once for each place."""
    found: list[cq.Shape] = []
    for thing in shown:
        found += [each[0] for each in thing] if isinstance(thing, cq.Assembly) else thing.vals()
    return found


def solids(found: list[cq.Shape]) -> list[cq.Shape]:
    """Returns every different solid, without its place: assemblies wrap one solid in many compounds."""
    bare = [each.wrapped.Located(TopLoc_Location()) for shape in found for each in shape.Solids()]
    return [cq.Shape.cast(each) for each in {hash(each): each for each in bare}.values()]


def build(folder: Path, script: str) -> dict[str, Any]:
    """Runs one script with a stand-in for show_object and says what it showed."""
    shown: list[Any] = []
    names: list[str] = []

    def show_object(thing: Any, name: str = "", options: dict | None = None) -> None:
        shown.append(thing)
        names.append(name)

    for module in [name for name in sys.modules if (folder / f"{name}.py").exists()]:
        del sys.modules[module]
    sys.path.insert(0, str(folder))
    start = time.process_time()
    code = compile((folder / script).read_text("utf-8"), script, "exec")
    try:
        exec(code, {"__name__": "__main__", "show_object": show_object})
    finally:
        sys.path.remove(str(folder))
        own = [name for name, module in sys.modules.items() if is_in(folder, module)]
        for name in own:
            del sys.modules[name]
    seconds = time.process_time() - start
    found = shapes(shown)
    different = solids(found)
    return {
        "part": f"{folder.name}/{script}",
        "names": names,
        "seconds": round(seconds, 2),
        "instances": len(found),
        "valid": all(BRepCheck_Analyzer(solid.wrapped).IsValid() for solid in different),
        "single": bool(found) and all(len(shape.Solids()) == 1 for shape in found),
        "volume_mm3": round(sum(solid.Volume() for solid in different), 3),
    }


def is_in(folder: Path, module: Any) -> bool:
    """Tells whether a module was loaded from the folder."""
    return str(getattr(module, "__file__", None) or "").startswith(f"{folder}{os.sep}")


if __name__ == "__main__":
    OSD_ThreadPool.DefaultPool_s(1)
    for path in map(Path, sys.argv[1:]):
        print(json.dumps(build(path.parent, path.name)), flush=True)
