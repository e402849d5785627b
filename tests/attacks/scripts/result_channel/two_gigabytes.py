# ends: invalid, output, script, time
import os

try:
    for _ in range(2048):
        os.write(4, bytes(1 << 20))
    print("BREACH: 2 GB")
except OSError as stopped:
    print("stopped", stopped)
