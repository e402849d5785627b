# ends: ok
import ctypes
import os

from prelude import LIBC, attempt

if LIBC.system(b"true") == 0:
    print("BREACH: system")
LIBC.popen.restype = ctypes.c_void_p
if LIBC.popen(b"id", b"r"):
    print("BREACH: popen")
pid = ctypes.c_int()
words = (ctypes.c_char_p * 2)(b"sh", None)
if LIBC.posix_spawn(ctypes.byref(pid), b"/bin/sh", None, None, words, None) == 0:
    print("BREACH: spawn")
for name in ("vfork", "daemon", "forkpty"):
    if getattr(LIBC, name)(0, 0) == 0 and name != "daemon":
        print("BREACH:", name)
LIBC.dlopen.restype = ctypes.c_void_p
attempt("execl", os.execlp, "sh", "sh", "-c", "echo BREACH")
