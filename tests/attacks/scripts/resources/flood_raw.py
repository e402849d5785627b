# ends: ok, script, output, time
# seconds: 5
import os

try:
    while True:
        os.write(2, b"y" * (1 << 20))
except OSError:
    print("stopped")
