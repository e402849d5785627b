# ends: ok
import os
import signal

from prelude import attempt, call

me = os.getpid()
for pid in [0, -1, os.getppid() or 2, *range(2, 400)]:
    if pid != me:
        try:
            os.kill(pid, 0)
            print("BREACH: signalled", pid)
        except OSError:
            continue
attempt("group", os.killpg, os.getpgrp(), signal.SIGKILL) if os.getpgrp() != me else None
attempt("pidfd", os.pidfd_open, os.getppid() or 1)
call("tkill", 200, 2, 9)
call("tgkill", 234, 2, 2, 9)
call("rt_sigqueueinfo", 129, 2, 9, 0)
attempt("priority", os.setpriority, os.PRIO_PROCESS, 0, -10)
