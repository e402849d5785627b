# ends: crash, script, invalid
import ctypes

from prelude import attempt

for address in range(id(attempt), id(attempt) + (64 << 20), 4096):
    ctypes.memset(address, 0xFF, 4096)
