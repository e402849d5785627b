# ends: memory, crash
import os

kept = []
while True:
    kept.append(bytearray(os.urandom(1 << 16)) * 64)
