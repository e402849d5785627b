# ends: ok
import mmap
import os
import sys

import cadquery
from prelude import attempt

libraries = [path for path in sys.path if os.path.isdir(path)]
for place in (cadquery.__file__, os.__file__, "/usr/lib/x86_64-linux-gnu/libc.so.6"):
    if not os.path.exists(place):
        continue
    with open(place, "rb") as code:
        attempt(f"shared {place}", mmap.mmap, code.fileno(), 100, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        attempt(f"truncate {place}", os.ftruncate, code.fileno(), 0)
        attempt(f"write {place}", os.write, code.fileno(), b"x")
    for flags in (os.O_RDWR, os.O_WRONLY | os.O_TRUNC, os.O_WRONLY | os.O_APPEND, os.O_RDWR | os.O_CREAT):
        attempt(f"open {place}", os.open, place, flags)
for folder in libraries:
    attempt(f"nameless in {folder}", os.open, folder, os.O_TMPFILE | os.O_RDWR)
