# ends: ok, invalid, crash, script
import os
import sys

from prelude import attempt

jail = {name.rpartition(".")[2]: module for name, module in sys.modules.items() if ".inside.jail" in name}
for name in ("cage", "landlock", "linux", "seccomp", "warm", "work"):
    print("found", name, name in jail)
linux = jail.get("linux")
if linux:
    attempt("unmount", linux.unmount, "/proc")
if linux and os.getpid() == 0:
    attempt("mount", linux.mount, "tmpfs", "/tmp", "tmpfs")
