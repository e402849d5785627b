# ends: crash
from prelude import LIBC

print("BREACH: x32", LIBC.syscall(0x40000000 + 39))
