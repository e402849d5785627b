# ends: ok, crash, invalid
import atexit
import os
import sys
import weakref

from prelude import LIBC


class Late:
    def __del__(self):
        os.write(1, b"BREACH: after the end\n")


atexit.register(lambda: os.write(1, b"BREACH: at exit\n"))
sys.late = Late()
weakref.finalize(sys.late, lambda: os.write(1, b"BREACH: finalised\n"))
LIBC.__cxa_atexit(LIBC.abort, None, None)
