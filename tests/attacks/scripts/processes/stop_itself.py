# ends: time, ok
# seconds: 1
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
