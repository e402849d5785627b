# ends: empty, ok, geometry, script, invalid
# formats: viewer
import sys

from OCP import BRepGProp

# A job may lie about its own shape, to itself: the figures of nobody else's build change.
BRepGProp.BRepGProp.VolumeProperties_s = lambda *_: None
for name, module in list(sys.modules.items()):
    if name.startswith("opendesign.cad.inside"):
        for word in ("bulk", "measure", "meshes", "export", "shape_of"):
            if hasattr(module, word) and callable(getattr(module, word)):
                setattr(module, word, lambda *_, **__: None)
