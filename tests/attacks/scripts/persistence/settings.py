# ends: ok, script
import decimal
import gc
import locale
import os
import random
import resource
import signal
import sys
import time

import numpy

os.umask(0o777)
os.environ.update(PYTHONSTARTUP="poison.py", LD_PRELOAD="/model/work/poison.so", TZ="poison", POISON="poison")
time.tzset()
locale.setlocale(locale.LC_ALL, "C")
random.seed(7)
numpy.random.seed(7)
numpy.seterr(all="raise")
decimal.getcontext().prec = 1
sys.setrecursionlimit(60)
gc.disable()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
NO_MODEL = True
