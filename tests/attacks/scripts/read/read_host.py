# ends: ok
import os
from pathlib import Path

from prelude import CHECKOUT, SECRET, attempt

places = ["/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/ssl/openssl.cnf", SECRET, f"{CHECKOUT}/pyproject.toml"]
places += [f"{CHECKOUT}/opendesign/core/settings.py", f"{CHECKOUT}/.git/HEAD", "/root/.bashrc", "/var/lib/dpkg/status"]
places += [
    "/proc/self/environ",
    "/proc/self/maps",
    "/proc/1/environ",
    "/proc/1/cmdline",
    "/proc/version",
    "/proc/self/mem",
]
places += ["/sys/class/net/lo/address", "/proc/mounts", "/proc/self/mountinfo"]
for place in places:
    attempt(place, Path(place).read_bytes)
    attempt(place, os.open, place, os.O_RDONLY)
