# ends: time
# seconds: 1
import gc
import sys
import time

sys.setswitchinterval(1000)
gc.disable()
sys.setrecursionlimit(1 << 30)
try:
    time.sleep(1000)
finally:
    while True:
        pass
