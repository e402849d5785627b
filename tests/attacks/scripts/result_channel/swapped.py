# ends: invalid, ok, script, crash
import os

with open("forged", "wb+") as forged:
    forged.write(b"glTF" * 1000)
    forged.flush()
    os.dup2(forged.fileno(), 4)
