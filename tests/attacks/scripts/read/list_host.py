# ends: ok
import os

from prelude import CHECKOUT, attempt

for place in [
    "/",
    "/etc",
    "/home",
    "/root",
    "/tmp",
    "/proc",
    "/proc/1",
    "/proc/self/fd",
    "/sys",
    "/dev",
    "/var",
    CHECKOUT,
]:
    attempt(place, os.listdir, place)
found = [path for path, folders, files in os.walk("/") if folders or files]
print("BREACH: walked" if found else "stopped: walk", found[:5])
