# ends: invalid
import os
import struct

text = b'{"ok": true, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
os.write(4, struct.pack("<IQ", 0, len(text)) + text)
os._exit(0)
