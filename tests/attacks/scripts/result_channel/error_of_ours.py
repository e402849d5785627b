# ends: script
import os
import struct

text = b'{"ok": false, "error": {"kind": "off", "message": ["a"], "file": {"x": 1}, "line": -5}}'
os.write(4, struct.pack("<IQ", 0, len(text)) + text)
os._exit(0)
