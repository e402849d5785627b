# ends: invalid
import os
import struct

text = b'{"ok": true, "volume": NaN}'
os.write(4, struct.pack("<IQ", 0, len(text)) + text)
os._exit(0)
