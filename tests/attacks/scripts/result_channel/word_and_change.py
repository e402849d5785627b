# ends: ok, invalid
import os
import struct

FACTS = b'{"ok": true, "shapes": [], "total": {}, "warnings": []}'
os.write(4, struct.pack("<IQ", 0, len(FACTS)) + FACTS)
os.write(7, b"d")
# Whatever comes now must not change what has been said.
while True:
    try:
        os.pwrite(4, struct.pack("<IQ", 0, 1 << 40), 0)
    except OSError:
        continue
