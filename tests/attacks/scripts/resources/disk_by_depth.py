# ends: ok, script, output
import os

depth = 0
for _ in range(5000):
    try:
        os.mkdir("d")
        os.chdir("d")
        depth += 1
    except OSError:
        break
print("depth", depth)
