# ends: invalid
import os
import struct

text = b'{"ok": true, "shapes": [1, 2'
os.write(4, struct.pack("<IQ", 0, len(text)) + text)
os._exit(0)
