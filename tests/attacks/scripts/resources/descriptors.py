# ends: ok
import os

held = []
try:
    while len(held) < 100_000:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError as stopped:
    print("stopped", stopped)
if len(held) > 1000:
    print("BREACH:", len(held), "descriptors")
for descriptor in held:
    os.close(descriptor)
