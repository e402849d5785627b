# ends: output, ok, invalid, script, crash, empty
# formats: viewer
import gc

from prelude import attempt

for thing in gc.get_objects():
    name = getattr(thing, "__qualname__", "")
    if callable(thing) and "deliver" in str(name):
        for file in ("../../x", "", "viewer", "a\nb"):
            try:
                thing(file, b"forged")
            except BaseException as stopped:
                print("stopped", stopped)
        attempt("more than allowed", thing, "viewer", bytes(64 << 20))
