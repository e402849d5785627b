# ends: ok, invalid
import os

os.dup2(4, 1)
print("no record of any kind" * 100, flush=True)
os.write(4, b"\xff" * 1000)
