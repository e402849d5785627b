# ends: ok
import os
import signal

from prelude import attempt, call

attempt("new session", os.setsid)
attempt("group of the parent", os.setpgid, 0, os.getppid() or 1)
attempt("group of one", os.setpgid, 0, 1)
attempt("session of the parent", os.getsid, os.getppid() or 1)
for pid in (1, 2, -2, -os.getppid() or -3, 0x7FFFFFFF):
    for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, 0):
        if pid != os.getpid():
            attempt(f"{pid} {number}", os.kill, pid, number)
call("pidfd_send_signal", 424, 3, 9, 0, 0)
call("waitid", 247, 0, 1, 0, 1, 0)
call("wait4", 61, -1, 0, 1, 0)
