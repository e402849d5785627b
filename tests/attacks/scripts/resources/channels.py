# ends: ok, output, invalid, script
import os

for number in (1, 2, 4):
    for size in (1 << 30, 1 << 40, (1 << 63) - 1):
        try:
            os.ftruncate(number, size)
            print("BREACH: grown", number, size)
        except OSError as stopped:
            print("stopped", stopped)
        try:
            os.posix_fallocate(number, 0, size)
            print("BREACH: filled", number, size)
        except (OSError, OverflowError) as stopped:
            print("stopped", stopped)
