# ends: ok
import fcntl
import os
import signal
import struct

from prelude import attempt

# A pipe that is written to signals its owner, whoever that was said to be: no call of kill's kin is needed.
reading, writing = os.pipe()
for pid in (os.getppid() or 1, 1, 2, -os.getpgrp()):
    attempt(f"owner {pid}", fcntl.fcntl, reading, fcntl.F_SETOWN, pid)
    attempt(f"owner {pid}, the newer way", fcntl.fcntl, reading, 15, struct.pack("ii", 1, pid))
attempt("which signal", fcntl.fcntl, reading, 10, signal.SIGKILL)
with open("mine", "w") as mine:
    attempt("lease", fcntl.fcntl, mine, fcntl.F_SETLEASE, fcntl.F_WRLCK)
folder = os.open(".", os.O_RDONLY)
attempt("watch a folder", fcntl.fcntl, folder, fcntl.F_NOTIFY, 1)
attempt("a large pipe", fcntl.fcntl, writing, 1031, 1 << 20)
