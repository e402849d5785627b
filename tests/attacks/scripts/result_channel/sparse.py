# ends: invalid, output
import os

try:
    os.ftruncate(4, 1 << 40)
    print("BREACH: a terabyte")
except OSError:
    os.ftruncate(4, 30 << 20)
os._exit(0)
