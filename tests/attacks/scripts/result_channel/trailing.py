# ends: invalid
import os
import struct

text = b'{"ok": true}'
os.write(4, struct.pack("<IQ", 0, len(text)) + text + b"\0" * 11)
os._exit(0)
