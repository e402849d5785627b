# ends: ok
import ctypes
import os
import sys

from prelude import ENGINE, SECRET, attempt

places = ["/etc/cron.d/x", "/x", "/tmp/x", "/dev/shm/x", "/var/tmp/x", "/model/x", "/scratch/x", SECRET, ENGINE]
places += [os.path.dirname(os.__file__) + "/x.py", os.path.dirname(ctypes.__file__) + "/__init__.py"]
places += [folder + "/sitecustomize.py" for folder in sys.path] + [sys.executable]
for place in places:
    for mode in ("wb", "ab", "r+b"):
        attempt(f"{mode} {place}", open, place, mode)
    attempt(f"truncate {place}", os.truncate, place, 0)
    attempt(f"remove {place}", os.remove, place)
    attempt(f"chmod {place}", os.chmod, place, 0o777)
