# ends: ok, invalid, crash
import os
import stat

for number in range(3, 1024):
    try:
        kind = os.fstat(number).st_mode
    except OSError:
        continue
    if stat.S_ISSOCK(kind) or stat.S_ISDIR(kind):
        print("BREACH: inherited", number, oct(kind))
    try:
        os.write(number, b"\xff" * 100)
        os.close(number)
    except OSError:
        continue
