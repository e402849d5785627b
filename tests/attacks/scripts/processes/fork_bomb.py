# ends: ok, time
# seconds: 5
import os

for _ in range(20_000):
    try:
        if os.fork() == 0:
            print("BREACH: forked")
    except OSError:
        continue
