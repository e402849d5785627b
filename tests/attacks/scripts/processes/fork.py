# ends: ok
import multiprocessing
import os
import subprocess

from prelude import attempt, call

attempt("fork", os.fork)
attempt("forkpty", os.forkpty)
attempt("subprocess", subprocess.run, ["/bin/true"])
attempt("posix_spawn", os.posix_spawn, "/bin/sh", ["sh"], {})
attempt("popen", os.popen, "id")
attempt("multiprocessing", multiprocessing.Process(target=print).start)
if os.system("true") == 0:
    print("BREACH: system")
call("fork", 57)
call("vfork", 58)
call("clone", 56, 17, 0, 0, 0, 0)
call("clone3", 435, 0, 0)
