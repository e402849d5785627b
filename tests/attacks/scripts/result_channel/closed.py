# ends: invalid, script, crash
import os

for number in range(64):
    try:
        os.close(number)
    except OSError:
        continue
