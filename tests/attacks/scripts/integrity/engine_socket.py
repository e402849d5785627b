# ends: ok
import os
import stat

from prelude import ENGINE, attempt

for number in range(1024):
    try:
        again = os.open(f"/proc/self/fd/{number}", os.O_RDWR)
    except OSError:
        continue
    # Its own output and its own word may be opened again; a socket, or a folder of anybody, must not be there.
    if number == 7 and stat.S_ISFIFO(os.fstat(again).st_mode):
        pass
    elif not stat.S_ISREG(os.fstat(again).st_mode) and not stat.S_ISCHR(os.fstat(again).st_mode):
        print("BREACH: opened", number, oct(os.fstat(again).st_mode))
    os.close(again)
attempt("engine", os.open, ENGINE, os.O_RDWR)
attempt("its folder", os.listdir, os.path.dirname(ENGINE))
