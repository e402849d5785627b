# ends: invalid
import os
import struct

for number in range(10_000):
    os.write(4, struct.pack("<IQ", 5, 0) + b"%05d" % number)
text = b'{"ok": true}'
os.write(4, struct.pack("<IQ", 0, len(text)) + text)
os._exit(0)
