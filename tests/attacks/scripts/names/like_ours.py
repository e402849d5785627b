# ends: ok, script
import sys
import types

for name in ("opendesign", "opendesign.cad", "json", "os", "cadquery", "numpy", "OCP", "model"):
    sys.modules[f"{name}.poison"] = types.ModuleType("poison")
__name__ = "__main__"
__file__ = "/etc/passwd"
__builtins__ = None
